"""A scenario as text, whole: all that its files say together, so that it can be run from itself."""

from __future__ import annotations

import io

from ruamel.yaml import YAML

from worldorder.scenarios.schema import Scenario


def scenario_text(scenario: Scenario) -> str:
    """YAML of a scenario as it was run; `scenario_from_text` gives the same scenario back."""
    content = scenario.model_dump(mode="json", exclude_defaults=True, exclude={"extends"})
    levers = [
        {"type": lever.type, **lever.model_dump(mode="json", exclude_defaults=True)}
        for lever in scenario.levers
    ]
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    writer.dump(content | ({"levers": levers} if levers else {}), stream)
    return stream.getvalue()


def scenario_from_text(text: str) -> Scenario:
    """The scenario that `scenario_text` wrote."""
    return Scenario.model_validate(YAML(typ="safe", pure=True).load(text))
