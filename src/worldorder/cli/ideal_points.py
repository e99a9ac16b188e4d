"""`worldorder data ideal-points`: estimate positions of states from records of votes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from worldorder.data.voting.records import Records

ENDS = 5  # states shown at either end of the scale


def estimate_ideal_points(
    votes: Annotated[
        Path,
        typer.Option(
            help="Records: the raw folder un-votes, or the UN Digital Library's bulk file as CSV."
        ),
    ],
    to: Annotated[int | None, typer.Option(help="Last year of votes.")] = None,
    since: Annotated[int | None, typer.Option("--from", help="First year of votes.")] = None,
    issue: Annotated[
        str | None, typer.Option(help="Only votes on one issue, for example human-rights.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file for the estimates.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Estimate dynamic ordinal ideal points of states by year, with standard errors.

    The model is that of Bailey, Strezhnev and Voeten (2017); no vote after --to is used.
    """
    from worldorder.data.voting.records import read_votes

    records = _cut(read_votes(votes), since, to, issue)
    first, last = records.resolutions["year"].min(), records.resolutions["year"].max()
    name = "-".join(part for part in ("ideal-points", issue, f"{first}-{last}") if part)
    path = out or Path(f"{name}.csv")
    if not path.parent.is_dir():
        raise InputError("there is no such folder", fix="Make it first.", file=path.parent)
    found = _with_progress(records, quiet)
    _write_whole(found, path)
    _say(records, found, path)


def _cut(records: Records, since: int | None, to: int | None, issue: str | None) -> Records:
    from worldorder.data.voting.issues import issue_records

    if since is not None and to is not None and since > to:
        raise InputError(f"--from {since} is after --to {to}", fix="Turn them round.")
    if to is not None:
        records = records.until(to)
    if since is not None:
        records = records.where(records.resolutions["year"] >= since)
    return records if issue is None else issue_records(records, issue)


def _with_progress(records: Records, quiet: bool) -> pd.DataFrame:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn

    from worldorder.data.voting.ideal_points import ideal_points

    columns = ("{task.description}", BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("Estimating ideal points", total=1.0)
        return ideal_points(records, progress=lambda share: bar.update(task, completed=share))


def _write_whole(found: pd.DataFrame, path: Path) -> None:
    partial = path.with_name(path.name + ".part")
    try:
        found.to_csv(partial, index=False, float_format="%.4f", lineterminator="\n")
        partial.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=path) from error


def _say(records: Records, found: pd.DataFrame, path: Path) -> None:
    last = found[found["year"] == found["year"].max()].sort_values("ideal_point")
    ends = [
        ", ".join(
            f"{iso3} {x:.2f}" for iso3, x in zip(rows["iso3"], rows["ideal_point"], strict=True)
        )
        for rows in (last.head(ENDS), last.tail(ENDS))
    ]
    typer.echo(
        f"{len(records.votes):,} votes on {len(records.resolutions):,} resolutions, "
        f"{len(found):,} state-years from {found['year'].min()} to {found['year'].max()}.\n"
        f"Last year: {ends[0]} ... {ends[1]}.\n"
        f"Written to {path}. Scale: mean 0, standard deviation 1 over these state-years."
    )
