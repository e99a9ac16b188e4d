"""Posterior of a Bayesian model by the No-U-Turn sampler, refused where the chains do not agree.

For records with few events, where the likelihood alone has no usable maximum. Models are written
for NumPyro, which `pip install worldorder[estimation]` brings.
"""

from __future__ import annotations

import functools
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

    def faults_of_few(self) -> bool:
        """Whether the draws are so bad that even a short run would be refused."""
        return bool((self.r_hat > 1.05).any() or (self.effective < 63).any())

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
    **data: Any,
) -> Posterior:
    """Draw from the posterior of a NumPyro model, without a look at the diagnostics.

    Args:
        model: takes `data` by name.
        names: sites or deterministic quantities to keep, scalars.
        seed: the same seed gives the same draws.
        draws: of each chain; as many again are spent on warming up.
        data: what the model conditions on.
    """
    one = {name: np.asarray(value)[None] for name, value in data.items()}
    return sampled_many(model, names, [seed], draws, **one)[0]


def sampled_many(
    model: Callable[..., None],
    names: Sequence[str],
    seeds: Sequence[int],
    draws: int = DRAWS,
    **data: Any,
) -> list[Posterior]:
    """The same for many data sets of one shape at once, stacked along the first axis."""
    import jax
    import jax.numpy as jnp

    keys = jax.vmap(jax.random.key)(jnp.asarray(seeds))
    held, diverging = _many(model, tuple(names), draws)(
        keys, {name: jnp.asarray(value) for name, value in data.items()}
    )
    chains = np.asarray(held, np.float64)  # (set, chain, draw, name)
    return [
        _posterior(tuple(names), chains[i], float(np.mean(diverging[i])))
        for i in range(len(chains))
    ]


@functools.lru_cache(maxsize=4)
def _many(model: Callable[..., None], names: tuple[str, ...], draws: int) -> Any:
    """Compiled sampler over data sets and chains."""
    numpyro()
    import jax
    import jax.numpy as jnp
    from numpyro.infer import MCMC, NUTS

    def chain(key: Any, data: Any) -> Any:
        sampler = MCMC(
            NUTS(model, target_accept_prob=0.95),
            num_warmup=max(draws, 200), num_samples=draws, progress_bar=False,
        )  # fmt: skip
        sampler.run(key, extra_fields=("diverging",), **data)
        held = sampler.get_samples()
        return jnp.stack([held[name] for name in names], -1), sampler.get_extra_fields()[
            "diverging"
        ]

    def chains(key: Any, data: Any) -> Any:
        return jax.vmap(chain, (0, None))(jax.random.split(key, CHAINS), data)

    return jax.jit(jax.vmap(chains))


def _posterior(names: tuple[str, ...], chains: Vector, divergent: float) -> Posterior:
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    split = [chains[..., i] for i in range(len(names))]
    return Posterior(
        names=names,
        draws=chains.reshape(-1, len(names)),
        r_hat=np.array([float(split_gelman_rubin(one)) for one in split]),
        effective=np.array([float(effective_sample_size(one)) for one in split]),
        divergent=divergent,
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
