"""worldorder causes: to which lever or mechanism a difference is due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.progress import run_and_write
from worldorder.cli.run import Out, Quiet, Runs, Scenarios, Seed, Until, Workers
from worldorder.cli.start import start

if TYPE_CHECKING:
    from worldorder.inference.causes import Causes


def attribute(
    scenario: Scenarios,
    quantity: Annotated[str, typer.Option(help="Variable of a result, or voting_distance.")],
    of: Annotated[list[str] | None, typer.Option(help="States, groups or bodies.")] = None,
    measured: Annotated[str, typer.Option(help="mean, sum, share, lowest, highest.")] = "mean",
    year: Annotated[int | None, typer.Option(help="Year; by default the last.")] = None,
    mechanism: Annotated[
        list[str] | None, typer.Option(help="Mechanisms to attribute to, in place of switches.")
    ] = None,
    budget: Annotated[int, typer.Option(help="Most sets of switches to run beyond five.")] = 64,
    until: Until = None,
    runs: Runs = 64,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Attribute a difference to switches of levers or to mechanisms (Shapley, paired draws)."""
    from worldorder.inference.causes import (
        all_sets,
        cause_jobs,
        players_of,
        run_causes,
        sets_to_run,
    )
    from worldorder.inference.claims.schema import Reading
    from worldorder.results.files import usable_folder
    from worldorder.scenarios import load_scenario

    start(workers)
    asked = load_scenario(*scenario, until=until)
    players = players_of(asked, mechanism or [])
    orders, exact = sets_to_run(players, budget, seed)
    sets = all_sets(orders)
    jobs = cause_jobs(asked, players, sets, runs, seed)
    folder = usable_folder(out or Path("runs") / f"causes-{asked.name}")
    reading = Reading.model_validate({"quantity": quantity, "of": of, "measured": measured})
    when = year or asked.until.year
    run_and_write(
        f"Running {len(sets)} sets of {len(players)} switches",
        jobs,
        lambda kept, progress: run_causes(
            asked, players, orders, exact, reading, when, (jobs, sets), kept, progress
        ),
        lambda found: _write(found, folder),
        folder,
        quiet,
    )


def _write(found: Causes, folder: Path) -> None:
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from worldorder.inference.claims.quantities import unit_of
    from worldorder.plots.numbers import interval, number, signed
    from worldorder.results.files import text_writer, write_whole

    label = f"{found.reading.quantity} {found.year} ({unit_of(found.reading)})"
    table = Table("due to", label, "standard error", "80 % of runs", box=None)
    for one in found.shares:
        inner = interval(one.runs.low_80, one.runs.high_80)
        table.add_row(one.name, signed(one.mean), number(one.standard_error), inner)
    whole = interval(found.whole.low_80, found.whole.high_80)
    table.add_row("all together (median)", signed(found.whole.median), "", whole)
    Console().print(table)
    how = "every set was run" if found.exact else "orders were sampled, each with its reverse"
    name = f"causes-{found.reading.quantity}.json"
    content = {**asdict(found), "reading": found.reading.model_dump(mode="json")}
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_whole(folder / name, text_writer(text))
    typer.echo(f"{found.sets} sets; {how}. Written to {folder}: {name}")
