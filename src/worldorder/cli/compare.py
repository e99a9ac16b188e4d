"""worldorder compare: any number of scenarios side by side, and what a state gets of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.run import Out, Quiet, Runs, Seed, Until, Workers
from worldorder.cli.start import start

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console

    from worldorder.results.comparison import Comparison

Weight = Annotated[float, typer.Option(help="Weight in the decision table; 0 leaves it out.")]


def compare_scenarios(
    names: Annotated[
        list[str],
        typer.Argument(help="Scenarios or files; or one folder of a finished comparison."),
    ],
    reference: Annotated[str, typer.Option(help="What all are compared with.")] = "baseline",
    state: Annotated[
        str | None, typer.Option(help="Whose decision it is; by default the leading state.")
    ] = None,
    income: Weight = 1.0,
    security: Weight = 1.0,
    influence: Weight = 1.0,
    runs: Runs = 200,
    seed: Seed = 1,
    until: Until = None,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios run by run: orders by year, differences, dominance, a decision table."""
    from rich.console import Console

    from worldorder.results.comparison import compare_many
    from worldorder.results.files import usable_folder

    start(workers)
    finished = _finished(names)
    folder = usable_folder(out or (finished or Path("runs") / "-".join(("compare", *names))))
    if finished:
        results, reference = _opened(finished)
    else:
        results = _run(names, reference, runs, seed, until, folder, quiet)
    weights = {"income": income, "security": security, "influence": influence}
    code = _code(state, results[reference])
    found = compare_many(results, reference, code, weights)
    _write(found, results, folder)
    _print(found, Console())


def _finished(names: list[str]) -> Path | None:
    from worldorder.results.files import RESULT_NAME

    path = Path(names[0])
    is_result = path.is_dir() and (path / RESULT_NAME).is_file()
    return path if len(names) == 1 and is_result else None


def _opened(folder: Path) -> tuple[dict[str, xr.Dataset], str]:
    from worldorder.results.compare import datasets
    from worldorder.results.files import open_results

    results = datasets(open_results(folder))
    return results, next(iter(results))


def _run(
    names: list[str],
    reference: str,
    runs: int,
    seed: int,
    until: str | None,
    folder: Path,
    quiet: bool,
) -> dict[str, xr.Dataset]:
    from worldorder.cli.run import results_of
    from worldorder.results.job import prepare_together
    from worldorder.scenarios import load_scenario
    from worldorder.scenarios.loader import changed

    wanted = [reference, *(name for name in names if name != reference)]
    scenarios = [load_scenario(name, until=until) for name in dict.fromkeys(wanted)]
    start, end = str(scenarios[-1].start), str(scenarios[-1].until)
    if scenarios[0].start != scenarios[-1].start:  # the reference sets out with the others
        scenarios[0] = changed(scenarios[0], start=start, until=end)
    jobs = prepare_together(scenarios, runs, seed, scenarios[0], None)
    return results_of(jobs, folder, quiet)


def _code(state: str | None, dataset: xr.Dataset) -> str:
    from worldorder.data.evidence import load_catalogue
    from worldorder.data.worlds import world_on
    from worldorder.results.compare import first_mark

    if state is None:
        return str(dataset.attrs["leading_state"])
    catalogue = load_catalogue(world_on(first_mark(dataset)))
    return catalogue.entities.country[catalogue.country(state)]


def _write(found: Comparison, results: dict[str, xr.Dataset], folder: Path) -> None:
    import csv
    import io

    from worldorder.plots.orders import plot_order_probabilities
    from worldorder.results.comparison import comparison_json, order_rows
    from worldorder.results.files import text_writer, write_whole

    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["scenario", "year", "order", "share_of_runs"])
    writer.writerows(order_rows(found))
    texts = {"comparison.json": comparison_json(found), "orders.csv": table.getvalue()}
    for name, text in texts.items():
        write_whole(folder / name, text_writer(text))
    for name, dataset in results.items():
        figure = plot_order_probabilities(dataset, name)
        write_whole(
            folder / f"orders-{name}.svg",
            lambda path, figure=figure: figure.savefig(path, format="svg"),
        )
    typer.echo(f"Written to {folder}: {', '.join(texts)} and a figure for each scenario", err=True)


def _print(found: Comparison, console: Console) -> None:
    from rich.table import Table

    from worldorder.plots.numbers import interval, signed

    console.print(f"Orders, each read beside 1816-2024, {found.runs} runs", style="bold")
    years = [year for year in found.years if (year - found.years[0]) % 5 == 0]
    table = Table("scenario", "order", *map(str, years), box=None)
    for name, shares in found.probabilities.items():
        for label, values in shares.items():
            shown = [values[found.years.index(year)] for year in years]
            if max(values) > 0:
                table.add_row(name, label, *(f"{share:.0%}" for share in shown))
    console.print(table)
    console.print(f"\nDifferences from {found.reference}, 80 % of runs in brackets", style="bold")
    table = Table("scenario", "what", "unit", "year", "difference", "clear from", box=None)
    for line in found.lines:
        band = line.difference
        if band.low_95 == band.high_95 == 0:
            continue
        text = f"{signed(band.median)} ({interval(band.low_80, band.high_80)})"
        clear = str(line.clear_from or "")
        table.add_row(line.scenario, line.measure, line.unit, str(line.year), text, clear)
    console.print(table)
    _print_decision(found, console)


def _print_decision(found: Comparison, console: Console) -> None:
    from rich.table import Table

    from worldorder.plots.numbers import interval, signed
    from worldorder.results.decision import OBJECTIVES, UNITS

    weights = ", ".join(f"{name} {weight:g}" for name, weight in found.weights.items())
    console.print(f"\nFor {found.state} (weights: {weights}), last five years", style="bold")
    heads = [f"{name}, {UNITS[name]}" for name in OBJECTIVES]
    table = Table("scenario", *heads, "score", "best in", "regret", box=None)
    for choice in found.choices:
        cells = [
            f"{signed(band.median)} ({interval(band.low_80, band.high_80)})"
            for band in (*choice.differences.values(), choice.score)
        ]
        table.add_row(choice.scenario, *cells, f"{choice.best:.0%}", f"{choice.regret:.2f}")
    console.print(table)
    for better, worse, how in found.dominance:
        console.print(f"{better} is better than {worse} {how}.")
