"""What bodies lose in a scenario, by body, size and area, and how much of that rests on imputation.

Four results are compared run by run: scenario and reference, each as estimated and with the switch
for compensation off (other payers do not answer a cut).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.panel import table
from worldorder.results.compare import band, years_of
from worldorder.results.labels import LARGE_FROM, SMALL_BELOW
from worldorder.results.measures import SIZE_CLASSES, bodies_in_question, body_mask
from worldorder.results.threshold import working_capacity
from worldorder.scenarios.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

WITH, WITHOUT = "with compensation", "without compensation"
SWITCHED_OFF: Final = {
    "funding.compensation_elasticity": 0.0,
    "funding.leading_compensation_elasticity": 0.0,
}
HEAVY: Final = 0.25  # of capacity: a heavy loss, for reporting
KNOWN, ASSUMED, DRAWN, NONE = "known", "assumed", "drawn", "no budget"


@dataclass(frozen=True)
class Losses:
    """Capacity lost by body and run, and what is known of the bodies.

    `lost` and `below` have shape (run, body) for each setting of the switch; `below` is true where
    the body is below working capacity in the scenario and not in the reference.
    """

    year: int
    bodies: pd.DataFrame
    lost: Mapping[str, Array]
    below: Mapping[str, NDArray[np.bool_]]
    revenue: Array  # mn USD/year at the start, as each run drew it where it is not known


def uncompensated(scenario: Scenario) -> Scenario:
    """The same scenario where nobody makes up for a cut."""
    return scenario.model_copy(
        update={
            "name": f"{scenario.name}, {WITHOUT}",
            "parameters": {**scenario.parameters, **SWITCHED_OFF},
        }
    )


def what_is_known() -> pd.DataFrame:
    """By body: where its budget, the leading state's payment and its notice period come from."""
    rows = table("institutions").set_index("id")
    line = rows["stated_basis"].str.startswith("UN regular budget")
    reported = rows["revenue_source"].eq("un-system-funding") & rows["revenue"].notna() & ~line
    stated = rows["stated_us_contribution"].notna() & ~reported
    budget = pd.Series("drawn from like bodies", index=rows.index)
    budget = budget.mask(rows["revenue"].notna(), "stated on a page")
    budget = budget.mask(line, "line of the UN regular budget, 2025")
    budget = budget.mask(reported, "UN system statistics, 2024")
    paid = pd.Series("drawn from like bodies", index=rows.index)
    paid = paid.mask(line, "assumed: 22 % of the line, as in the UN's assessments")
    paid = paid.mask(stated, "stated on a page: " + rows["stated_basis"])
    paid = paid.mask(reported, "UN system statistics, 2024")
    idle = ~rows["secretariat"].astype(bool)
    kind = pd.Series(DRAWN, index=rows.index)
    kind = kind.mask(reported, KNOWN).mask(line, ASSUMED).mask(idle, NONE)
    found = {
        "name": rows["name"],
        "area": rows["area"],
        "basis": kind,
        "budget": budget.mask(idle, "none of its own: works through those who take part"),
        "leading_payment": paid.mask(idle, "none: loss is that of a participant's weight"),
        "notice": rows["notice_status"].fillna("") + ": " + rows["notice_source"].fillna(""),
    }
    return pd.DataFrame(found)


def losses(results: Mapping[str, tuple[xr.Dataset, xr.Dataset]], year: int) -> Losses:
    """Losses in a year from pairs of (scenario, reference) by setting of the switch."""
    scenario, _ = results[WITH]
    mark = years_of(scenario).tolist().index(year)
    scope = body_mask(scenario, bodies_in_question(scenario))
    names = pd.Index(scenario["institution"].values[scope], name="body")
    sizes = pd.Series(scenario["size_class"].values[scope], index=names)
    lost: dict[str, Array] = {}
    below: dict[str, NDArray[np.bool_]] = {}
    for switch, pair in results.items():
        ours, theirs = (one["capacity"].values[:, mark][:, scope].astype(float) for one in pair)
        bound = working_capacity(pair[0])[:, None]
        lost[switch], below[switch] = theirs - ours, (ours < bound) & (theirs >= bound)
    known = what_is_known().loc[names].assign(size=sizes)
    return Losses(year, known, lost, below, scenario["revenue"].values[:, 0][:, scope])


