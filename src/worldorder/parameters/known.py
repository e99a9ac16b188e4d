"""Parameters as they could be known at a past start: estimated on data to then, or refused.

`parameters/vintages/YEAR.yaml` holds what `worldorder estimate --to YEAR` found. A shipped value
counts at an origin only where its sample ended by then; an assumed value that rests on no sample
counts everywhere. Where neither is to be had, `vintages/prior.yaml` may hold a wide range that
rests on no data; a mechanism with a parameter that is in none of these is switched off.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from worldorder.parameters.loader import Parameter, Parameters, load_parameters


@dataclass(frozen=True)
class Known:
    """Parameters of an origin, and why a mechanism cannot run."""

    parameters: Parameters
    refused: Mapping[str, str]


FIRST_DAY = datetime.date(2025, 1, 1)  # of the shipped world


@cache
def start_days() -> tuple[datetime.date, ...]:
    """Days that a scenario may set out from: the shipped world's, and those of the vintages."""
    files = (resources.files("worldorder.parameters") / "vintages").iterdir()
    years = (file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml"))
    past = sorted(datetime.date(int(year) + 1, 1, 1) for year in years if year.isdigit())
    return (*past, FIRST_DAY)


@cache
def known_on(day: datetime.date) -> Known:
    """Parameters of a run from a day: those shipped, or for an earlier day those known by then."""
    return Known(load_parameters(), {}) if day == FIRST_DAY else parameters_known(day.year - 1)


@cache
def vintage(name: int | str) -> dict[str, dict[str, Parameter]]:
    """Parameters estimated on data to the end of a year, or `prior`; empty where none were."""
    file = resources.files("worldorder.parameters") / "vintages" / f"{name}.yaml"
    if not file.is_file():
        return {}
    entries = YAML(typ="safe").load(file.read_text("utf-8"))
    return {
        mechanism: {name: Parameter(**entry) for name, entry in named.items()}
        for mechanism, named in entries.items()
    }


def parameters_known(year: int, shipped: Parameters | None = None) -> Known:
    """Parameters that a forecast from the end of `year` may use."""
    estimated, prior = vintage(year), vintage("prior")
    used: dict[str, dict[str, Parameter]] = {}
    refused: dict[str, str] = {}
    for mechanism, named in (shipped or load_parameters()).items():
        then, wide = estimated.get(mechanism, {}), prior.get(mechanism, {})
        used[mechanism] = {
            name: _then(year, parameter, then.get(name), wide.get(name))
            for name, parameter in named.items()
        }
        late = [n for n, p in used[mechanism].items() if not was_known(p, year)]
        if late:
            last = max(used[mechanism][n].sample_end or 0 for n in late)
            shown = ", ".join(late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
            refused[mechanism] = (
                f"parameters of {mechanism} rest on data to {last} and were not estimated on data "
                f"to {year}: {shown}"
            )
    return Known(used, refused)


def was_known(parameter: Parameter, year: int) -> bool:
    """Whether the sample of a value ended by a year; a value from print needs its sample said."""
    if parameter.sample_end is None:
        return parameter.status == "assumed"
    return parameter.sample_end <= year


def _then(
    year: int, shipped: Parameter, estimated: Parameter | None, prior: Parameter | None
) -> Parameter:
    if estimated:
        return estimated
    return prior if prior and not was_known(shipped, year) else shipped
