"""worldorder estimate: parameters again from the record to a year, with their uncertainty."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from worldorder.inference.door.estimates import Estimates, Sources


def estimate_mechanisms(
    mechanism: Annotated[
        list[str] | None, typer.Argument(help="Mechanisms; by default all that can be estimated.")
    ] = None,
    to: Annotated[int, typer.Option(help="Last year that the estimates may know.")] = 2024,
    raw: Annotated[
        Path | None, typer.Option(help="Publishers' files, where the panel does not suffice.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("estimates"),
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave what the file of the year has already.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of posteriors and bootstraps.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Estimate parameters from data to a year: values, errors, covariances, samples.

    Without names, what the shipped panel and the packages installed do not suffice for is named and
    left out.
    """
    from worldorder.data.vintage import FIRST_ORIGIN
    from worldorder.errors import InputError
    from worldorder.inference.door.catalogue import ESTIMATED, estimator
    from worldorder.inference.door.estimates import Sources
    from worldorder.inference.door.write import read_text
    from worldorder.results.files import usable_folder

    if not FIRST_ORIGIN <= to <= 2024:
        raise InputError(
            f"--to {to} lies outside the record", f"Give a year from {FIRST_ORIGIN} to 2024."
        )
    if seed < 0:
        raise InputError(f"seed {seed} is below 0", "Give a whole number from 0 up.")
    names = mechanism or list(ESTIMATED)
    for name in names:
        estimator(name)
    folder = usable_folder(out)
    if resume:
        held = read_text(folder / f"{to}.yaml")
        names = [name for name in names if name not in held]
    _run(names, Sources(to, raw, seed=seed), folder, quiet, all_asked=not mechanism)


def _run(names: list[str], sources: Sources, folder: Path, quiet: bool, all_asked: bool) -> None:
    """Estimate one mechanism after the other; each is written as soon as it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    done: list[Estimates] = []
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("Estimating", total=len(names))
        try:
            for name in names:
                progress.update(task, description=f"Estimating {name}")
                done += _one(name, sources, folder, all_asked)
                progress.advance(task)
        except KeyboardInterrupt:
            typer.echo(
                f"Stopped: {len(done)} of {len(names)} mechanisms are kept in {folder}. "
                "The same command with --resume goes on from there.",
                err=True,
            )
            raise
    _print(done)
    _write_page(folder)
    typer.echo(
        f"Written to {folder / f'{sources.to}.yaml'}, with covariances and estimates.md beside it."
    )


def _one(name: str, sources: Sources, folder: Path, all_asked: bool) -> list[Estimates]:
    """What an estimator found, written; nothing where the record does not tell.

    Where all mechanisms were asked for, one that lacks files or a package is named and left out.
    """
    from worldorder.errors import ConvergenceError, DataError
    from worldorder.inference.door.catalogue import estimator
    from worldorder.inference.door.estimates import NeedsFilesError, TooThin

    try:
        found = estimator(name)(sources)
    except TooThin as why:
        typer.echo(f"{name}: not estimated to {sources.to}: {why}", err=True)
        return []
    except (NeedsFilesError, DataError, ConvergenceError) as why:
        if not all_asked:
            raise
        typer.echo(f"{name}: left out: {why.what}. {why.fix or ''}", err=True)
        return []
    _keep(found, folder, sources)
    if name == "trust":
        _keep_parts(sources, folder)
    return [found]


def _write_page(folder: Path) -> None:
    """The page of all years in the folder."""
    from worldorder.inference.door.page import estimates_page
    from worldorder.inference.door.write import read_text
    from worldorder.parameters.loader import Parameter
    from worldorder.results.files import write_whole

    by_year = {
        int(file.stem): {
            mechanism: {name: Parameter(**entry) for name, entry in named.items()}
            for mechanism, named in read_text(file).items()
        }
        for file in sorted(folder.glob("[12][0-9][0-9][0-9].yaml"))
    }
    text = estimates_page(by_year)

    def write(file: Path) -> None:
        file.write_text(text, "utf-8")

    write_whole(folder / "estimates.md", write)


def _keep(found: Estimates, folder: Path, sources: Sources) -> None:
    """Add what was found to the file of the year, which keeps the other mechanisms it holds."""
    from worldorder.inference.door.estimates import Estimates
    from worldorder.inference.door.write import parameter_text, read_text, write_covariance
    from worldorder.parameters.loader import Parameter
    from worldorder.results.files import write_whole

    path = folder / f"{sources.to}.yaml"
    command = f"worldorder estimate --to {sources.to} --seed {sources.seed}"
    held = [
        Estimates(m, {n: Parameter(**e) for n, e in named.items()}, (), found.covariance, 0)
        for m, named in read_text(path).items()
        if m != found.mechanism
    ]
    text = parameter_text(sorted([*held, found], key=lambda e: e.mechanism), command)

    def write(file: Path) -> None:
        file.write_text(text, "utf-8")

    write_whole(path, write)
    write_covariance(found, folder, sources.to)


def _keep_parts(sources: Sources, folder: Path) -> None:
    """Slow and fast parts of surveyed views, which a world of the next day starts from."""
    from worldorder.inference.door.points import points_known
    from worldorder.inference.hindcast.opinion import trust_parts
    from worldorder.results.files import write_whole

    parts = trust_parts(sources.to, sources.read, points_known(sources))
    path = folder / f"trust-parts-{sources.to}.csv"
    write_whole(path, lambda file: parts.to_csv(file, index=False) and None)


def _print(done: list[Estimates]) -> None:
    from rich.console import Console
    from rich.table import Table

    from worldorder.parameters.loader import load_parameters

    table = Table()
    for column in ("parameter", "value", "s.e.", "sample", "shipped"):
        table.add_column(column)
    for found in done:
        for name, p in found.parameters.items():
            shipped = load_parameters()[found.mechanism][name]
            sample = "{} to {}".format(*p.sample) if p.sample else ""
            table.add_row(
                f"{found.mechanism}.{name}", f"{p.value:.4g}", f"{p.standard_error or 0:.3g}",
                sample, f"{shipped.value:.4g}",
            )  # fmt: skip
    Console().print(table)
