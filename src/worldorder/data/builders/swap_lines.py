"""Swap lines of three central banks with others, from their announcements, 2001-2025.

Directed from the bank that announces (CHN, USA, or EUU for the euro area) to its partner. A line
holds from its start to its announced end; renewals join. Lines of the Federal Reserve and of the
European Central Bank among the six that became standing on 31 October 2013 go on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.sources import Raw, expect
from worldorder.data.spells import ENDS, LAST_YEAR

SOURCE = "central-bank-swap-lines"
HOME = {"PBoC": "CHN", "FED": "USA", "ECB": "EUU"}
OWN_CURRENCY = {"CHN": "CNY", "USA": "USD", "EUU": "EUR"}
STANDING = {"USA", "EUU", "CAN", "CHE", "GBR", "JPN"}
STANDING_SINCE = "2013-10-31"
LAST_DATE = "2025-11-03"
OPEN = f"{LAST_YEAR}-12-31"


def events_of(events: pd.DataFrame) -> pd.DataFrame:
    """Announcements with bank, partner, start, end and size in the bank's own currency, bn.

    An end before the start is an error of the source and counts as not stated. Without an end a
    line counts in its first year only.
    """
    home = events["source"].map(HOME)
    ours = events[(events["from_iso3"] == home) | (events["to_iso3"] == home)]
    home = home[ours.index]
    partner = ours["to_iso3"].where(ours["from_iso3"] == home, ours["from_iso3"])
    start = ours["date_start"].fillna(ours["date"])
    end = ours["date_end"].where(ours["date_end"] >= start)
    stands = home.isin(STANDING) & partner.isin(STANDING) & (start >= STANDING_SINCE)
    end = end.where(~(stands & end.isna()), OPEN)
    own = ours["currency"] == home.map(OWN_CURRENCY)
    return pd.DataFrame(
        {
            "actor": home,
            "partner": partner,
            "start": start,
            "stop": end.fillna(start),
            "stated": end.notna(),
            "amount": (ours["amount"] * 1e-9).where(own),
        }
    )


def lines(events: pd.DataFrame) -> pd.DataFrame:
    """Announcements of a pair joined where one begins before, or in the year that, another ends."""
    rows: list[tuple[object, ...]] = []
    for (actor, partner), told in events.sort_values("start").groupby(["actor", "partner"]):
        begin = stop = ""
        stated, amount = False, np.nan
        for event in told.itertuples():
            if stop and str(event.start) > stop and str(event.start)[:4] > stop[:4]:
                rows.append((actor, partner, begin, stop, stated, amount))
                stop, stated, amount = "", False, np.nan
            begin = begin if stop else str(event.start)
            stop = max(stop, str(event.stop))
            stated = stated or bool(event.stated)
            amount = float(np.fmax(amount, event.amount))
        rows.append((actor, partner, begin, stop, stated, amount))
    columns = ["actor", "partner", "since", "until", "stated", "amount"]
    return pd.DataFrame(rows, columns=columns)


def build(raw: Raw) -> pd.DataFrame:
    """Spells of swap lines with dates and the largest amount announced, bn of own currency."""
    events = raw.table(SOURCE, "events")
    for bank, count in (("PBoC", 444), ("FED", 344), ("ECB", 194)):
        expect(SOURCE, f"announcements of {bank}", (events["source"] == bank).sum(), count)
    frame = lines(events_of(events))
    begin, end = frame["since"].str[:4].astype(int), frame["until"].str[:4].astype(int)
    covered = np.minimum(end, int(LAST_DATE[:4]))
    flag = frame["stated"].map({True: OBSERVED, False: IMPUTED})
    frame = frame.assign(begin=begin, end=np.minimum(end, LAST_YEAR), observed_until=covered)
    frame = frame.assign(flag=flag, source=SOURCE, currency=frame["actor"].map(OWN_CURRENCY))
    frame = frame.drop(columns="stated").astype(dict.fromkeys(ENDS, "int16"))
    return frame.sort_values(["actor", "partner", "begin"], ignore_index=True)
