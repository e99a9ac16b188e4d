"""worldorder export: a finished job for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export_job(
    folder: Annotated[
        Path, typer.Argument(help="Folder that `worldorder run` wrote, or its result file.")
    ],
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="parquet (every draw), csv (bands, for spreadsheets), iamc (opens in pyam) or "
            "graphml (graphs and edge lists by year).",
        ),
    ] = "parquet",
    widened: Annotated[
        bool, typer.Option("--widened", help="Bands of levels widened as hindcasts asked for.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default export/ in the folder.")
    ] = None,
) -> None:
    """Write a finished job as Parquet, CSV, IAMC table or graphs. result.nc itself is NetCDF."""
    from worldorder.results.export import export_results
    from worldorder.results.files import open_results

    results = open_results(folder)
    if widened:
        from worldorder.inference.widened import widened as with_wider_bands
        from worldorder.results.compare import datasets

        results = {name: with_wider_bands(one) for name, one in datasets(results).items()}
    beside = folder if folder.is_dir() else folder.parent
    for file in export_results(results, out or beside / "export", file_format):
        typer.echo(str(file))
