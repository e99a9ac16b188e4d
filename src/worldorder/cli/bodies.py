"""worldorder bodies: what bodies live on, what they lose, and who gains from staying."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worldorder.cli.run import Quiet, Runs, Seed, Workers

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from rich.table import Table

    from worldorder.results.losses import Losses

bodies = typer.Typer(
    name="bodies", help="Questions about institutions and their money.", no_args_is_help=True
)


@bodies.command("replay")
def replay_money(
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("runs/money"),
    draws: Annotated[int, typer.Option(min=100, help="Draws of each forecast.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn.")] = 1,
) -> None:
    """Replay the US cuts of 2017-2021 from 2016 and score entity revenue to 2020."""
    import json

    from worldorder.dynamics.devices import configure
    from worldorder.inference.money_page import RIVALS, page, summary, verdict
    from worldorder.inference.money_replay import replay
    from worldorder.results.files import text_writer, usable_folder, write_whole

    configure(1)
    folder = usable_folder(out)
    found = replay(draws, seed)
    said = summary(found)
    text = json.dumps(said, indent=1, sort_keys=True) + "\n"
    write_whole(folder / "money.json", text_writer(text))
    write_whole(folder / "money.md", text_writer(page(found)))
    for name, frame in (("money", found.scores), ("large-cuts", found.cuts)):
        rows = frame.to_csv(index=False, float_format="%.6g")
        write_whole(folder / f"{name}.csv", text_writer(rows))
    for rival in RIVALS:
        typer.echo(verdict(said["differences"][rival], rival).removeprefix("- ").replace("**", ""))
    typer.echo(f"Written to {folder}: money.md, money.json, money.csv, large-cuts.csv")


@bodies.command("losses")
def show_losses(
    scenario: Annotated[
        str, typer.Argument(help="Scenario of the library, or file.")
    ] = "withdrawal-2026",
    year: Annotated[int, typer.Option(help="The losses on 1 January of it.")] = 2030,
    runs: Runs = 100,
    seed: Seed = 1,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("runs/losses"),
    quiet: Quiet = False,
) -> None:
    """Capacity that bodies lose by size, area and body, with and without compensation."""
    from worldorder.cli.start import start
    from worldorder.results.files import text_writer, usable_folder, write_whole

    start(workers)
    from worldorder.plots.losses import plot_losses
    from worldorder.results.losses import by_body, by_group, losses

    folder = usable_folder(out)
    found = losses(_with_and_without(scenario, year, runs, seed, folder, quiet), year)
    groups, each = by_group(found), by_body(found)
    _print_losses(found, groups)
    for name, frame in (("losses-by-group", groups), ("losses-by-body", each)):
        rows = frame.to_csv(index=False, float_format="%.4g")
        write_whole(folder / f"{name}.csv", text_writer(rows))
    figure = plot_losses(groups, year)
    write_whole(
        folder / "losses.svg",
        lambda path: figure.savefig(path, format="svg", metadata={"Date": None}),
    )
    typer.echo(f"Written to {folder}: losses-by-group.csv, losses-by-body.csv, losses.svg")


def _with_and_without(
    name: str, year: int, runs: int, seed: int, folder: Path, quiet: bool
) -> dict[str, tuple[xr.Dataset, xr.Dataset]]:
    """Pairs of scenario and reference by the switch for compensation, run side by side."""
    from worldorder.cli.progress import with_progress
    from worldorder.errors import InputError
    from worldorder.results.dataset import to_dataset
    from worldorder.results.job import prepare_together
    from worldorder.results.losses import WITH, WITHOUT, uncompensated
    from worldorder.results.run import execute
    from worldorder.results.unfinished import Unfinished
    from worldorder.scenarios import load_scenario
    from worldorder.scenarios.loader import reference_of

    asked = load_scenario(name, until=str(year))
    reference = reference_of(asked)
    if reference is None:
        raise InputError(f"{name} is compared with nothing", "Name a scenario with a reference.")
    four = [reference, asked, uncompensated(reference), uncompensated(asked)]
    jobs = prepare_together(four, runs, seed, reference, None)
    unfinished = Unfinished(folder / ".unfinished", "-".join(job.digest for job in jobs))
    metrics = with_progress(
        f"Running {name} with and without compensation",
        jobs,
        lambda progress: execute(jobs, unfinished, progress),
        lambda done: typer.echo(
            f"Stopped: {done} runs are kept; the same command goes on.", err=True
        ),
        quiet,
    )
    unfinished.clear()
    without, with_none, cut, cut_with_none = (
        to_dataset(metrics[job.name], job.frame) for job in jobs
    )
    return {WITH: (with_none, without), WITHOUT: (cut_with_none, cut)}


def _print_losses(found: Losses, groups: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    from worldorder.results.losses import WITH, WITHOUT, imputed_words

    console = Console()
    console.print(imputed_words(found), highlight=False)
    title = (
        f"Capacity lost on 1 January {found.year}, %: median (80 % of runs); last: bodies, %, that "
        "lose a quarter, with / without compensation"
    )
    table = Table(box=None, title=title, title_justify="left")
    for column in ("", "bodies", "with compensation", "without", "a quarter lost"):
        table.add_column(column, no_wrap=True)
    for by, rows in groups.groupby("by", sort=False):
        table.add_row(f"[bold]{by}[/bold]")
        for group, pair in rows.groupby("group", sort=False):
            one, other = (pair[pair["switch"] == s].iloc[0].to_dict() for s in (WITH, WITHOUT))
            table.add_row(
                f"  {group}", f"{one['bodies']:.1f}".removesuffix(".0"), _percent(one),
                _percent(other), f"{100 * one['heavy']:.0f} / {100 * other['heavy']:.0f}",
            )  # fmt: skip
    console.print(table)


def _percent(row: dict[Any, Any]) -> str:
    low, high = (100 * row[f"loss_{end}_80"] for end in ("low", "high"))
    return f"{100 * row['loss']:.1f} ({low:.1f} to {high:.1f})"


@bodies.command("ledger")
def show_ledger(
    state: Annotated[str, typer.Option(help="Whose ledger is printed; all are written.")] = "USA",
    draws: Annotated[int, typer.Option(min=50, help="Draws of what is not known.")] = 300,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("runs/ledger"),
) -> None:
    """What each state gets from each body and pays for it, and whether it would stay for that."""
    from rich.console import Console

    from worldorder.data.countries import country
    from worldorder.inference.ledger import LEADER, ledger
    from worldorder.inference.ledger_reading import explained, path, resting, the_66
    from worldorder.results.files import text_writer, usable_folder, write_whole

    code, folder, console = country(state), usable_folder(out), Console()
    with console.status("Booking memberships"):
        rows = ledger(draws, seed)
        through = path(code, draws, seed)
    console.print(resting(rows, code), highlight=False)
    console.print(_frame(_decisions(rows, code), f"Memberships of {code} at the start of 2025"))
    tables = {"ledger": rows, f"path-{code}": through}
    if code == LEADER:
        tables |= {"the-66": the_66(rows), "explained": explained(rows).rename_axis("reading")}
        console.print(_frame(_readings(tables["the-66"]), "The 66 of January 2026"))
        console.print(
            _frame(
                tables["explained"].reset_index(),
                "Who is of the 66: area under the curve, .5 is chance",
            )
        )
    console.print(_frame(through, f"{code} in UN bodies, shares of their revenue"))
    for name, frame in tables.items():
        text = frame.to_csv(index=name == "explained", float_format="%.4g")
        write_whole(folder / f"{name}.csv", text_writer(text))
    typer.echo(f"Written to {folder}: {', '.join(f'{name}.csv' for name in tables)}")


def _decisions(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    own = rows[rows["iso3"] == code]
    counts = own.groupby(["dues_basis", "decision"]).size().unstack(fill_value=0)
    return counts.reset_index().rename(columns={"dues_basis": "dues"})


def _readings(left: pd.DataFrame) -> pd.DataFrame:
    grouped = left.groupby("reading", sort=False)["institution"]
    return grouped.agg(bodies="count", which=", ".join).reset_index()


def _frame(frame: pd.DataFrame, title: str) -> Table:
    from rich.table import Table

    table = Table(box=None, title=title, title_justify="left")
    for column in frame.columns:
        table.add_column(str(column))
    for row in frame.to_dict("records"):
        table.add_row(*(_cell(value) for value in row.values()))
    return table


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
