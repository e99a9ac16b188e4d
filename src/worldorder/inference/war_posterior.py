"""Which disputes become wars: a posterior, since there are only some twenty wars among them.

Logit in rivalry, the ratio of capabilities and the lower democracy score. Priors, which rest on no
dispute: the constant normal -4, 2 (one dispute in 2,700 to one in two); the slopes normal 0, 2.5
(Gelman and others 2008, doi:10.1214/08-AOAS191). Rows are taken as independent, which makes the
errors somewhat too small.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from worldorder.inference.posterior import Posterior, numpyro, posterior

COVARIATES = ("rivalry", "log_power_ratio", "least_democracy")
NAMES = ("constant", *COVARIATES)


def war_data(disputes: pd.DataFrame) -> dict[str, Any]:
    """Covariates (row, covariate) and whether the dispute became a war."""
    columns = [disputes[name].to_numpy(float) for name in COVARIATES]
    return {"covariates": np.column_stack(columns), "war": disputes["war"].to_numpy(float)}


def war_model(covariates: Any, war: Any) -> None:
    """The model, for NumPyro; arguments are those of `war_data`."""
    numpyro()
    from numpyro import distributions as dist
    from numpyro import sample

    logit = sample("constant", dist.Normal(-4.0, 2.0))
    for i, name in enumerate(COVARIATES):
        logit = logit + sample(name, dist.Normal(0.0, 2.5)) * covariates[:, i]
    sample("war", dist.Bernoulli(logits=logit), obs=war)


def war_posterior(disputes: pd.DataFrame, seed: int = 0) -> Posterior:
    """Posterior of `NAMES`; rows have `COVARIATES`, less their reference values, and `war`."""
    return posterior(war_model, NAMES, seed, **war_data(disputes))
