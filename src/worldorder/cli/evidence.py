"""worldorder evidence: the tables of the study behind an estimate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def print_evidence(
    study: Annotated[str | None, typer.Argument(help="By default all are listed.")] = None,
    raw: Annotated[
        Path | None, typer.Option(help="Publishers' files, where the panel does not suffice.")
    ] = None,
) -> None:
    """Print a study's tables: coefficients, what was tried beside them, scores on later years."""
    from worldorder.inference.evidence import STUDIES, print_tables, question

    if study:
        print_tables(study, raw)
        return
    for name in sorted(STUDIES):
        typer.echo(f"{name:20} {question(name)}")
