r"""How far and how fast other payers step in: the path of their payments after a cut.

With the mechanism's own relaxation, a cut at the turn of the year raises what the others pay in the
year $h$ after it by

$$\bar c_h = \epsilon s \left(1 - e^{-k h} \frac{1 - e^{-k}}{k}\right)$$

with $s$ the share of revenue lost, $\epsilon$ the elasticity for the leading state's cuts or for
those of others, $k$ the rate. Entity-years without a cut in the same year say what would have been:
effects of year and horizon are taken off by weighted means. Surprises are Student's t in units of
the entity's own spread, entities are clusters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array
from numpy.typing import NDArray

from worldorder.errors import DataError
from worldorder.inference.calibration.fit import Calibrated, Likelihood, Progress, calibrated
from worldorder.inference.calibration.positions import FREEDOM
from worldorder.inference.calibration.search import FLAT, Search
from worldorder.inference.door.estimates import Estimates, Found, estimates_of
from worldorder.inference.estimate_funding import FLOOR, compensation
from worldorder.inference.funding_record import panel_money, responses
from worldorder.inference.scoring import crps
from worldorder.parameters.loader import Parameter

Vector = NDArray[np.float64]
NAMES: Final = (
    "compensation_elasticity", "leading_compensation_elasticity", "log_compensation_rate",
    "log_scale",
)  # fmt: skip
SEARCH: Final = Search(
    NAMES, (0.5, 0.5, float(np.log(2.0)), 0.0),
    ((0.0, 3.0), (0.0, 3.0), (-2.3, 3.4), (-4.0, 2.0)), (0.2, 0.2, 0.5, 0.2),
    ((0.5, 0.5), (0.5, 0.5), (float(np.log(2.0)), 1.0), FLAT),
)  # fmt: skip
FORM: Final = "compensation"
LEADER: Final = "USA"
RUNS: Final = 2000
UNKNOWN: Final = 0.3  # log points, spread of an entity with one row
FIRST: Final = 2013
ASSUMED_RATE: Final = (2.0, 0.6)  # a year, and error of its logarithm, as assumed before


@dataclass(frozen=True)
class Rows:
    """Entity-years by horizon, as arrays (row,)."""

    rise: Array
    lost: Array
    by_leader: Array
    horizon: Array
    spread: Array  # of the entity's rises, log points
    group: Array  # number of year and horizon
    entity: Array  # number


def rows_known(to: int) -> pd.DataFrame:
    """Responses of the shipped record to a year, with the spread of each entity."""
    rows = responses(panel_money(to))
    rows = rows[np.isfinite(rows["rise"])]
    spread = rows.groupby("entity")["rise"].transform("std").fillna(UNKNOWN).clip(lower=FLOOR)
    return rows.assign(spread=spread, leader=rows["cutters"].str.contains(LEADER))


def arrays(rows: pd.DataFrame) -> Rows:
    """For the likelihood."""
    group = rows["year"].astype(str) + "/" + rows["horizon"].astype(str)
    plain = (jnp.asarray(rows[n].to_numpy(float)) for n in ("rise", "lost_share", "leader"))
    held = (jnp.asarray(rows[n].to_numpy(float)) for n in ("horizon", "spread"))
    numbers = (jnp.asarray(pd.factorize(x)[0]) for x in (group, rows["entity"]))
    return Rows(*plain, *held, *numbers)


def come_in(rate: Array, horizon: Array) -> Array:
    """Share of the compensation that has come, on average over the year `horizon` after a cut."""
    return 1 + jnp.exp(-rate * horizon) * jnp.expm1(-rate) / rate


def by_entity(held: Rows, search: Array) -> Array:
    """Log likelihood by entity."""
    elasticity = jnp.where(held.by_leader > 0, search[1], search[0])
    expected = jnp.log1p(elasticity * held.lost * come_in(jnp.exp(search[2]), held.horizon))
    weight, groups = held.spread**-2, len(np.unique(held.group))
    left = held.rise - expected
    total = jax.ops.segment_sum(weight, held.group, groups)
    mean = jax.ops.segment_sum(weight * left, held.group, groups) / total
    ratio = (left - mean[held.group]) / (held.spread * jnp.exp(search[3]))
    each = -0.5 * (FREEDOM + 1) * jnp.log1p(ratio**2 / FREEDOM) - search[3]
    return jax.ops.segment_sum(each, held.entity, len(np.unique(held.entity)))


def fitted(rows: pd.DataFrame, progress: Progress | None = None) -> Calibrated:
    """The most likely elasticities and rate.

    Raises:
        DataError: no cut is on record.
    """
    if not (rows["lost_share"] > 0).any():
        raise DataError("no cut is on record", "Give a later year with --to.")
    held = arrays(rows)
    return calibrated(Likelihood.by(lambda z: by_entity(held, z)), FORM, SEARCH, progress)


def estimates(found: Calibrated, rows: pd.DataFrame, to: int) -> Estimates:
    """Parameters that runs can draw."""
    cases = rows[rows["lost_share"] > 0].groupby(["entity", "year"]).ngroups
    source = (
        f"Revenue of UN entities by donor, {cases} cuts, path of the others' payments over four "
        "years, worldorder.inference.calibration.compensation; errors by entity, weak priors."
    )
    names = ("compensation_elasticity", "leading_compensation_elasticity", "compensation_rate")
    value = [*found.value[:2], float(np.exp(found.value[2]))]
    made = {
        name: Found(float(v), float(e), (FIRST, to), source)
        for name, v, e in zip(names, value, found.standard_error, strict=False)
    }
    return estimates_of("funding", made, len(rows), found.covariance[:3, :3], names)


def before(rows: pd.DataFrame) -> Mapping[str, tuple[float, float]]:
    """Elasticities by regression on the first two years, the rate assumed: value and error."""
    first = rows[rows["horizon"] <= 1]
    others = compensation(first[~first["leader"]])
    leading = first[first["leader"] | (first["lost_share"] == 0)]
    led = compensation(leading) if first["leader"].any() else others
    return {
        "compensation_elasticity": (others.elasticity, others.standard_error),
        "leading_compensation_elasticity": (led.elasticity, led.standard_error),
        "compensation_rate": ASSUMED_RATE,
    }


def of_parameters(named: Mapping[str, Parameter]) -> Mapping[str, tuple[float, float]]:
    """Value and error by name."""
    return {n: (p.value, float(p.standard_error or 0.0)) for n, p in named.items()}


def scores(
    later: pd.DataFrame, known: pd.DataFrame, sets: Mapping[str, Mapping[str, tuple[float, float]]],
    scale: float, origin: int,
) -> pd.DataFrame:  # fmt: skip
    """CRPS of the rise after each cut later than the origin, one row a set, cut and horizon.

    Args:
        later: rows of the whole record.
        known: rows to the origin, which tell the spread of an entity (0.3 where it has none).
        sets: elasticities and rate with their errors, by name of the set.
        scale: of surprises, in spreads of the entity.
        origin: last year known.
    """
    spread = known.groupby("entity")["spread"].first()
    later = later.assign(spread=later["entity"].map(spread).fillna(UNKNOWN))
    calm = later[later["lost_share"] == 0].groupby(["year", "horizon"])["rise"].mean()
    cuts = later[(later["lost_share"] > 0) & (later["year"] > origin)]
    usual = calm.reindex(pd.MultiIndex.from_frame(cuts[["year", "horizon"]])).to_numpy(float)
    cuts = cuts.assign(usual=usual).dropna(subset=["usual"])
    draw = np.random.default_rng(1)
    noise = draw.standard_t(FREEDOM, (len(cuts), RUNS)) * scale * cuts[["spread"]].to_numpy()
    shocks = draw.standard_normal((3, RUNS))
    found: list[pd.DataFrame] = []
    for name, held in sets.items():
        value = [v + e * z for (v, e), z in zip(_two(held), shocks, strict=False)]
        rate, error = held["compensation_rate"]
        speed = rate * np.exp(error * shocks[2])
        elasticity = np.where(cuts[["leader"]], value[1], value[0])
        come = np.asarray(come_in(jnp.asarray(speed), jnp.asarray(cuts[["horizon"]].to_numpy())))
        rise = np.log1p(np.maximum(elasticity * cuts[["lost_share"]].to_numpy() * come, -0.9))
        made = cuts[["usual"]].to_numpy() + rise + noise
        score = crps(cuts["rise"].to_numpy(float), made)
        found.append(
            cuts[["entity", "year", "horizon"]].assign(
                set=name, origin=origin, case=cuts["year"], crps=score
            )
        )
    return pd.concat(found, ignore_index=True)


def _two(held: Mapping[str, tuple[float, float]]) -> list[tuple[float, float]]:
    return [held["compensation_elasticity"], held["leading_compensation_elasticity"]]
