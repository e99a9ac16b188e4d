"""Derivatives by the implicit-function theorem, against finite differences."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from economies import small_flows

from worldorder.mechanisms.trade.baseline import economy_of_flows
from worldorder.mechanisms.trade.equilibrium import Change, Technology, access
from worldorder.mechanisms.trade.outcome import outcome
from worldorder.mechanisms.trade.solver import Shock, equilibrium


def welfare(tariff, elasticity, labour_supply):
    flows = jnp.asarray(small_flows().to_numpy())
    base = economy_of_flows(flows)
    none = jnp.zeros(6)
    technology = Technology(elasticity, labour_supply=labour_supply)
    opened = access(base.share, tariff, jnp.ones((6, 6)), technology)
    shock = Shock(opened, tariff, none)
    start = Change(none, None if labour_supply is None else none)
    found = equilibrium(shock, base, technology, start, 1e-13, 500)
    return outcome(found.change, shock, base, technology).welfare


@pytest.mark.parametrize("labour_supply", [None, 0.5])
def test_gradient_with_tariffs_and_elasticity(labour_supply):
    with jax.enable_x64(True):
        supply = None if labour_supply is None else jnp.asarray(labour_supply)
        rates = np.random.default_rng(1).uniform(0, 0.3, (6, 6))
        np.fill_diagonal(rates, 0)
        tariff, theta = jnp.asarray(rates), jnp.asarray(4.0)

        def own(tariff, theta):
            return welfare(tariff, theta, supply)[2]

        by_tariff, by_theta = jax.grad(own, argnums=(0, 1))(tariff, theta)
        step = 1e-5
        for i, j in ((0, 2), (3, 2), (2, 1)):
            bump = jnp.zeros((6, 6)).at[i, j].set(step)
            slope = (own(tariff + bump, theta) - own(tariff - bump, theta)) / (2 * step)
            assert np.isclose(by_tariff[i, j], slope, rtol=1e-5, atol=1e-9)
        slope = (own(tariff, theta + step) - own(tariff, theta - step)) / (2 * step)
        assert np.isclose(by_theta, slope, rtol=1e-5)


def test_forward_and_reverse_agree():
    with jax.enable_x64(True):
        tariff = jnp.zeros((6, 6)).at[1, 0].set(0.2)
        own = lambda t: welfare(t, jnp.asarray(4.0), None)  # noqa: E731
        assert np.allclose(jax.jacfwd(own)(tariff), jax.jacrev(own)(tariff), atol=1e-10)


def test_a_mapped_solution_is_the_single_one():
    with jax.enable_x64(True):
        rates = jnp.stack([jnp.zeros((6, 6)).at[1, 0].set(rate) for rate in (0.0, 0.1, 0.8)])
        own = lambda t: welfare(t, jnp.asarray(4.0), None)  # noqa: E731
        assert np.allclose(jax.vmap(own)(rates), jnp.stack([own(t) for t in rates]), atol=1e-10)
