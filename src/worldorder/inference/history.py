"""Order indices on the record 1816-2024: do they show the eras that historians name?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from worldorder.inference.record_view import FIRST, LAST, Record, record, year_view
from worldorder.mechanisms.order_view import OrderView
from worldorder.mechanisms.orders import OrderParameters, hegemony_by_state, order_indices
from worldorder.parameters.loader import draw_parameters, load_parameters
from worldorder.results.order_record import lower_share
from worldorder.results.orders import ORDERS

if TYPE_CHECKING:
    import pandas as pd

# The multilateral index needs health of institutions, of which there is no record.
RECORDED: Final = tuple(name for name in ORDERS if name != "multilateral")
WINDOW: Final = 5  # years on either side of a turning point
# Years that the model names for an order; what a reading of the indices is held against.
NAMED_ERAS: Final = {
    "concert": (1816, 1853),
    "coalition": (1950, 1989),
    "hegemony": (1992, 2008),
}
TURNS_FROM: Final = 0.1  # change of the mean from which a year is a turning point


@dataclass(frozen=True)
class Expectation:
    """What `model.md` expects of an index before any was computed, and whether it is so."""

    says: str
    expected: str
    found: str
    holds: bool


@dataclass(frozen=True)
class History:
    """Indices by order and year at the shipped values, and their range over drawn thresholds.

    `indices` and `core` have shape (order, year), the latter of what the whole record has; `low`
    and `high` are the 10th and 90th percentile over draws of the parameters, of the core.
    """

    years: NDArray[np.int64]
    indices: NDArray[np.float64]
    core: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    leaders: tuple[str, ...]
    of_usa: NDArray[np.float64]  # hegemony of the United States by year, core

    def of(self, order: str) -> NDArray[np.float64]:
        """The core index of an order by year."""
        return self.core[RECORDED.index(order)]


def history(draws: int = 20, seed: int = 1, first: int = FIRST, last: int = LAST) -> History:
    """Compute the indices on the record.

    Args:
        draws: of thresholds and weights, for the range.
        seed: of the draws.
        first: first year, 1816 at the earliest.
        last: last year, 2024 at the latest.
    """
    of, shipped = record(), _shipped()
    drawn = _drawn(draws, seed)
    years = np.arange(first, last + 1)
    rows = [_year(of, int(year), shipped, drawn) for year in years]
    full, core, spread, leaders, usa = (list(column) for column in zip(*rows, strict=True))
    ranges = np.stack(spread, axis=-1)
    low, high = np.nanquantile(ranges, (0.1, 0.9), axis=0)
    return History(
        years,
        np.stack(full, axis=-1),
        np.stack(core, axis=-1),
        low,
        high,
        tuple(leaders),
        np.array(usa, np.float64),
    )


@jax.jit
def _indices(view: OrderView, params: OrderParameters) -> Any:
    found = order_indices(view, params)
    return jnp.stack([found[name] for name in RECORDED])


_hegemony = jax.jit(hegemony_by_state)


def _year(of: Record, year: int, shipped: OrderParameters, drawn: OrderParameters) -> Any:
    whole, _ = year_view(of, year, shipped)
    core, _ = year_view(of, year, shipped, core=True)
    leader = of.codes[int(np.argmax(np.asarray(core.leader)))]
    usa = float(_hegemony(core, shipped)[of.place["USA"]])
    spread = _over_draws(core, drawn)
    return _indices(whole, shipped), _indices(core, shipped), spread, leader, usa


@jax.jit
def _over_draws(view: OrderView, drawn: OrderParameters) -> Any:
    return jax.lax.map(lambda params: _indices(view, params), drawn)


def _shipped() -> OrderParameters:
    values = {name: one.value for name, one in load_parameters()["orders"].items()}
    return OrderParameters(**{name: jnp.float32(value) for name, value in values.items()})


def _drawn(draws: int, seed: int) -> OrderParameters:
    orders = {"orders": load_parameters()["orders"]}
    values = draw_parameters(orders, seed, draws)["orders"]
    return OrderParameters(**{name: jnp.float32(value) for name, value in values.items()})


def turning_points(found: History) -> pd.DataFrame:
    """Years in which the mean of an index over five years differs most from the five before.

    Columns: order, year, before, after, change. A year counts where the change is .1 or more and
    the largest within five years either way; on the core, so that no turn is evidence that begins.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for order in RECORDED:
        path = found.of(order)
        places = np.arange(WINDOW, path.size - WINDOW + 1)
        before = np.array([np.nanmean(path[place - WINDOW : place]) for place in places])
        after = np.array([np.nanmean(path[place : place + WINDOW]) for place in places])
        size = np.abs(after - before)
        for at in np.flatnonzero(size >= TURNS_FROM):
            if size[at] == size[max(0, at - WINDOW) : at + WINDOW + 1].max():
                rows.append(
                    {
                        "order": order,
                        "year": int(found.years[places[at]]),
                        "before": float(before[at]),
                        "after": float(after[at]),
                        "change": float(after[at] - before[at]),
                    }
                )
    columns = ["order", "year", "before", "after", "change"]
    return pd.DataFrame(rows, columns=columns).sort_values("year", ignore_index=True)