def imputed_shares(found: Losses) -> dict[str, float]:
    """Share of the capacity lost (mean over runs, with compensation) by basis; sums to 1."""
    each = pd.Series(found.lost[WITH].mean(axis=0), index=found.bodies.index).clip(lower=0.0)
    share = each.groupby(found.bodies["basis"]).sum() / each.sum()
    return {kind: float(share.get(kind, 0.0)) for kind in (DRAWN, ASSUMED, NONE, KNOWN)}


def imputed_words(found: Losses) -> str:
    """What share of the answer rests on imputation, in words; to be said first."""
    share, count = imputed_shares(found), found.bodies["basis"].value_counts()
    parts = (
        (DRAWN, "on a budget or payment drawn from like bodies"),
        (ASSUMED, "on an assumed share of a known budget line"),
        (NONE, "on the assumed worth of taking part in a body without a budget"),
        (KNOWN, "on known money"),
    )
    said = "; ".join(f"{share[k]:.0%} {words} ({count.get(k, 0)} bodies)" for k, words in parts)
    return (
        f"{1 - share[KNOWN]:.0%} of the capacity lost by the {len(found.bodies)} bodies rests on "
        f"imputation or assumption: {said}."
    )


def drawn_size(revenue: Array, budget: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Size class of each body in each run by the revenue that the run drew or knew."""
    named = np.array(["small", "medium", "large"])
    return np.where(budget, named[np.digitize(revenue, [SMALL_BELOW, LARGE_FROM])], "no budget")


def by_group(found: Losses) -> pd.DataFrame:
    """One row a grouping, group and setting of the switch.

    `loss` is the mean over the bodies of the group, with its median and 80 % interval over runs;
    `body_10` to `body_90` are quantiles over bodies and runs; `heavy` is the share of bodies that
    lose a quarter or more, `below_working_capacity` of those pushed below it, means over runs.
    """
    runs = len(found.revenue)
    spread = {
        "all": np.full(found.revenue.shape, "all"),
        "size, as known": np.tile(found.bodies["size"].to_numpy(str), (runs, 1)),
        "size, as drawn": drawn_size(found.revenue, found.bodies["basis"].to_numpy() != NONE),
        "area": np.tile(found.bodies["area"].to_numpy(str), (runs, 1)),
        "basis": np.tile(found.bodies["basis"].to_numpy(str), (runs, 1)),
    }
    rows: list[dict[str, object]] = []
    for grouping, labels in spread.items():
        for group in _ordered(np.unique(labels).tolist()):
            inside = labels == group
            for switch, lost in found.lost.items():
                line = _line(lost, found.below[switch], inside)
                rows.append({"by": grouping, "group": group, "switch": switch, **line})
    return pd.DataFrame(rows)


def _ordered(groups: list[str]) -> list[str]:
    place = {name: i for i, name in enumerate(SIZE_CLASSES)}
    return sorted(groups, key=lambda name: (place.get(name, len(place)), name))


def _line(lost: Array, below: NDArray[np.bool_], inside: NDArray[np.bool_]) -> dict[str, float]:
    count = inside.sum(axis=1)
    some = count > 0
    mean = band(np.where(inside, lost, 0.0).sum(axis=1)[some] / count[some])
    low, middle, high = np.quantile(lost[inside], [0.1, 0.5, 0.9])
    return {
        "bodies": float(count.mean()),
        "loss": mean.median,
        "loss_low_80": mean.low_80,
        "loss_high_80": mean.high_80,
        "body_10": float(low),
        "body_50": float(middle),
        "body_90": float(high),
        "heavy": float((lost[inside] >= HEAVY).mean()),
        "below_working_capacity": float(below[inside].mean()),
    }


def by_body(found: Losses) -> pd.DataFrame:
    """One row a body, those that lose most first: loss with and without compensation, and basis."""
    made = found.bodies.rename_axis("body").reset_index()
    for switch, lost in found.lost.items():
        short = switch.split()[0]
        bands = [dataclasses.asdict(band(column)) for column in lost.T]
        made[f"loss_{short}"] = [one["median"] for one in bands]
        made[f"loss_{short}_low_80"] = [one["low_80"] for one in bands]
        made[f"loss_{short}_high_80"] = [one["high_80"] for one in bands]
        made[f"below_{short}"] = found.below[switch].mean(axis=0)
    made["revenue_mn_usd"] = np.where(
        found.bodies["basis"] == NONE, np.nan, np.median(found.revenue, axis=0)
    )
    return made.sort_values("loss_with", ascending=False, ignore_index=True)
