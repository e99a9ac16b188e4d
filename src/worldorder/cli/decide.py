"""worldorder decide: policies that optimise choose their levers by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from worldorder.cli.run import Out, Quiet, Scenarios, Seed, Until, Workers
from worldorder.cli.start import start

if TYPE_CHECKING:
    from worldorder.results.deciding import Decided
    from worldorder.scenarios import Scenario


def decide_levers(
    scenario: Scenarios,
    seed: Seed = 1,
    until: Until = None,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Let policies of the rule optimising choose; write the scenario with what they chose."""
    from worldorder.errors import InputError
    from worldorder.scenarios import load_scenario
    from worldorder.scenarios.deciding import optimising

    start(workers)
    asked = load_scenario(*scenario, until=until)
    if not optimising(asked):
        what = f"{asked.name} has no policy of the rule optimising"
        raise InputError(what, "Give one with choices; see docs/scenarios.md.")
    decided(asked, seed, out or Path("runs") / asked.name, quiet)


def decided(scenario: Scenario, seed: int, out: Path, quiet: bool) -> Scenario:
    """The scenario once its policies have chosen; writes and prints what they chose from."""
    from worldorder.cli.progress import with_bar
    from worldorder.results.deciding import decide, runs_needed
    from worldorder.results.files import text_writer, usable_folder, write_whole
    from worldorder.results.unfinished import Unfinished
    from worldorder.scenarios.deciding import as_one_file
    from worldorder.scenarios.text import scenario_text

    folder = usable_folder(out)
    kept, total = folder / ".undecided", runs_needed(scenario)
    found, decisions = with_bar(
        "Deciding",
        total,
        lambda progress: decide(scenario, seed, kept, progress),
        lambda done: typer.echo(
            f"Stopped: {done} of {total} trial runs are kept in {folder}. The same command goes "
            "on from there.",
            err=True,
        ),
        quiet,
    )
    write_whole(folder / "decided.yaml", text_writer(scenario_text(as_one_file(found))))
    _write(decisions, folder)
    _print(decisions)
    Unfinished(kept, "").clear()
    typer.echo(f"Written to {folder}: decided.yaml, decisions.csv", err=True)
    return found


def _write(decisions: Sequence[Decided], folder: Path) -> None:
    import csv
    import io

    from worldorder.results.deciding import decision_rows
    from worldorder.results.files import text_writer, write_whole

    rows, text = decision_rows(decisions), io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    write_whole(folder / "decisions.csv", text_writer(text.getvalue()))


def _print(decisions: Sequence[Decided]) -> None:
    from rich.console import Console
    from rich.table import Table

    from worldorder.results.decision import OBJECTIVES, UNITS

    heads = [f"{name}, {UNITS[name].split()[0]}" for name in OBJECTIVES]
    table = Table(
        "date",
        "actor",
        "choice",
        "gain",
        "s.e.",
        "better in",
        *heads,
        box=None,
        collapse_padding=True,
    )
    for one in decisions:
        for option in one.options:
            chosen = option.name == one.choice
            changes = [f"{100 * option.differences[name]:+.2f}" for name in OBJECTIVES]
            table.add_row(
                one.day.isoformat(),
                one.actor,
                f"> {option.name}" if chosen else f"  {option.name}",
                f"{option.gain:+.3f}",
                f"{option.standard_error:.3f}",
                f"{option.better:.0%}",
                *changes,
                style="bold" if chosen else None,
            )
    Console().print(table)
