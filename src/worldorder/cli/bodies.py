"""worldorder bodies: what bodies live on, what they lose, and who gains from staying."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
