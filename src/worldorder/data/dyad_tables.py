"""The tables of dyads: every builder run, sources laid side by side."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders import gross_trade, trade_fill, trade_history
from worldorder.data.files import rounded
from worldorder.data.overlap import flows_agree
from worldorder.data.sources import Raw


def trade_tables(raw: Raw, matrix: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Goods trade since 1962, who reported it, trade with domestic sales.

    Args:
        raw: the raw folder.
        matrix: flows of 2023 with absent states filled.
    """
    flows, reporters = trade_history.build(raw, matrix)
    gross = gross_trade.build(raw)
    return {
        "trade": flows.assign(value=rounded(flows["value"])),
        "trade_reporters": reporters,
        "gross_trade": gross.assign(value=rounded(gross["value"])),
    }


def _of(gross: pd.DataFrame, variable: str, domestic: bool) -> pd.DataFrame:
    same = gross["exporter"] == gross["importer"]
    return gross[(gross["variable"] == variable) & (same == domestic)]


def trade_overlaps(raw: Raw, gross: pd.DataFrame) -> pd.DataFrame:
    """Agreement of the sources of trade."""
    oec, unctad = trade_history.observatory(raw), trade_history.unctad(raw)
    tables = trade_fill.icio_goods(raw.table(trade_fill.ICIO, "flows"))
    names = trade_history.OEC, trade_history.UNCTAD, trade_history.ICIO
    parts = [
        flows_agree(oec, unctad, "trade", (names[0], names[1])),
        flows_agree(oec, tables, "trade", (names[0], names[2])),
        flows_agree(unctad, tables, "trade", (names[1], names[2])),
    ]
    for variable, domestic in (("gross_trade", False), ("domestic_sales", True)):
        first = _of(gross, "gross_trade", domestic)
        second = _of(gross, "industry_trade", domestic)
        parts.append(flows_agree(first, second, variable, (names[2], gross_trade.ITPD), 1.0))
    return pd.concat(parts, ignore_index=True)
