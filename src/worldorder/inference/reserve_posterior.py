"""How sticky shares of currencies in reserves are: a posterior, since 25 years tell little.

Yearly changes of log odds against the dollar. A named currency closes a part of the gap to a level
that grows with the relative size of its area; the others drift. All share a shock of the year.

Priors, which rest on no reserves after 1999:
`rate` lognormal around .1 a year with factor 2 (Chinn and Frankel 2007 find about .1 in 1973-98);
`size` normal .75, .5, above 0 (none to more than proportion); `level` normal -1.5, 1.5 (log odds of
a currency of equal size); `drift` normal 0, .1; `common`, `own` lognormal around .07 with factor 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from worldorder.inference.posterior import Posterior, numpyro, posterior

NAMES = ("log_rate", "size", "drift", "log_common", "log_own")
FEWEST_YEARS = 3  # of changes


def reserve_data(odds: pd.DataFrame, size: pd.DataFrame, last: int) -> dict[str, Any]:
    """Change, level and relative size by year (row) and currency; NaN where not known."""
    known = odds.loc[:last]
    change = (known.shift(-1) - known).iloc[:-1]
    place = size.reindex(index=change.index, columns=change.columns)
    named = np.array([c in size.columns for c in change.columns])
    whole = change.notna() & (place.notna() | ~named)
    return {
        "change": change.where(whole).to_numpy(float),
        "level": known.iloc[:-1].where(whole).to_numpy(float),
        "size": place.where(whole).fillna(0.0).to_numpy(float),
        "named": named,
    }


def reserve_model(change: Any, level: Any, size: Any, named: Any) -> None:
    """The model, for NumPyro; arguments are those of `reserve_data`."""
    import jax.numpy as jnp

    numpyro()
    from numpyro import deterministic, factor, sample
    from numpyro import distributions as dist

    log_rate = sample("log_rate", dist.Normal(jnp.log(0.1), jnp.log(2.0)))
    slope = sample("size", dist.TruncatedNormal(0.75, 0.5, low=0.0))
    base = sample("level", dist.Normal(-1.5, 1.5))
    drift = sample("drift", dist.Normal(0.0, 0.1))
    log_common = sample("log_common", dist.Normal(jnp.log(0.07), jnp.log(2.0)))
    log_own = sample("log_own", dist.Normal(jnp.log(0.07), jnp.log(2.0)))
    known = jnp.isfinite(change)
    here = jnp.where(known, level, 0.0)
    closed = -jnp.expm1(-jnp.exp(log_rate)) * (base + slope * size - here)
    left = jnp.where(known, change - jnp.where(named, closed, drift), 0.0)
    deterministic("rate", jnp.exp(log_rate))
    factor("changes", log_density(left, known, jnp.exp(log_common), jnp.exp(log_own)))


def log_density(left: Any, known: Any, common: Any, own: Any) -> Any:
    r"""Log density of residuals with a shared shock by year, summed over years.

    $$\Sigma_t = \sigma_o^2 I + \sigma_c^2 \mathbf 1 \mathbf 1^\top$$ over the currencies known.
    """
    import jax.numpy as jnp

    count = known.sum(1)
    whole = own**2 + count * common**2
    squares = (left**2).sum(1) - common**2 / whole * left.sum(1) ** 2
    logs = 2 * (count - 1) * jnp.log(own) + jnp.log(whole) + count * jnp.log(2 * jnp.pi)
    return -0.5 * jnp.where(count > 0, squares / own**2 + logs, 0.0).sum()


def reserve_posterior(
    odds: pd.DataFrame, size: pd.DataFrame, last: int, seed: int = 0
) -> Posterior:
    """Posterior of `NAMES` on the years to `last`."""
    return posterior(reserve_model, NAMES, seed, **reserve_data(odds, size, last))
