"""worldorder sensitivity: which uncertain numbers an outcome hangs on, and what share is noise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.run import Out, Quiet, Scenarios, Seed, Until, Workers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from worldorder.inference.sensitivity.ensemble import Question
    from worldorder.inference.sensitivity.study import Found, Plan

STAGES = {
    "screen": "Screening every parameter",
    "swings": "Swinging those that matter",
    "sobol": "Apportioning the variance",
}


def analyse_sensitivity(
    scenario: Scenarios,
    outcome: Annotated[str, typer.Option(help="Variable of a result, or voting_distance.")],
    of: Annotated[list[str] | None, typer.Option(help="States, groups or bodies.")] = None,
    measured: Annotated[str, typer.Option(help="mean, sum, share, lowest, highest.")] = "mean",
    year: Annotated[int | None, typer.Option(help="Year; by default the last.")] = None,
    level: Annotated[
        bool, typer.Option("--level", help="The outcome itself, not its difference.")
    ] = False,
    trajectories: Annotated[int, typer.Option(help="Of the Morris screen.")] = 10,
    samples: Annotated[int, typer.Option(help="Base samples of Sobol, a power of two.")] = 128,
    repeats: Annotated[int, typer.Option(help="Numbers of chance for each swing.")] = 16,
    most: Annotated[int, typer.Option(help="Most parameters that the screen keeps.")] = 10,
    until: Until = None,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Morris screen, tornado and Sobol indices of an outcome; noise and the rest among them."""
    from worldorder.cli.start import start
    from worldorder.inference.claims.schema import Reading
    from worldorder.inference.sensitivity.ensemble import question_of
    from worldorder.inference.sensitivity.study import Plan, Stopped
    from worldorder.results.files import usable_folder
    from worldorder.results.unfinished import Unfinished
    from worldorder.scenarios import load_scenario

    plan = Plan(trajectories, samples, repeats, most, 0.05, seed)
    start(workers)
    end = f"{until}-01-01" if until and until.isdigit() else until
    asked = load_scenario(*scenario, until=end)
    reading = Reading.model_validate({"quantity": outcome, "of": of, "measured": measured})
    question = question_of(asked, reading, year or asked.until.year, seed, level)
    folder = usable_folder(out or Path("runs") / f"sensitivity-{asked.name}-{outcome}")
    try:
        found = _studied(question, plan, folder, quiet)
    except Stopped as stop:
        written = write_found(stop.found, question.label, folder)
        done = ", ".join(file.name for file in written) or "no table yet"
        typer.echo(
            f"Stopped. Written from what is finished: {done}. The same command goes on from there.",
            err=True,
        )
        raise
    written = write_found(found, question.label, folder)
    print_found(found, question.label)
    Unfinished(folder / ".unfinished", "").clear()
    typer.echo(f"Written to {folder}: {', '.join(file.name for file in written)}")


def _studied(question: Question, plan: Plan, folder: Path, quiet: bool) -> Found:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from worldorder.inference.sensitivity.study import study

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        tasks = {name: progress.add_task(text, total=None) for name, text in STAGES.items()}
        return study(
            list(question.factors),
            plan,
            question.evaluate,
            question.digest,
            folder / ".unfinished",
            lambda stage, done, total: progress.update(tasks[stage], completed=done, total=total),
        )


def write_found(found: Found, label: str, folder: Path) -> list[Path]:
    """Tables as CSV, plots as PNG and SVG, of the stages that are there."""
    from worldorder.plots.sensitivity import plot_sobol, plot_tornado
    from worldorder.results.files import text_writer, write_whole

    written: list[Path] = []
    for name, table in (
        ("screen", found.screen),
        ("tornado", found.swings),
        ("sobol", found.sobol),
    ):
        if table is not None:
            text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
            written.append(write_whole(folder / f"{name}.csv", text_writer(text)))
    if found.swings is not None:
        written += _drawn(plot_tornado(found.swings, label), "tornado", folder)
    if found.sobol is not None:
        written += _drawn(plot_sobol(found.sobol, label), "sobol", folder)
    return written


def _drawn(figure: Figure, name: str, folder: Path) -> list[Path]:
    from worldorder.plots.style import house_style
    from worldorder.results.files import write_whole

    def save(path: Path, kind: str) -> None:
        with house_style():
            metadata = {"Date": None} if kind == "svg" else None
            figure.savefig(path, format=kind, dpi=200, metadata=metadata)

    return [
        write_whole(folder / f"{name}.{kind}", lambda path, k=kind: save(path, k))
        for kind in ("png", "svg")
    ]


def print_found(found: Found, label: str) -> None:
    """Total and first-order indices, and the share of noise in words."""
    from rich.console import Console
    from rich.table import Table

    from worldorder.inference.sensitivity.design import CHANCE, REST

    if found.sobol is None or found.screen is None:
        return
    table = Table(
        "factor", "alone", "with interactions", title=label, title_justify="left", box=None
    )
    for row in found.sobol.to_dict("records"):
        cells = (
            f"{row[kind]:.2f} ± {row[f'{kind}_half_width']:.2f}"
            for kind in ("first_order", "total")
        )
        table.add_row(str(row["factor"]), *cells)
    Console().print(table)
    total = found.sobol.set_index("factor")["total"]
    typer.echo(
        f"{len(found.screen)} parameters screened, {len(found.kept)} kept. Share of the variance "
        f"that chance takes part in: {total[CHANCE]:.0%}; that the parameters left out take part "
        f"in: {total[REST]:.0%}."
    )
