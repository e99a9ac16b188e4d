"""Who paid which UN entity what, 2013-2024, and the large cuts in that record.

The Board's statistics list flows that are not zero: a donor without a row in a year that the
entity reported paid nothing; an entity without rows in a year is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vector = NDArray[np.float64]

PARTIAL = 0.2  # an entity-year below this share of the entity's median is not a full report
MAIN_DONORS = 20  # largest givers of unearmarked money: programme countries fund their own projects
LARGE = 0.03  # of the entity's revenue: smaller donors' cuts are not looked at
CORE = "Voluntary un-earmarked"
CUT = 0.6  # a cut leaves less than this share of what the donor paid in the two years before


@dataclass(frozen=True)
class Money:
    """Payments by entity, donor and year, mn current USD; NaN where the entity did not report."""

    entities: list[str]
    donors: list[str]
    years: list[int]
    paid: Vector  # entity x donor x year
    government: NDArray[np.bool_]  # by donor
    main: NDArray[np.bool_]  # by donor


def read_flows(raw: Path) -> pd.DataFrame:
    """Rows of the Board's statistics: year, donor, category, entity, type, amount in mn USD."""
    flows = pd.read_csv(raw / "un-system-funding" / "ceb_revenue_by_donor.csv.gz")
    return flows.assign(amount=flows["amount_usd"] * 1e-6)


def read_money(raw: Path, until: int = 2024) -> Money:
    """Payments up to and with the year `until`."""
    flows = read_flows(raw)
    flows = flows[flows["year"] <= until]
    return money_of(flows)


def money_of(flows: pd.DataFrame) -> Money:
    """Arrays of the flows, zero where an entity reported and a donor is not listed."""
    table = flows.pivot_table(
        index=["entity", "donor"], columns="year", values="amount", aggfunc="sum"
    )
    entities = sorted(flows["entity"].unique())
    donors = sorted(flows["donor"].unique())
    whole = pd.MultiIndex.from_product([entities, donors])
    paid = table.reindex(whole).to_numpy().reshape(len(entities), len(donors), -1)
    total = np.nansum(paid, axis=1)
    total = np.where(np.isfinite(paid).any(axis=1), total, np.nan)
    reported = total > PARTIAL * np.nanmedian(total, axis=1, keepdims=True)
    core = flows[flows["type"] == CORE].groupby("donor")["amount"].sum()
    category = flows.groupby("donor")["category"].first().reindex(donors)
    government = category.eq("Government").to_numpy(bool)
    unearmarked = np.where(government, core.reindex(donors).fillna(0.0).to_numpy(float), 0.0)
    return Money(
        entities=entities,
        donors=donors,
        years=[int(year) for year in table.columns],
        paid=np.where(reported[:, None, :], np.nan_to_num(paid), np.nan),
        government=government,
        main=unearmarked >= np.sort(unearmarked)[-MAIN_DONORS:].min(),
    )


def cut_by(money: Money, entity: int, t: int) -> NDArray[np.bool_]:
    """Donors that cut an entity in year number `t`: less than 60 % of the two years before.

    A cut lasts at least two years (one where the record ends), is by a main donor that gave at
    least 3 % of the revenue, and follows a year in which the donor still paid in full.
    """
    paid = money.paid[entity]
    base = paid[:, t - 2 : t].mean(axis=1)
    after = paid[:, t : t + 2].mean(axis=1)
    large = money.main & (base > LARGE * base.sum())
    fell = (paid[:, t] < CUT * base) & (after < CUT * base)
    return large & fell & (paid[:, t - 1] > CUT * base)


def responses(money: Money, horizons: int = 4) -> pd.DataFrame:
    """One row per entity, year and horizon: share of revenue cut, and the rise of the others.

    `rise` is the log of what the other donors pay `horizon` years after the cut over what they
    paid in the two years before; `rise_of_states` the same for governments alone; `before` the
    log change of the others from the first to the second year before (a placebo).
    """
    rows: list[dict[str, object]] = []
    for e, entity in enumerate(money.entities):
        for t in range(2, len(money.years)):
            window = money.paid[e][:, t - 2 : t + 2]
            if not np.isfinite(window).all():
                continue
            cut = cut_by(money, e, t)
            base = money.paid[e][:, t - 2 : t].mean(axis=1)
            after = money.paid[e][:, t : t + 2].mean(axis=1)
            case = {
                "entity": entity,
                "year": money.years[t],
                "revenue": base.sum(),
                "lost_share": (base - after)[cut].sum() / base.sum(),
                "cutters": ", ".join(np.asarray(money.donors)[cut]),
                "before": _log_change(money.paid[e][:, t - 2], money.paid[e][:, t - 1], ~cut),
            }
            for h in range(min(horizons, len(money.years) - t)):
                then = money.paid[e][:, t + h]
                rise = _log_change(base, then, ~cut)
                states = _log_change(base, then, ~cut & money.government)
                rows.append({**case, "horizon": h, "rise": rise, "rise_of_states": states})
    return pd.DataFrame(rows)


def _log_change(first: Vector, second: Vector, who: NDArray[np.bool_]) -> float:
    before, after = first[who].sum(), second[who].sum()
    return float(np.log(after / before)) if before > 0 and after > 0 else float("nan")


def panel_money(until: int = 2024) -> Money:
    """The same from the shipped panel, donors by ISO3 code where they are states."""
    from worldorder.data.panel import table

    flows = table("funding").rename(columns={"institution": "entity", "value": "amount"})
    flows = flows.astype({"entity": str, "donor": str, "type": str})
    kind = flows["type"].replace({"voluntary un-earmarked": CORE})
    state = flows["donor_kind"].eq("state")
    flows = flows.assign(type=kind, category=np.where(state, "Government", "other"))
    return money_of(flows[flows["year"] <= until])
