"""What would it cost if the world split into two trading blocs?

The published range to compare with is 0.2 to 7 percent of world GDP (Aiyar and others 2023,
Geoeconomic fragmentation and the future of multilateralism, IMF SDN/2023/001).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Literal

import pandas as pd

from worldorder.errors import InputError
from worldorder.trade.measures import european_union, split_costs
from worldorder.trade.retaliation import joint_welfare
from worldorder.trade.solving import Baseline, solve

ELASTICITIES = (2.5, 4.0, 8.0)
COSTS = (1.25, 2.0, float("inf"))
HARD_SANCTION = 0.25  # of a full embargo
SANCTIONED = ("RUS", "CHN", "BLR", "IRN", "PRK")
Camps = Literal["nearest", "sanctions"]


def camps(how: Camps = "nearest") -> dict[str, str]:
    """Bloc by state at the start of 2025, by a rule and no list of friends.

    "nearest": every state with an ideal point is with the United States or with China, whichever
    votes more like it in the General Assembly; the European Union, which is one customs territory,
    goes by the mean of its members. "sanctions": states whose sanctions on Russia make
    up a quarter of an embargo or more, against Russia, China, Belarus, Iran and North Korea; the
    rest trade with both.
    """
    from worldorder.data.start import load_start

    start = load_start()
    names = start.entities.country
    if how == "sanctions":
        on_russia = start.arrays["sanction"][:, names.index("RUS")]
        west = {n for n, hard in zip(names, on_russia, strict=True) if hard >= HARD_SANCTION}
        west -= set(SANCTIONED)
        return {**dict.fromkeys(SANCTIONED, "China"), **dict.fromkeys(west, "United States")}
    point = pd.Series(start.arrays["ideal_point"], index=list(names)).dropna()
    for members in european_union(list(point.index)).values():
        point[list(members)] = point[list(members)].mean()
    nearer = (point - point["USA"]).abs() < (point - point["CHN"]).abs()
    return {str(n): "United States" if west else "China" for n, west in nearer.items()}


def advanced_and_emerging(names: Sequence[str]) -> dict[str, list[str]]:
    """Advanced economies as the IMF lists them, and all others."""
    from worldorder.data.own_tables import own_table

    listed = set(own_table("advanced_economies")["iso3"])
    return {
        "advanced": [name for name in names if name in listed],
        "emerging": [name for name in names if name not in listed],
    }


def split_table(
    base: Baseline,
    blocs: Mapping[str, str],
    elasticities: Sequence[float] = ELASTICITIES,
    costs: Sequence[float] = COSTS,
    measure: Literal["real_income", "welfare"] = "real_income",
    **settings: Any,
) -> pd.DataFrame:
    """Real income lost by the world, each bloc and advanced and emerging economies, percent.

    Real income is what published figures of GDP are nearest to. Welfare is real spending: it
    counts as a gain that a surplus country which is cut off spends at home what it used to lend.

    Args:
        base: world before.
        blocs: bloc of each member; the others trade with all as before.
        elasticities: trade elasticities to try.
        costs: factors on the cost of trade between blocs; infinite is no trade.
        measure: what is lost.
        **settings: of `TradeModel`; imbalances are "lending" unless given.

    Returns:
        By elasticity and cost; a positive number is a loss. Groups are weighted by what their
        members spent before.
    """
    if len(set(blocs.values())) < 2:
        raise InputError("a split needs two blocs", "Give members of two blocs or more.")
    members: dict[str, list[str]] = {}
    for name, bloc in blocs.items():
        members.setdefault(f"bloc of {bloc}", []).append(name)
    groups = {"world": list(base.names), **members, **advanced_and_emerging(base.names)}
    chosen: dict[str, Any] = {"imbalances": "lending", **settings}
    rows: list[dict[str, float]] = []
    for elasticity, cost in product(elasticities, costs):
        barriers = split_costs(blocs, cost, base.names)
        found = solve(base, costs=barriers, elasticity=elasticity, **chosen)
        lost = {
            k: 100 * (1 - joint_welfare(found, v, base, measure)) for k, v in groups.items() if v
        }
        rows.append({"elasticity": elasticity, "cost": cost, **lost})
    return pd.DataFrame(rows).set_index(["elasticity", "cost"])
