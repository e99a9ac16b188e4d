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
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Estimate parameters from data to a year: values, errors, covariances, samples."""
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
    names = mechanism or list(ESTIMATED)
    for name in names:
        estimator(name)
    folder = usable_folder(out)
    if resume:
        held = read_text(folder / f"{to}.yaml")
        names = [name for name in names if name not in held]
    _run(names, Sources(to, raw), folder, quiet)


def _run(names: list[str], sources: Sources, folder: Path, quiet: bool) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from worldorder.inference.door.catalogue import estimator
    from worldorder.inference.door.estimates import TooThin

    done: list[Estimates] = []
    with Progress(console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("Estimating", total=len(names))
        for name in names:
            progress.update(task, description=f"Estimating {name}")
            try:
                done.append(estimator(name)(sources))
                _keep(done[-1], folder, sources.to)
                if name == "trust":
                    _keep_parts(sources, folder)
            except TooThin as why:
                typer.echo(f"{name}: not estimated to {sources.to}: {why}", err=True)
            progress.advance(task)
    _print(done)
    _write_page(folder)
    typer.echo(
        f"Written to {folder / f'{sources.to}.yaml'}, with covariances and estimates.md beside it."
    )


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


def _keep(found: Estimates, folder: Path, to: int) -> None:
    """Add what was found to the file of the year, which keeps the other mechanisms it holds."""
    from worldorder.inference.door.estimates import Estimates
    from worldorder.inference.door.write import parameter_text, read_text, write_covariance
    from worldorder.parameters.loader import Parameter
    from worldorder.results.files import write_whole

    path = folder / f"{to}.yaml"
    held = [
        Estimates(m, {n: Parameter(**e) for n, e in named.items()}, (), found.covariance, 0)
        for m, named in read_text(path).items()
        if m != found.mechanism
    ]
    text = parameter_text(
        sorted([*held, found], key=lambda e: e.mechanism), f"worldorder estimate --to {to}"
    )

    def write(file: Path) -> None:
        file.write_text(text, "utf-8")

    write_whole(path, write)
    write_covariance(found, folder, to)


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
