"""worldorder report: write the page of a finished job again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def write_report_page(
    folder: Annotated[
        Path, typer.Argument(help="Folder that `worldorder run` wrote, or its result file.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="File to write; by default report.html in the folder.")
    ] = None,
    table: Annotated[bool, typer.Option(help="Print the table as well.")] = False,
) -> None:
    """Write report.html of a finished job: one page that opens without a network."""
    from worldorder.report.write import REPORT_NAME, write_report
    from worldorder.results.files import open_results

    results = open_results(folder)
    beside = folder if folder.is_dir() else folder.parent
    typer.echo(str(write_report(results, out or beside / REPORT_NAME)))
    if table:
        from rich.console import Console

        from worldorder.report.table import print_job

        print_job(results, Console())
