"""worldorder claims: put the statements of a file to the test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worldorder.cli.progress import run_and_write
from worldorder.cli.start import start

if TYPE_CHECKING:
    from worldorder.dynamics.ensemble import Metrics
    from worldorder.inference.claims.judging import Verdict
    from worldorder.inference.claims.schema import ClaimFile

COLOURS = {
    "supported": "blue",
    "not supported": "red",
    "contested": "yellow",
    "untestable": "dim",
}


def judge_claims(
    file: Annotated[Path, typer.Argument(help="Claim file (YAML).")],
    runs: Annotated[int | None, typer.Option(help="Runs of every scenario.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Processors; by default all.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default runs/ and the file's name.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Test the claims of a file: verdicts with probabilities, and a page for each claim."""
    from worldorder.inference.claims.cases import make_ready
    from worldorder.inference.claims.judging import judge, run_cases, verdicts_json
    from worldorder.inference.claims.reading import load_claims
    from worldorder.report.claims import write_claim_pages
    from worldorder.results.files import text_writer, usable_folder, write_whole

    start(workers)
    claims = load_claims(file)
    folder = usable_folder(out or Path("runs") / file.stem)
    wanted = runs or claims.runs
    cases = make_ready(claims, file.parent, wanted, seed)
    _say_what_is_left_out(claims, cases.untestable)

    def write(done: dict[str, Metrics]) -> None:
        verdicts = judge(claims, cases, done)
        job = {"runs": wanted, "seed": seed, "scenarios": [one.name for one in cases.jobs]}
        text = verdicts_json(claims, verdicts, job)
        write_whole(folder / "verdicts.json", text_writer(text))
        again = _rerun(file, wanted, seed)
        pages = write_claim_pages(claims, verdicts, cases, done, folder, again)
        _print_verdicts(claims, verdicts, wanted)
        typer.echo(f"\nWritten to {folder}: verdicts.json, {pages[0].name}, a page for each claim")

    run_and_write(
        f"Running {len(cases.jobs)} scenarios",
        cases.jobs,
        lambda kept, progress: run_cases(claims, cases, kept, progress),
        write,
        folder,
        quiet,
    )


def _rerun(file: Path, runs: int, seed: int) -> str:
    return f"worldorder claims {file} --runs {runs} --seed {seed}"


def _say_what_is_left_out(claims: ClaimFile, untestable: Mapping[str, str]) -> None:
    for name, reason in untestable.items():
        typer.echo(f"Note: claim {name} cannot be tested: {reason}", err=True)
    if len(untestable) == len(claims.claims):
        from worldorder.errors import InputError

        raise InputError(
            "none of the claims can be tested", "Each note above says what is missing and where."
        )


def _print_verdicts(claims: ClaimFile, verdicts: list[Verdict], runs: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("claim", "verdict", "runs that bear it out", "statement and why", box=None)
    for one in verdicts:
        share = "" if one.probability is None else f"{one.probability:.0%}"
        colour = COLOURS[one.word]
        table.add_row(
            one.id, f"[{colour}]{one.word}[/]", share, f"{one.statement}\n[dim]{one.reason}[/]"
        )
    console = Console()
    console.print(f"{claims.title}: {runs} runs of every scenario", style="bold")
    console.print(table)
