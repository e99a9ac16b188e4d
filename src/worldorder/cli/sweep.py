"""worldorder sweep: a scenario over lever values. worldorder branch: on from a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.progress import run_and_write
from worldorder.cli.run import Out, Quiet, Runs, Scenarios, Seed, Until, Workers
from worldorder.cli.start import start

if TYPE_CHECKING:
    from worldorder.inference.sweeps import Sweep


def sweep_levers(
    scenario: Scenarios,
    vary: Annotated[
        list[str],
        typer.Option(
            help="name=value,value: a parameter, or GROUP.field of levers; once or twice."
        ),
    ],
    quantity: Annotated[str, typer.Option(help="Variable of a result, or voting_distance.")],
    of: Annotated[list[str] | None, typer.Option(help="States, groups or bodies.")] = None,
    measured: Annotated[str, typer.Option(help="mean, sum, share, lowest, highest.")] = "mean",
    year: Annotated[int | None, typer.Option(help="Year; by default the last.")] = None,
    until: Until = None,
    runs: Runs = 64,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Run a scenario at several values and draw what changes: a line, or a heat map for two."""
    from worldorder.inference.claims.schema import Reading
    from worldorder.inference.sweeps import parse_axis, run_sweep, sweep_jobs
    from worldorder.results.files import usable_folder
    from worldorder.scenarios import load_scenario

    start(workers)
    axes = [parse_axis(text) for text in vary]
    asked = load_scenario(*scenario, until=until)
    folder = usable_folder(out or Path("runs") / f"sweep-{asked.name}")
    reading = Reading.model_validate({"quantity": quantity, "of": of, "measured": measured})
    jobs, points = sweep_jobs(asked, axes, runs, seed)
    when = year or asked.until.year
    run_and_write(
        f"Running {len(points)} points",
        jobs,
        lambda kept, progress: run_sweep(jobs, axes, points, reading, when, kept, progress),
        lambda found: _write(found, folder),
        folder,
        quiet,
    )


def _write(found: Sweep, folder: Path) -> None:
    import csv
    import io

    from rich.console import Console
    from rich.table import Table

    from worldorder.inference.claims.quantities import unit_of
    from worldorder.plots.numbers import interval, signed
    from worldorder.plots.sweeps import plot_sweep_line, plot_sweep_map
    from worldorder.results.files import text_writer, write_whole

    names = [axis.name for axis in found.axes]
    label = f"{found.reading.quantity} {found.year}, difference ({unit_of(found.reading)})"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*names, "median", "low_80", "high_80", "low_95", "high_95"])
    table = Table(*names, label, "80 % of runs", "95 % of runs", box=None)
    for point in found.points:
        one, at = point.difference, [f"{value:g}" for value in point.at]
        writer.writerow([*at, one.median, one.low_80, one.high_80, one.low_95, one.high_95])
        inner, outer = interval(one.low_80, one.high_80), interval(one.low_95, one.high_95)
        table.add_row(*at, signed(one.median), inner, outer)
    Console().print(table)
    write_whole(folder / "sweep.csv", text_writer(text.getvalue()))
    if len(found.axes) > 2:
        typer.echo(f"Written to {folder}: sweep.csv (no figure for more than two)")
        return
    if len(found.axes) == 1:
        bands = [point.difference for point in found.points]
        figure = plot_sweep_line(found.axes[0].values, bands, names[0], label)
    else:
        rows, columns = (axis.values for axis in found.axes)
        figure = plot_sweep_map(found.medians, rows, columns, (names[0], names[1]), label)
    write_whole(folder / "sweep.svg", lambda path: figure.savefig(path, format="svg"))
    typer.echo(f"Written to {folder}: sweep.csv, sweep.svg")


def branch_result(
    result: Annotated[Path, typer.Argument(help="Folder of a finished run, or its result file.")],
    added: Annotated[list[str], typer.Argument(help="Files with levers from the date on.")],
    at: Annotated[str, typer.Option(help="Date, or year, from which the branch differs.")],
    scenario: Annotated[
        str | None, typer.Option(help="Scenario of the result; by default its last.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Another end, year or date.")] = None,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Go on from a date of a finished run with other levers, paired with the run it leaves."""
    import datetime

    from rich.console import Console

    from worldorder.cli.run import results_of
    from worldorder.errors import InputError
    from worldorder.report.table import print_job
    from worldorder.results.branch import branch_jobs, check_branch
    from worldorder.results.compare import datasets, first_mark
    from worldorder.results.files import open_results, usable_folder
    from worldorder.scenarios import load_scenario
    from worldorder.scenarios.loader import first_day

    start(workers)
    try:
        date = datetime.date.fromisoformat(first_day(at))
    except ValueError:
        raise InputError(f"{at!r} is not a date", "Write 2030 or 2030-07-01.") from None
    left = datasets(open_results(result))
    layer = load_scenario(*added, start=first_mark(next(iter(left.values()))), until=until)
    end = layer.until if until else None
    jobs, notes = branch_jobs(left, scenario, date, layer, end)
    for note in notes:
        typer.echo(f"Note: {note}", err=True)
    folder = usable_folder(out or Path("runs") / jobs[-1].name)
    results = results_of(jobs, folder, quiet)
    trunk, grown = results.values()
    check_branch(trunk, grown, date)
    print_job(results, Console())
