"""The panel's tables of bodies through time, in the order in which they need each other."""

from __future__ import annotations

import pandas as pd

from worldorder.data.builders import membership_events, membership_history, organizations
from worldorder.data.sources import Raw


def build(raw: Raw, members: pd.DataFrame, withdrawals: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The list of all bodies, spells of membership, accessions and exits.

    Args:
        raw: the raw folder.
        members: memberships of today.
        withdrawals: the 66 bodies of 7 January 2026 with dates of effect.
    """
    listed = organizations.build(raw)
    return {
        "organizations": listed,
        "membership_spells": membership_history.build(raw, members, listed),
        "membership_events": membership_events.build(raw, members, listed, withdrawals),
    }
