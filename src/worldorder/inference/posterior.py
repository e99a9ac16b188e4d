"""Posterior of a Bayesian model by the No-U-Turn sampler, refused where the chains do not agree.

For records with few events, where the likelihood alone has no usable maximum. Models are written
for NumPyro, which `pip install worldorder[estimation]` brings.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.errors import DataError

Vector = NDArray[np.float64]
CHAINS: Final = 4
DRAWS: Final = 1000  # a chain
# Vehtari and others (2021, doi:10.1214/20-BA1221); at most one divergence in a thousand draws
MOST_R_HAT: Final = 1.01
LEAST_SAMPLE: Final = 400.0
MOST_DIVERGENT: Final = 0.001


@dataclass(frozen=True)
class Posterior:
    """Draws of the named quantities, all chains one after the other, and how well they mixed."""

    names: tuple[str, ...]
    draws: Vector  # (draw, name)
    r_hat: Vector
    effective: Vector  # effective number of draws
    divergent: float  # share of draws

    @property
    def mean(self) -> Vector:
        """Posterior means."""
        return self.draws.mean(axis=0)

    @property
    def covariance(self) -> Vector:
        """Posterior covariance."""
        return np.atleast_2d(np.cov(self.draws.T))

    def faults(self) -> list[str]:
        """Why the draws cannot be trusted; none where they can."""
        bad = [f"R-hat of {n} is {r:.3f}" for n, r in self._worst(self.r_hat > MOST_R_HAT)]
        thin = self.effective < LEAST_SAMPLE
        bad += [f"{n} has {e:.0f} effective draws" for n, e in self._worst(thin, self.effective)]
        if self.divergent > MOST_DIVERGENT:
            bad.append(f"{self.divergent:.2%} of the draws diverged")
        return bad

    def _worst(
        self, where: NDArray[np.bool_], value: Vector | None = None
    ) -> list[tuple[str, float]]:
        held = self.r_hat if value is None else value
        return [
            (n, float(v)) for n, v, is_bad in zip(self.names, held, where, strict=True) if is_bad
        ]


def numpyro() -> Any:
    """The package.

    Raises:
        DataError: it is not installed.
    """
    try:
        return importlib.import_module("numpyro")
    except ImportError as error:
        raise DataError(
            "thin records are estimated with the package numpyro, which is not installed",
            fix="pip install 'worldorder[estimation]'",
        ) from error


def sampled(
    model: Callable[..., None],
    names: Sequence[str],
    seed: int = 0,
    draws: int = DRAWS,
    **data: object,
) -> Posterior:
    """Draw from the posterior of a NumPyro model, without a look at the diagnostics.

    Args:
        model: takes `data` by name.
        names: sites or deterministic quantities to keep, scalars.
        seed: the same seed gives the same draws.
        draws: of each chain; as many again are spent on warming up.
        data: what the model conditions on.
    """
    numpyro()
    import jax
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
    from numpyro.infer import MCMC, NUTS

    sampler = MCMC(
        NUTS(model, target_accept_prob=0.95),
        num_warmup=max(draws, 200),
        num_samples=draws,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )
    sampler.run(jax.random.key(seed), extra_fields=("diverging",), **data)
    held = sampler.get_samples(group_by_chain=True)
    chains = np.stack([np.asarray(held[name], np.float64) for name in names], axis=-1)
    split = [chains[..., i] for i in range(len(names))]
    return Posterior(
        names=tuple(names),
        draws=chains.reshape(-1, len(names)),
        r_hat=np.array([float(split_gelman_rubin(one)) for one in split]),
        effective=np.array([float(effective_sample_size(one)) for one in split]),
        divergent=float(np.mean(np.asarray(sampler.get_extra_fields()["diverging"]))),
    )


def posterior(
    model: Callable[..., None],
    names: Sequence[str],
    seed: int = 0,
    draws: int = DRAWS,
    **data: object,
) -> Posterior:
    """Draws that passed the diagnostics.

    Raises:
        DataError: the chains disagree, too few draws are effective, or too many diverged.
    """
    found = sampled(model, names, seed, draws, **data)
    faults = found.faults()
    if faults:
        raise DataError(
            f"the posterior was not explored: {'; '.join(faults)}",
            fix="Nothing is estimated from such draws. Narrow the priors or lengthen the sample.",
        )
    return found
