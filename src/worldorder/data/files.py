"""The files of the shipped panel: writing them to the same bytes, finding them."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

PARQUET = (
    "states",
    "state_year",
    "trade",
    "trade_reporters",
    "gross_trade",
    "sector_supply",
    "geography",
    "contiguity",
    "border_distances",
    "capitals",
    "rivalries",
    "disputes",
    "trade_agreements",
    "applied_tariffs",
    "swap_lines",
    "coalitions",
    "alliances",
    "alliance_bodies",
    "favourability",
    "institutions",
    "memberships",
    "funding",
    "sanctions",
    "reserve_shares",
    "organizations",
    "membership_spells",
    "membership_events",
    "quotas",
    "reserve_currencies",
    "payment_currencies",
    "ideal_points_by_origin",
    "agreement",
)
CSV = (
    "us_tariffs_2025_26",
    "liberation_day_2025",
    "withdrawals",
    "membership_changes",
    "source_overlaps",
)
COMPACT = (
    "trade",
    "trade_reporters",
    "gross_trade",
    "sector_supply",
    "trade_agreements",
    "applied_tariffs",
    "alliances",
    "alliance_bodies",
    "sanctions",
    "contiguity",
    "membership_spells",
    "membership_events",
    "ideal_points_by_origin",
    "agreement",
)  # large: read with categories
START = "start.npz"
MANIFEST = "manifest.json"


def built_folder() -> Path:
    """Folder of the panel that ships with the package."""
    return Path(str(resources.files("worldorder.data").joinpath("built")))


def file_of(table: str) -> str:
    """File name of a table."""
    return f"{table}.csv" if table in CSV else f"{table}.parquet"


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table without anything that changes from run to run."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_large_string(field.type) else field.type)
        for field in table.schema
    ]
    pq.write_table(table.cast(pa.schema(fields)), path, compression="zstd", compression_level=9)


def compact(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with text as categories and numbers in single precision."""
    text = frame.select_dtypes(include=["object", "string"]).columns
    wide = frame.select_dtypes(include="float64").columns
    return frame.astype(dict.fromkeys(text, "category") | dict.fromkeys(wide, "float32"))


def rounded(values: pd.Series) -> pd.Series:
    """Values to ten significant digits, so that machines that add differently agree on bytes."""
    return values.map(lambda value: float(f"{value:.10g}"))


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as text with Unix line ends."""
    frame.to_csv(path, index=False, lineterminator="\n", float_format="%.6g")


def write_arrays(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write arrays in the order of their names."""
    ordered: dict[str, Any] = {name: arrays[name] for name in sorted(arrays)}
    np.savez_compressed(path, **ordered)


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write a mapping as text with sorted keys."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
