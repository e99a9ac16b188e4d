"""What is read off a run: group totals and means of its variables, one path a run.

Groups of states are those of the result's `country_group`; the leading state is a group of one.
States and bodies without a value are left out of a group, in both results of a pair alike, and
are never taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import ResultError
from worldorder.results.compare import Draws, first_mark, years_of
from worldorder.results.orders import ORDERS
from worldorder.results.threshold import working_capacity
from worldorder.variables import variables

if TYPE_CHECKING:
    import xarray as xr

LEADING: Final = "leading state"
STATE_GROUPS: Final = (LEADING, "allies", "rivals", "rest")
OTHERS: Final = "all other states"
FOCUS: Final = "bodies in question"
WORLD: Final = "world"
ALL_BODIES: Final = "all bodies"
SIZE_CLASSES: Final = ("large", "medium", "small", "unknown", "no budget")

Theme = Literal["order", "institutions", "money", "alignment", "economy", "currency"]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Measure:
    """One number of the world by run and year, of a group of states or bodies.

    `path` has shape (run, time); `members` counts the states or bodies in it and `imputed`
    those of them whose size is imputed; `is_amount` where a change in per cent makes sense.
    """

    theme: Theme
    name: str
    group: str
    label: str
    unit: str
    path: Draws
    members: int
    imputed: int = 0
    is_amount: bool = False

    @property
    def title(self) -> str:
        """Label and group."""
        return f"{self.label}, {self.group}"


def measures(dataset: xr.Dataset, threshold: Draws | None = None) -> list[Measure]:
    """All measures of a result, in the order in which they are shown.

    `threshold` is the working capacity of every run, shape (run,); by default as the run drew it.
    """
    return [
        *_order(dataset),
        *_capacity(dataset),
        *_below_working_capacity(
            dataset, working_capacity(dataset) if threshold is None else threshold
        ),
        *_income_of_focus(dataset),
        *_payments_to_focus(dataset),
        *_alignment(dataset),
        *_economy(dataset),
        *_trade_effect(dataset),
        *_currency(dataset),
    ]


def measure_of(dataset: xr.Dataset, name: str, group: str) -> Measure:
    """One measure of a result.

    Raises:
        ResultError: the result has no such measure of such a group.
    """
    found = {(one.name, one.group): one for one in measures(dataset)}
    if (name, group) not in found:
        known = [f"{n} of {g}" for n, g in found]
        raise ResultError(f"no measure {name} of {group}", f"There is: {'; '.join(known)}.")
    return found[name, group]


def seen_with(reference: xr.Dataset, result: xr.Dataset) -> xr.Dataset:
    """The reference with the groups and the bodies in question of the result it is paired with."""
    return reference.assign_coords({name: result[name] for name in ("country_group", "focus")})


def marks(dataset: xr.Dataset, years: tuple[int, ...]) -> list[tuple[int, int]]:
    """Index and year of the marks asked for that a result has; its last mark if it has none."""
    own = years_of(dataset).tolist()
    found = [(own.index(year), year) for year in years if year in own]
    return found or [(len(own) - 1, own[-1])]


def state_mask(dataset: xr.Dataset, group: str) -> Mask:
    """States of a group, shape (country,)."""
    groups = dataset["country_group"].values
    return groups != LEADING if group == OTHERS else groups == group


def leading_name(dataset: xr.Dataset) -> str:
    """Name of the leading state."""
    return str(dataset["country_name"].values[state_mask(dataset, LEADING)][0])


def body_mask(dataset: xr.Dataset, group: str) -> Mask:
    """Bodies of a group, shape (institution,)."""
    if group == ALL_BODIES:
        return np.ones(dataset.sizes["institution"], dtype=bool)
    return np.asarray(dataset["focus"].values, dtype=bool)


def bodies_in_question(dataset: xr.Dataset) -> str:
    """The group that the scenario is about: the bodies that its levers touch, or all."""
    return FOCUS if body_mask(dataset, FOCUS).any() else ALL_BODIES


def budget_label(size: str) -> str:
    """Size class of a body in words."""
    return size if size == "no budget" else f"{size} budget"


def _kept(values: Draws, mask: Mask) -> tuple[Draws, Mask]:
    """Values of the entities of a group that have one in every run and year, and which they are."""
    known = mask & ~np.isnan(values).any(axis=(0, 1))
    return values[:, :, known], known


def _order(dataset: xr.Dataset) -> Iterator[Measure]:
    """Order indices and what they rest on, of the world as a whole."""
    names = [f"order_{name}" for name in ORDERS]
    for name in (*names, "leading_hegemony", "opposing_power", "institution_health"):
        if name in dataset:
            entry, path = variables()[name], dataset[name].values.astype(np.float64)
            yield Measure("order", name, WORLD, entry.label, entry.unit, path, 1)


def _currency(dataset: xr.Dataset) -> Iterator[Measure]:
    """Shares of currencies in world reserves."""
    if "reserve_share" not in dataset:
        return
    entry, values = variables()["reserve_share"], dataset["reserve_share"].values
    for place, code in enumerate(dataset["currency"].values):
        path = values[:, :, place].astype(np.float64)
        yield Measure("currency", "reserve_share", str(code), entry.label, entry.unit, path, 1)


def _capacity(dataset: xr.Dataset) -> Iterator[Measure]:
    values, sizes = dataset["capacity"].values, dataset["size_class"].values
    for scope in dict.fromkeys((bodies_in_question(dataset), ALL_BODIES)):
        inside = body_mask(dataset, scope)
        for size in (None, *SIZE_CLASSES):
            kept, known = _kept(values, inside if size is None else inside & (sizes == size))
            if known.any():
                yield Measure(
                    "institutions",
                    "capacity",
                    scope if size is None else f"{scope}, {budget_label(size)}",
                    "Mean capacity",
                    variables()["capacity"].unit,
                    kept.mean(axis=2),
                    int(known.sum()),
                    _imputed(dataset, known),
                )


def _below_working_capacity(dataset: xr.Dataset, threshold: Draws) -> Iterator[Measure]:
    for scope in dict.fromkeys((bodies_in_question(dataset), ALL_BODIES)):
        kept, known = _kept(dataset["capacity"].values, body_mask(dataset, scope))
        yield Measure(
            "institutions",
            "below_working_capacity",
            scope,
            "Bodies below working capacity",
            "count",
            (kept < threshold[:, None, None]).sum(axis=2).astype(np.float64),
            int(known.sum()),
            _imputed(dataset, known),
        )


def _income_of_focus(dataset: xr.Dataset) -> Iterator[Measure]:
    scope = bodies_in_question(dataset)
    kept, known = _kept(dataset["revenue"].values, body_mask(dataset, scope))
    if known.any():
        yield Measure(
            "money",
            "revenue",
            scope,
            "Income of the bodies",
            variables()["revenue"].unit,
            kept.sum(axis=2, dtype=np.float64),
            int(known.sum()),
            _imputed(dataset, known),
            is_amount=True,
        )


def _payments_to_focus(dataset: xr.Dataset) -> Iterator[Measure]:
    for group in (LEADING, OTHERS):
        kept, known = _kept(dataset["contribution_to_focus"].values, state_mask(dataset, group))
        if known.any():
            yield Measure(
                "money",
                "contribution_to_focus",
                group,
                f"Paid to {bodies_in_question(dataset)}",
                variables()["contribution_to_focus"].unit,
                kept.sum(axis=2, dtype=np.float64),
                int(known.sum()),
                is_amount=True,
            )


def _imputed(dataset: xr.Dataset, known: Mask) -> int:
    return int((known & np.asarray(dataset["budget_imputed"].values, dtype=bool)).sum())


def voting_distance(dataset: xr.Dataset) -> Draws:
    """Distance of every state's ideal point to the leading state's, shape (run, time, country)."""
    ideal_point = dataset["ideal_point"].values
    return np.abs(ideal_point - ideal_point[:, :, state_mask(dataset, LEADING)])


def _alignment(dataset: xr.Dataset) -> Iterator[Measure]:
    """Means over states, each state counting once."""
    paths: list[tuple[str, str, str, Draws]] = [
        (
            "joint_memberships",
            "Joint memberships with the leading state (mean)",
            "count",
            dataset["joint_memberships"].values,
        ),
        (
            "voting_distance",
            "Voting distance to the leading state (mean)",
            "ideal point",
            voting_distance(dataset),
        ),
        (
            "trust_in_leading_state",
            "Trust in the leading state (mean)",
            "share",
            dataset["trust_in_leading_state"].values,
        ),
    ]
    stances = ("aligns_with_leading_state", "opposes_leading_state")
    paths += [
        (name, f"{variables()[name].label} (mean)", "probability", dataset[name].values)
        for name in stances
        if name in dataset
    ]
    for name, label, unit, values in paths:
        for group in (OTHERS, *STATE_GROUPS[1:]):
            kept, known = _kept(values, state_mask(dataset, group))
            if known.any():
                yield Measure(
                    "alignment",
                    name,
                    group,
                    label,
                    unit,
                    kept.mean(axis=2, dtype=np.float64),
                    int(known.sum()),
                )


def _trade_effect(dataset: xr.Dataset) -> Iterator[Measure]:
    """Mean over states of the effect of trade policy on real income, weighted by GDP."""
    for group in STATE_GROUPS:
        mask = state_mask(dataset, group)
        if mask.any():
            weight, effect = (dataset[name].values[:, :, mask] for name in ("gdp", "real_income"))
            yield Measure(
                "economy",
                "real_income",
                group,
                "Effect of trade policy on real income (mean)",
                variables()["real_income"].unit,
                np.average(effect, axis=2, weights=weight).astype(np.float64),
                int(mask.sum()),
            )


def _economy(dataset: xr.Dataset) -> Iterator[Measure]:
    """Sums over states."""
    prices = first_mark(dataset).year - 1
    labels: dict[Any, str] = {
        "trade": "Goods trade",
        "gdp": f"Real income (GDP at {prices} prices)",
    }
    for name, label in labels.items():
        for group in STATE_GROUPS:
            kept, known = _kept(dataset[name].values, state_mask(dataset, group))
            if known.any():
                yield Measure(
                    "economy",
                    name,
                    group,
                    label,
                    variables()[name].unit,
                    kept.sum(axis=2, dtype=np.float64),
                    int(known.sum()),
                    is_amount=True,
                )
