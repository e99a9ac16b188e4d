"""worldorder trace: what moved one state in one run, in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.run import Out, Seed, Until, Workers
from worldorder.cli.start import start

if TYPE_CHECKING:
    from rich.console import Console

    from worldorder.results.job import Job
    from worldorder.results.trace import Trace

_MOST_TERMS = 3  # of a year


def trace_state(
    source: Annotated[
        list[str], typer.Argument(help="Folder of a finished run; or scenario, or files.")
    ],
    country: Annotated[str, typer.Option(help="State, by code or name.")],
    run: Annotated[int, typer.Option(help="Number of the run, from 0.")] = 0,
    quantity: Annotated[
        str,
        typer.Option(help="stance, align, oppose, trust, ideal_point, gdp, approval, orientation."),
    ] = "stance",
    toward: Annotated[
        str | None, typer.Option(help="Great power; by default the leading state.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Scenario of the folder; by default its last.")
    ] = None,
    until: Until = None,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
) -> None:
    """Say why a state turned: events and terms that moved it in one run, with their sizes."""
    start(workers)
    from rich.console import Console

    from worldorder.data.evidence import load_catalogue
    from worldorder.data.worlds import world_on
    from worldorder.plots.trace import plot_trace
    from worldorder.results.files import usable_folder, write_whole
    from worldorder.results.trace import trace, trace_table

    jobs = _jobs(source, scenario, run, seed, until)
    catalogue = load_catalogue(world_on(jobs[-1].scenario.start))
    leader = str(jobs[-1].frame.attributes["leading_state"])
    code, power = (
        catalogue.entities.country[catalogue.country(one)] for one in (country, toward or leader)
    )
    found = [trace(job, run, code, power, quantity) for job in jobs]
    folder = usable_folder(out or Path("runs") / f"trace-{jobs[-1].name}-{code}-{run}")
    table, figure = trace_table(found[-1]), plot_trace(found[-1])
    write_whole(folder / "trace.csv", lambda path: table.to_csv(path, index=False))
    write_whole(folder / "trace.svg", lambda path: figure.savefig(path, format="svg"))
    _print(found[-1], found[0] if len(found) > 1 else None, Console())
    typer.echo(f"Written to {folder}: trace.csv, trace.svg")


def _jobs(source: list[str], name: str | None, run: int, seed: int, until: str | None) -> list[Job]:
    """The scenario to trace, after its reference where it has one."""
    from worldorder.errors import InputError, did_you_mean
    from worldorder.results.files import open_results
    from worldorder.results.job import prepare_pair
    from worldorder.results.rerun import jobs_of
    from worldorder.scenarios import load_scenario

    if len(source) == 1 and (Path(source[0]).is_dir() or source[0].endswith(".nc")):
        jobs, differences = jobs_of(open_results(source[0]))
        for difference in differences:
            typer.echo(f"Note: {difference}", err=True)
        named = {job.name: job for job in jobs}
        chosen = name or jobs[-1].name
        if chosen not in named:
            raise InputError(f"no scenario {chosen!r} in this result", did_you_mean(chosen, named))
        return [jobs[0], named[chosen]] if chosen != jobs[0].name else [jobs[0]]
    return prepare_pair(load_scenario(*source, until=until), max(run, 0) + 1, seed)


def _print(found: Trace, reference: Trace | None, console: Console) -> None:
    from rich.table import Table

    from worldorder.results.trace import TOWARD

    toward = f" toward {found.toward}" if found.quantity in TOWARD else ""
    console.print(
        f"{found.state}{toward}, {found.quantity} ({found.unit}), run {found.run} of "
        f"{found.scenario}: {found.level[0]:.3g} in {found.when[0]:.0f} to "
        f"{found.level[-1]:.3g} in {found.when[-1]:.0f}",
        style="bold",
    )
    table = Table("year", "change", "terms that moved it most", "what happened", box=None)
    terms = found.by_year()
    for place, year in enumerate(found.years):
        moved = {name: float(values[place]) for name, values in terms.items()}
        table.add_row(str(year), _sized(sum(moved.values())), _largest(moved), _said(found, year))
    console.print(table)
    console.print(f"\nOver the whole run, {found.unit}", style="bold")
    theirs = reference.total() if reference else {}
    table = Table(
        "term", found.scenario, *([f"{reference.scenario}"] if reference else []), box=None
    )
    for name, size in found.total().items():
        table.add_row(name, _sized(size), *([_sized(theirs.get(name, 0.0))] if reference else []))
    console.print(table)


def _largest(moved: dict[str, float]) -> str:
    top = sorted(moved.items(), key=lambda one: -abs(one[1]))[:_MOST_TERMS]
    least = 0.05 * max((abs(size) for _, size in top), default=0.0)
    return "\n".join(f"{name} {_sized(size)}" for name, size in top if abs(size) > least)


def _said(found: Trace, year: int) -> str:
    sums: dict[tuple[str, str], float] = {}
    for one in found.happenings:
        if year <= one.when + 1e-6 < year + 1:
            key = one.what, one.unit
            sums[key] = sums.get(key, 0.0) + one.size
    return "\n".join(
        what if unit == "1" else f"{what} ({_sized(size)} {unit})"
        for (what, unit), size in sums.items()
    )


def _sized(size: float) -> str:
    """A change with its sign, to three digits: terms can be small."""
    return f"{size:+.3g}".replace("-", "\u2212")
