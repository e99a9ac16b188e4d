"""The tables of dyads: every builder run, sources laid side by side."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders import (
    disputes,
    gross_trade,
    rivalries,
    sector_supply,
    trade_fill,
    trade_history,
)
from worldorder.data.files import rounded
from worldorder.data.overlap import flows_agree, pairs_agree
from worldorder.data.polities import as_of_today
from worldorder.data.sources import Raw
from worldorder.data.spells import LAST_YEAR, by_year

LAST_HANDBOOK = 2010
FIRST_START = 1946  # of the years from which a run may set out


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
        "sector_supply": sector_supply.build(raw).round(5),
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


def defence_by_year(alliances: pd.DataFrame) -> pd.DataFrame:
    """Defence pacts between states of today by year since 1946: actor, partner, year.

    A pact of a former state counts for the state that continues it, such as Russia.
    """
    pacts = alliances[alliances["variable"] == "defence_pact"]
    rows = by_year(pacts, range(FIRST_START, LAST_YEAR + 1))
    rows = as_of_today(rows, ["actor", "partner"])
    return rows.drop_duplicates(["actor", "partner", "year"], ignore_index=True)


def security_overlaps(raw: Raw) -> pd.DataFrame:
    """Agreement of the sources of disputes and rivalries, every fifth year."""
    fought = disputes.highest(disputes.mid_years(raw.table(disputes.MID, "dyads")))
    conflicts = raw.table(disputes.UCDP, "conflicts")
    deadly = disputes.ucdp_years(conflicts, range(1946, disputes.LAST_MID_YEAR + 1))
    names = disputes.MID, disputes.UCDP
    parts = [
        pairs_agree(fought[fought["level"] >= level], deadly[deadly["level"] >= level], what, names)
        for what, level in (("force", 2), ("war", 3))
    ]
    listed, second = rivalries.strategic(raw), rivalries.handbook(raw)
    listed = listed[listed["year"].between(rivalries.FIRST_YEAR, LAST_HANDBOOK)]
    sources = rivalries.SOURCE, rivalries.SOURCE
    parts.append(pairs_agree(listed, second, "rivalry", sources))
    return pd.concat(parts, ignore_index=True)