def expectations(found: History) -> list[Expectation]:
    """The eras that the model was to show, fixed before the indices were computed."""
    years = found.years

    def mean(path: NDArray[np.float64], first: int, last: int) -> float:
        return float(np.nanmean(path[(years >= first) & (years <= last)]))

    concert, coalition = found.of("concert"), found.of("coalition")
    eras = {"1816-1853": (1816, 1853), "1854-1913": (1854, 1913), "1914-1945": (1914, 1945)}
    eras |= {"1950-1989": (1950, 1989), "1990-2014": (1990, 2014)}
    of_concert = {name: mean(concert, *ends) for name, ends in eras.items()}
    of_coalition = {name: mean(coalition, *ends) for name, ends in eras.items()}
    windows = {
        int(y): mean(found.of_usa, int(y), int(y) + 16)
        for y in years[years >= 1900]
        if y + 16 <= years[-1]
    }
    best = max(windows, key=windows.__getitem__)
    peace = {name: of_concert[name] for name in ("1816-1853", "1914-1945")}
    return [
        Expectation(
            "The concert index is highest in 1816-1853",
            "mean of 1816-1853 above that of every later era",
            _listed(of_concert),
            max(of_concert, key=of_concert.__getitem__) == "1816-1853",
        ),
        Expectation(
            "The concert index is far higher in 1816-1853 than in 1914-1945",
            "difference of the means of .2 or more",
            _listed(peace),
            peace["1816-1853"] - peace["1914-1945"] >= 0.2,
        ),
        Expectation(
            "Opposed blocs in 1950-1989",
            "coalition index higher in 1950-1989 than in any other era",
            _listed(of_coalition),
            max(of_coalition, key=of_coalition.__getitem__) == "1950-1989",
        ),
        Expectation(
            "Hegemony of the United States is highest in 1992-2008",
            "the best 17 years since 1900 begin between 1990 and 1994",
            f"best {best}-{best + 16}: {windows[best]:.2f}, 1992-2008: "
            f"{windows.get(1992, np.nan):.2f}",
            1990 <= best <= 1994,
        ),
    ]


def _listed(means: dict[str, float]) -> str:
    return ", ".join(f"{era} {value:.2f}" for era, value in means.items())


@dataclass(frozen=True)
class NamedEra:
    """Share of an era's years in which the order it is named for comes out highest."""

    order: str
    first: int
    last: int
    by_level: float  # highest index
    by_record: float  # furthest up in its own record


def named_eras(found: History) -> list[NamedEra]:
    """How often the indices name the eras of the model, by level and relative to the record.

    No era enters the relative reading, so all are held out.
    """
    relative = np.stack([lower_share(path, path) for path in found.core])
    rows: list[NamedEra] = []
    for order, (first, last) in NAMED_ERAS.items():
        inside = (found.years >= first) & (found.years <= last)
        place = RECORDED.index(order)
        level, record = (
            float((values.argmax(axis=0)[inside] == place).mean())
            for values in (found.core, relative)
        )
        rows.append(NamedEra(order, first, last, level, record))
    return rows


def record_table(found: History) -> pd.DataFrame:
    """The core by year with the leading state: what results are read against."""
    import pandas as pd

    columns = {"year": found.years, "leader": np.array(found.leaders)}
    columns |= {order: found.core[place].round(4) for place, order in enumerate(RECORDED)}
    return pd.DataFrame(columns)
