"""Reserves at the start of a run: shares of currencies, who holds them, who issues them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from worldorder.data.builders.reserves import CURRENCIES, HOLDERS, ISSUERS
from worldorder.data.own_tables import own_table, state_codes

OLDEST_HOLDING = 10  # years before the start within which a state's last figure counts


def _log_odds(share: Any) -> pd.Series:
    return pd.Series(np.log(share / share["USD"]), index=CURRENCIES)


def reserve_shares(frame: pd.DataFrame, year: int) -> np.ndarray:
    """Shares of currencies by group of holders, shape (holder, currency).

    Groups are published to 2014. In later years each keeps its log odds against the dollar
    relative to the world's of 2014, added to the world's of the year; imputed. A currency that is
    not told apart in a year has no share then.
    """
    wide = frame.pivot(index=["holder", "year"], columns="currency", values="value")
    wide = wide.reindex(columns=CURRENCIES)
    last = min(year, int(wide.loc["advanced"].dropna(how="all").index.max()))
    found = []
    for holder in HOLDERS:
        apart = _log_odds(wide.loc[(holder, last)]) - _log_odds(wide.loc[("world", last)])
        moved = _log_odds(wide.loc[("world", year)]) + apart.fillna(0.0)
        odds = moved.map(np.exp).fillna(0.0)
        found.append((odds / odds.sum()).to_numpy())
    return np.stack(found)


def reserve_weight(state_year: pd.DataFrame, year: int) -> np.ndarray:
    """Share of each state in world reserves; none where nothing is known of the last ten years."""
    holdings = state_year[state_year["variable"] == "reserves"]
    known = holdings[holdings["year"].between(year - OLDEST_HOLDING, year)].sort_values("year")
    last = known.drop_duplicates("iso3", keep="last").set_index("iso3")["value"]
    held = last.reindex(state_codes()).fillna(0.0)
    return (held / held.sum()).to_numpy()


def currency_area(memberships: pd.DataFrame, start: str) -> np.ndarray:
    """1 where a state uses the currency as its own, shape (currency, country)."""
    union = memberships[
        (memberships["institution"] == "EMU")
        & (memberships["status"] == "full")
        & (memberships["since"].fillna("") <= start)
    ]
    users = {currency: {state} for currency, state in ISSUERS.items()} | {"EUR": set(union["iso3"])}
    codes = state_codes()
    return np.array([[float(code in users.get(c, ())) for code in codes] for c in CURRENCIES])


def reserves(
    shares: pd.DataFrame, state_year: pd.DataFrame, memberships: pd.DataFrame, start: str
) -> dict[str, np.ndarray]:
    """Arrays of the start by name."""
    codes, year = state_codes(), int(start[:4]) - 1
    advanced = set(own_table("advanced_economies")["iso3"])
    return {
        "currency": np.array(CURRENCIES),
        "holder": np.array(HOLDERS),
        "currency_area": currency_area(memberships, start),
        "reserve_share": reserve_shares(shares, year),
        "reserve_weight": reserve_weight(state_year, year),
        "holder_group": np.array([code not in advanced for code in codes], np.int32),
        "issuer": np.array(
            [codes.index(ISSUERS[c]) if c in ISSUERS else len(codes) for c in CURRENCIES], np.int32
        ),
    }
