"""`worldorder scenarios`: what there is to ask, what a file says, whether it can be used."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated

import typer

from worldorder.scenarios import Scenario, library, load_scenario, reference_of
from worldorder.scenarios.deciding import first_trials, optimising
from worldorder.scenarios.schema import AnyLever, scenario_json_schema

scenarios = typer.Typer(help="Scenarios: list, show, check.", no_args_is_help=True)
Files = Annotated[
    list[str], typer.Argument(help="Names or files; a later one counts over an earlier.")
]
_FIELDS_SHOWN_APART = {"type", "actor", "date", "group", "source"}
_OBJECTS = {"target", "institution", "dataset"}


@scenarios.command("list")
def print_library() -> None:
    """List the scenarios that come with the package."""
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "question", box=None)
    for name in library():
        table.add_row(name, load_scenario(name).question)
    Console().print(table)


@scenarios.command("show")
def print_scenario(files: Files) -> None:
    """Show a scenario with all that it rests on, its levers by date."""
    from rich.console import Console

    scenario = load_scenario(*files)
    console = Console(highlight=False, markup=False)
    for line in _head(scenario):
        console.print(line)
    for lever in sorted(scenario.levers, key=lambda one: str(one.begins or "")):
        style = None if scenario.is_on(lever) else "dim"
        for line in _lines(scenario, lever):
            console.print(line, style=style, soft_wrap=True)


@scenarios.command("check")
def check_scenario(files: Files) -> None:
    """Check that files can be used together as one scenario."""
    from worldorder.data.evidence import load_catalogue
    from worldorder.data.worlds import world_on
    from worldorder.scenarios.compile import compile_together

    scenario = load_scenario(*files)
    reference = reference_of(scenario)
    tried = first_trials(scenario) if optimising(scenario) else [scenario]
    asked = [*tried, reference] if reference else tried
    compile_together(asked, load_catalogue(world_on(scenario.start)))
    on, all_levers = len(scenario.active_levers), len(scenario.levers)
    typer.echo(f"{scenario.name} can be used: {on} of {all_levers} levers are on,")
    typer.echo(f"{scenario.start} to {scenario.until} in {scenario.horizon.steps} steps,")
    typer.echo(f"compared with {reference.name if reference else 'itself'}.")


@scenarios.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    typer.echo(json.dumps(scenario_json_schema(), indent=2, ensure_ascii=False))


def _head(scenario: Scenario) -> Iterable[str]:
    reference = reference_of(scenario)
    yield f"{scenario.name}: {scenario.title}"
    for text in (scenario.question, scenario.description):
        if text:
            yield text
    yield ""
    steps = {1: "year", 4: "quarter", 12: "month"}[scenario.steps_per_year]
    yield f"time           {scenario.start} to {scenario.until} by {steps}"
    yield f"leading state  {scenario.leading_state}"
    if reference:
        yield f"compared with  {_with_switches(reference)}"
    for kind in ("switches", "parameters", "mechanisms"):
        for name, value in getattr(scenario, kind).items():
            yield f"{kind:<15}{name}: {_shown(value)}"
    yield ""


def _with_switches(scenario: Scenario) -> str:
    switches = ", ".join(f"{name} {_shown(on)}" for name, on in scenario.switches.items())
    return f"{scenario.name} ({switches})" if switches else scenario.name


def _lines(scenario: Scenario, lever: AnyLever) -> Iterable[str]:
    fields = lever.model_dump(exclude_defaults=True, exclude=_FIELDS_SHOWN_APART)
    how = "; ".join(
        _shown(value) if name in _OBJECTS else f"{name.replace('_', ' ')} {_shown(value)}"
        for name, value in fields.items()
    )
    switch = f"  [{lever.group}: {_shown(scenario.is_on(lever))}]" if lever.group else ""
    who = _shown(getattr(lever, "actor", ""))
    yield f"{lever.begins or 'by table'!s:<11} {lever.type:<14} {who:<5} {how}{switch}".rstrip()
    if lever.source:
        yield f"{'':<12}{lever.source}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
