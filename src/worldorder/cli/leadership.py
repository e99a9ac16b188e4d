"""worldorder bodies leadership: who funds and who steers, by area."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def print_leadership(
    year: Annotated[int, typer.Option(help="Year of payments, 2013 to 2024.")] = 2024,
    state: Annotated[str, typer.Option(help="The state in question.")] = "USA",
    out: Annotated[Path | None, typer.Option(help="CSV of every area and state to write.")] = None,
) -> None:
    """Who leads in each area of institutions: funds, votes, headquarters, heads."""
    from rich.console import Console
    from rich.table import Table

    from worldorder.data.countries import country
    from worldorder.inference.leadership import PARTS, by_area, leadership
    from worldorder.results.files import text_writer, write_whole

    code = country(state)
    rows = leadership(year)
    columns = (
        "area", "first payer", "leads", "on record", f"{code} funds", "votes", "hosts*", "heads*",
        "index*", "on record",
    )  # fmt: skip
    table = Table(*columns, box=None)
    for area, row in by_area(rows, code).iterrows():
        known = row.notna()
        paid = f"{row['first_payer']} {row['first_payer_share']:.0%}"
        shown = (*PARTS, "leadership", "leadership_on_record")
        own = (f"{row[part]:.1%}" if known[part] else "" for part in shown)
        leads = f"{row['leader']} {row['leader_index']:.0%}"
        record = f"{row['leader_on_record']} {row['leader_on_record_index']:.0%}"
        paid = paid if known["first_payer"] else "not known"
        table.add_row(str(area), paid, leads, record, *own)
    Console().print(table)
    typer.echo(
        "* Headquarters and heads are from general knowledge and to be checked: no staged source "
        "has them. The index is the mean of the four parts that are known, 'on record' that of "
        "funds and votes alone. Equal weights and one vote a member in most bodies are assumed. "
        "Blank is not known."
    )
    if out is not None:
        text = rows.to_csv(index=False, float_format="%.6g")
        write_whole(out, text_writer(text))
        typer.echo(f"Written to {out}")
