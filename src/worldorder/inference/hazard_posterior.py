r"""Do posteriors of pacts and turnover agree with the normal approximation that runs draw?

Yearly hazards with complementary log-log link, as in `dyadic_regression`,

$$\log h = c + x \beta + \log y + u_a + u_b, \quad u \sim N(0, \tau)$$

with $y$ the years that a row covers: once without the effects $u$ of states, as runs have it, and
once with them instead of clustered errors, for rows that share a state depend on each other. With
them the slopes are those within a state. Priors, which rest on no event: $c$ at the means of the
covariates normal -5, 3 (one event in 60,000 years to nearly every year, within two standard
deviations); slopes normal 0, 2.5 per two standard deviations of their covariate (Gelman and others
2008, doi:10.1214/08-AOAS191); $\tau$ half-normal 1.
Run: `worldorder evidence hazard-posterior --raw DIR`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.inference.alliance_samples import samples
from worldorder.inference.dyadic_regression import Regression
from worldorder.inference.estimate_alliances import (
    FIRST_YEAR,
    LAST_YEAR,
    model_hazards,
    pair_rows,
)
from worldorder.inference.estimate_turnover import fit, governing_parties, turnovers
from worldorder.inference.posterior import Posterior, numpyro, posterior
from worldorder.inference.state_record import read_state_record

Vector = NDArray[np.float64]
Named = Mapping[str, float]
CONTROLS: Final = 8000  # rows without event that are kept, of either kind of border
BORDER: Final = "land_border"
CLOSE: Final = 0.5  # of an error: means further apart, or
ALIKE: Final = (2 / 3, 1.5)  # spreads outside this ratio, count as different
SPREAD: Final = "spread_of_states"
DRAWS: Final = {False: 1000, True: 1500}  # of each of four chains, without and with states' effects


@dataclass(frozen=True)
class Rows:
    """Rows at risk: covariates, event, weight, years, and the numbers of their states."""

    names: tuple[str, ...]
    covariates: Vector  # (row, name)
    event: Vector
    weight: Vector
    years: Vector
    state: NDArray[np.int64]  # (row, 1 or 2)

    @property
    def data(self) -> dict[str, Any]:
        """What the model conditions on; covariates less their means, per two deviations."""
        centre, scale = self.covariates.mean(0), 2 * self.covariates.std(0)
        number = pd.factorize(self.state.ravel())[0].reshape(self.state.shape)
        return {
            "covariates": (self.covariates - centre) / scale, "event": self.event,
            "weight": self.weight, "log_years": np.log(self.years), "state": number,
            "centre": centre, "scale": scale, "states": np.zeros(number.max() + 1),
        }  # fmt: skip


@functools.cache
def model(names: tuple[str, ...], effects: bool) -> Callable[..., None]:
    """The model for NumPyro, with effects of states or without; takes `Rows.data`."""
    numpyro()
    import jax.numpy as jnp
    from numpyro import deterministic, factor, sample
    from numpyro import distributions as dist

    def hazards(
        covariates: Any, event: Any, weight: Any, log_years: Any, state: Any, centre: Any,
        scale: Any, states: Any,
    ) -> None:  # fmt: skip
        level: Any = sample("level", dist.Normal(-5.0, 3.0))
        slope: Any = sample("slope", dist.Normal(jnp.zeros(len(names)), 2.5))
        index = level + covariates @ slope + log_years
        if effects:
            spread: Any = sample(SPREAD, dist.HalfNormal(1.0))
            each: Any = sample("effect", dist.Normal(jnp.zeros_like(states), 1.0))
            index = index + spread * each[state].sum(1)
        hazard = jnp.exp(jnp.clip(index, -30.0, 5.0))
        happens = jnp.log(-jnp.expm1(-hazard))
        factor("rows", (weight * jnp.where(event > 0, happens, -hazard)).sum())
        for i, name in enumerate(names):
            deterministic(name, slope[i] / scale[i])
        deterministic("constant", level - (centre * slope / scale).sum())

    return hazards


def hazard_posterior(rows: Rows, effects: bool, seed: int = 0) -> Posterior:
    """Posterior of the constant and the slopes, and of the spread of states where it is there.

    Raises:
        DataError: the chains disagree.
    """
    names = ("constant", *rows.names, *((SPREAD,) if effects else ()))
    return posterior(model(rows.names, effects), names, seed, DRAWS[effects], **rows.data)


def pact_rows(rows: pd.DataFrame, event: str, names: Sequence[str], seed: int = 0) -> Rows:
    """Every event and a sample of the rest, weighted for those left out."""
    happened = rows[event].to_numpy(float)
    kept = [rows[happened > 0].assign(weight=1.0)]
    draw = np.random.default_rng(seed)
    for _, same in rows[happened == 0].groupby(BORDER):
        chosen = draw.permutation(len(same))[:CONTROLS]
        kept.append(same.iloc[chosen].assign(weight=len(same) / len(chosen)))
    held = pd.concat(kept)
    return Rows(
        tuple(names), held[list(names)].to_numpy(float), held[event].to_numpy(float),
        held["weight"].to_numpy(float), np.ones(len(held)), held[["a", "b"]].to_numpy(np.int64),
    )  # fmt: skip


def turnover_rows(rows: pd.DataFrame) -> Rows:
    """Elections, with the years since the one before."""
    state = pd.factorize(rows["country_text_id"])[0]
    return Rows(
        ("democracy",), rows[["democracy"]].to_numpy(float), rows["event"].to_numpy(float),
        np.ones(len(rows)), rows["years"].to_numpy(float), state[:, None],
    )  # fmt: skip


def beside(found: Posterior, value: Named, error: Named) -> pd.DataFrame:
    """Posterior beside value and error that runs draw from, by parameter: do they differ?"""
    low, high = np.quantile(found.draws, [0.05, 0.95], axis=0)
    rows: list[dict[str, object]] = []
    for name, at in value.items():
        i = found.names.index(name)
        mean, deviation = float(found.mean[i]), float(found.draws[:, i].std())
        ratio = deviation / error[name]
        apart = abs(mean - at) / error[name]
        rows.append(
            {
                "parameter": name, "drawn": at, "s.e.": error[name], "posterior": mean,
                "s.d.": deviation, "low": low[i], "high": high[i],
                "differs": bool(apart > CLOSE or not ALIKE[0] <= ratio <= ALIKE[1]),
                "r_hat": found.r_hat[i], "effective": found.effective[i],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _of_regression(fitted: Regression) -> tuple[dict[str, float], dict[str, float]]:
    names = ("constant", *fitted.covariates)
    value = {n: float(v) for n, v in zip(names, fitted.coefficient, strict=True)}
    return value, {n: float(e) for n, e in zip(names, fitted.standard_error, strict=True)}


def _both(rows: Rows, title: str, value: Named, error: Named) -> dict[str, pd.DataFrame]:
    """The table without effects of states and that with them."""
    return {
        f"{title}{', with effects of states' * effects}": beside(
            hazard_posterior(rows, effects), value, error
        )
        for effects in (False, True)
    }


def pacts_beside(raw: Path) -> dict[str, pd.DataFrame]:
    """Tables of onsets and ends of defence pacts of two."""
    held = samples(read_state_record(raw), "defence", range(FIRST_YEAR, LAST_YEAR + 1))
    tables: dict[str, pd.DataFrame] = {}
    for process, fitted in model_hazards(held).items():
        rows, event = pair_rows(held, process)
        title = f"{process}: {fitted.events} in {fitted.rows:,} rows"
        chosen = pact_rows(rows, event, fitted.covariates)
        tables |= _both(chosen, title, *_of_regression(fitted))
    return tables


def turnover_beside(raw: Path) -> dict[str, pd.DataFrame]:
    """Tables of changes of the governing party."""
    rows = turnovers(governing_parties(raw))
    fitted = fit(rows, ["democracy"])
    names = {"const": "constant", "democracy": "democracy"}
    value = {names[str(n)]: float(v) for n, v in fitted.params.items()}
    error = {names[str(n)]: float(e) for n, e in fitted.bse.items()}
    title = f"turnover: {int(rows['event'].sum())} in {len(rows):,} elections"
    return _both(turnover_rows(rows), title, value, error)


def report(raw: Path) -> None:
    """Print posteriors beside values and errors that runs draw."""
    for title, table in (pacts_beside(raw) | turnover_beside(raw)).items():
        print(f"\n### {title}\n\n{table.round(3).to_string(index=False)}")
