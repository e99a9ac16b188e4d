"""worldorder bargain: what a group settles on, round by round."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from worldorder.bargaining import Settlement


def print_settlement(
    file: Annotated[Path, typer.Argument(help="CSV: actor, position, capability, salience.")],
    model: Annotated[
        Literal["mean", "challenge", "nash"], typer.Option(help="How the group settles.")
    ] = "mean",
    salience: Annotated[
        str, typer.Option(help="Column of salience, or one number (0 to 1) for all.")
    ] = "salience",
    position: Annotated[str, typer.Option(help="Column of positions.")] = "position",
    capability: Annotated[str, typer.Option(help="Column of power.")] = "capability",
    rounds: Annotated[int, typer.Option(help="Rounds of the challenge model.")] = 8,
    disagreement: Annotated[
        float | None, typer.Option(help="Position that stands without agreement (nash).")
    ] = None,
) -> None:
    """What a group settles on: weighted mean, challenge model or Nash bargaining."""
    from worldorder.bargaining import bargain

    care = _number(salience)
    settled = bargain(
        file, model, rounds, position, capability, salience if care is None else care, disagreement
    )
    console = Console()
    console.print(f"Settlement ({settled.model}): {settled.outcome:.4g}")
    console.print(_rounds(settled))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _rounds(settled: Settlement) -> Table:
    table = Table("round", "weighted mean", "weighted median", "who moves")
    for number, row in settled.rounds.iterrows():
        moved = settled.moves[settled.moves["round"] == number]
        who = [
            f"{move['actor']} {move['from']:.3g} to {move['to']:.3g}"
            f" ({move['how']} with {move['yields_to']})"
            for _, move in moved.iterrows()
        ]
        table.add_row(str(number), f"{row['mean']:.2f}", f"{row['median']:.2f}", "\n".join(who))
    return table
