"""worldorder hindcast: forecast years already known, score, and write how far to trust it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worldorder.cli.start import start

if TYPE_CHECKING:
    import pandas as pd

    from worldorder.inference.hindcast.run import Asked, Hindcast

DEFAULT_ORIGINS = "2000,2005,2010,2015"


def _years(text: str) -> list[int]:
    from worldorder.errors import InputError

    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError(
            f"{text!r} is no list of years", f"Write for example {DEFAULT_ORIGINS}."
        ) from None


def hindcast_origins(
    origins: Annotated[
        str, typer.Option("--from", help="Last years that are known, with commas between.")
    ] = DEFAULT_ORIGINS,
    targets: Annotated[
        str | None, typer.Option(help="Targets, with commas between; by default all.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Runs from each origin.")] = 400,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn.")] = 1,
    without: Annotated[
        str | None, typer.Option(help="Mechanisms to switch off, with commas between.")
    ] = None,
    variants: Annotated[
        bool, typer.Option("--variants", help="Say what each mechanism adds, in place of gates.")
    ] = False,
    variant: Annotated[
        list[str] | None, typer.Option(help="Only these variants; by default all.")
    ] = None,
    gates: Annotated[
        Path | None, typer.Option(help="File of gates; by default the shipped one.")
    ] = None,
    votes: Annotated[
        Path | None, typer.Option(help="Folder or file with records of votes, to score them too.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processors; by default all.")] = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("hindcast"),
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Forecast 2000-2024 from worlds that did not know it, and score beside naive forecasts."""
    from worldorder.inference.hindcast.files import (
        check_gates,
        write_page,
        write_record,
        write_tables,
    )
    from worldorder.inference.hindcast.gates import read_gates
    from worldorder.inference.hindcast.run import asked_for
    from worldorder.results.files import usable_folder

    start(workers)
    wanted = targets.split(",") if targets else None
    off = without.split(",") if without else ()
    asked = asked_for(_years(origins), wanted, runs, seed, off)
    if variants or variant:
        write_variants(asked, variant, usable_folder(out), votes, quiet)
        return
    judges = read_gates(gates)
    folder = usable_folder(out)
    check_gates(judges, folder)
    found = _with_progress(asked, judges, folder, quiet, _records(votes))
    written = [*write_tables(found, folder), write_record(found, judges, folder)]
    written += [*write_page(found, judges, folder), *draw(found, folder)]
    print_verdicts(found)
    typer.echo(f"\nWritten to {folder}: {', '.join(file.name for file in written)}")


def write_variants(
    asked: Asked, names: list[str] | None, folder: Path, votes: Path | None, quiet: bool
) -> None:
    """What each mechanism adds to skill: `variants.csv`, `variants.md`."""
    import datetime
    import shutil

    from worldorder import __version__
    from worldorder.cli.progress import with_bar
    from worldorder.inference.hindcast.variants import (
        UNFINISHED,
        chosen_variants,
        contributions,
    )
    from worldorder.inference.hindcast.variants_page import variants_page
    from worldorder.results.files import text_writer, write_whole

    wanted, records = chosen_variants(names), _records(votes)
    table = with_bar(
        f"Running {len(wanted)} variants from {len(asked.origins)} origins",
        len(wanted) * len(asked.origins),
        lambda progress: contributions(asked, wanted, folder, progress, records),
        lambda done: typer.echo(
            f"Stopped: {done} variants are kept in {folder}. The same command goes on from there.",
            err=True,
        ),
        quiet,
    )
    record = {
        "origins": asked.origins, "runs": asked.runs, "seed": asked.seed, "version": __version__,
        "made": datetime.date.today().isoformat(),
    }  # fmt: skip
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    write_whole(folder / "variants.csv", text_writer(text))
    write_whole(folder / "variants.md", text_writer(variants_page(table, record)))
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
    typer.echo(f"Written to {folder}: variants.csv, variants.md")


def _records(votes: Path | None) -> pd.DataFrame | None:
    from worldorder.data.voting.records import read_votes
    from worldorder.inference.hindcast.vote_targets import votes_by_title

    return None if votes is None else votes_by_title(read_votes(votes))


def _with_progress(
    asked: Any, judges: Any, folder: Path, quiet: bool, votes: pd.DataFrame | None
) -> Hindcast:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from worldorder.inference.hindcast.run import hindcast

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        tasks = {
            str(origin): progress.add_task(f"From {origin}", total=asked.runs)
            for origin in asked.origins
        }
        try:
            return hindcast(
                asked, judges, folder, lambda at, runs: progress.advance(tasks[at], runs), votes
            )
        except KeyboardInterrupt:
            done = sum(int(task.completed) for task in progress.tasks)
            typer.echo(
                f"Stopped: {done} of {asked.runs * len(asked.origins)} runs are finished and kept "
                f"in {folder}. The same command goes on from there.",
                err=True,
            )
            raise


def draw(found: Hindcast, folder: Path) -> list[Path]:
    """Plots that have something to show, as SVG."""
    from worldorder.plots.hindcast import pit_figure, reliability_figure, skill_figure
    from worldorder.results.files import write_whole

    made = {
        name: figure(table)
        for name, figure, table in (
            ("skill", skill_figure, found.skill),
            ("pit", pit_figure, found.pit),
            ("reliability", reliability_figure, found.reliability),
        )
        if len(table)
    }
    return [
        write_whole(
            folder / f"{name}.svg",
            lambda file, f=figure: f.savefig(file, format="svg", metadata={"Date": None}),
        )
        for name, figure in made.items()
    ]


def print_verdicts(found: Hindcast) -> None:
    """Gates lost first, then those passed, then those that nothing could judge."""
    from rich.console import Console
    from rich.table import Table

    counts = found.verdicts["verdict"].value_counts()
    title = ", ".join(f"{counts.get(kind, 0)} {kind}" for kind in ("lost", "passed", "not judged"))
    table = Table(title=f"Gates: {title}", title_justify="left")
    for column in ("gate", "score", "threshold", "value", "95 % interval", "verdict"):
        table.add_column(column)
    order = {"lost": 0, "passed": 1, "not judged": 2}
    ordered = found.verdicts.sort_values("verdict", key=lambda v: v.map(order))
    for row in ordered.to_dict("records"):
        known = row["verdict"] != "not judged"
        value, low, high = (
            f"{row[name]:.3f}" if known else "" for name in ("value", "low", "high")
        )
        band = f"{low} to {high}" if known else ""
        plain = (row[name] for name in ("gate", "score", "threshold"))
        table.add_row(*(str(cell) for cell in (*plain, value, band, row["verdict"])))
    Console().print(table)
