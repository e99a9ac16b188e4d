"""How is material power divided among states, and how concentrated is it?"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from worldorder.state import Diagnostics, Now, World, pytree
from worldorder.typing import ByCountry, Scalar


@pytree
class CapabilityParameters:
    """Weights of the four measures in the power share; only their ratios matter.

    Rival forms of the literature are corners: 1 on GDP alone, 1 on GDP times GDP per head
    (Beckley 2018), or the weights with which GDP and population restate CINC.
    """

    gdp_weight: Scalar
    population_weight: Scalar
    military_weight: Scalar
    efficiency_weight: Scalar


def share_of_world(amount: ByCountry) -> ByCountry:
    r"""Share of each state in the sum over states, share.

    .. math:: s_i = x_i / \sum_j x_j
    """
    return amount / amount.sum()


def capability_share_cinc_1972(
    components: Float[Array, "country component"],
) -> Float[Array, " country"]:
    r"""Composite Index of National Capability, share.

    .. math:: s_i = \frac{1}{K} \sum_k x_{ik} / \sum_j x_{jk}

    Args:
        components: amounts :math:`x_{ik}` of each component (military spending, military
            personnel, iron and steel, energy, population, urban population), each in any unit.

    A component that is NaN for a state is left out of that state's mean, as in the published
    index, so shares then need not sum to 1.

    References:
        Singer, J. D., Bremer, S. and Stuckey, J. (1972), Capability distribution, uncertainty,
        and major power war, 1820-1965, in Russett (ed.), Peace, War, and Numbers.
    """
    return jnp.nanmean(components / jnp.nansum(components, axis=0), axis=1)


def capability_share_beckley_2018(gdp: ByCountry, population: ByCountry) -> ByCountry:
    r"""Share of the product of GDP and GDP per head, share: size discounted by its own upkeep.

    .. math:: s_i \propto Y_i \cdot Y_i / L_i

    Args:
        gdp: :math:`Y`, bn USD/year (any unit).
        population: :math:`L`, million persons (any unit).

    References:
        Beckley, M. (2018), The power of nations: measuring what matters, International Security
        43(2), doi:10.1162/isec_a_00328.
    """
    return share_of_world(gdp * gdp / population)


def capability_share(
    gdp: ByCountry, population: ByCountry, military_burden: ByCountry, params: CapabilityParameters
) -> ByCountry:
    r"""Share of world capability as a weighted mean of four shares, share.

    .. math:: s_i = \sum_k w_k s_{ik} / \sum_k w_k

    Args:
        gdp: bn USD/year.
        population: million persons.
        military_burden: military spending, share of GDP.
        params: weights of GDP, population, military spending and GDP times GDP per head.
    """
    weighted = (
        params.gdp_weight * share_of_world(gdp)
        + params.population_weight * share_of_world(population)
        + params.military_weight * share_of_world(military_burden * gdp)
        + params.efficiency_weight * capability_share_beckley_2018(gdp, population)
    )
    return share_of_world(weighted)


def concentration_con_1972(share: Float[Array, " state"]) -> Scalar:
    r"""Concentration of capability, 0 (equal shares) to 1 (one state has all).

    .. math:: CON = \sqrt{\frac{\sum_i s_i^2 - 1/N}{1 - 1/N}}

    Args:
        share: :math:`s`, shares among the N states considered; rescaled to sum to 1. Two or
            more states.

    References:
        Singer, Bremer and Stuckey (1972), as for the CINC.
    """
    among = share / share.sum()
    equal = 1.0 / among.shape[0]
    excess = jnp.maximum((among * among).sum() - equal, 0.0)
    return jnp.sqrt(excess / (1.0 - equal))


def concentration_herfindahl(share: Float[Array, " state"]) -> Scalar:
    r"""Herfindahl-Hirschman index, 1/N to 1.

    .. math:: H = \sum_i s_i^2
    """
    among = share / share.sum()
    return (among * among).sum()


def effective_poles(share: Float[Array, " state"]) -> Scalar:
    r"""Effective number of poles, 1 to N: how many equal states would be as concentrated.

    .. math:: n = 1 / H
    """
    return 1.0 / concentration_herfindahl(share)


def pole_count(share: Float[Array, " state"], threshold: float = 0.5) -> Scalar:
    r"""Number of states with at least `threshold` of the strongest state's share, count.

    .. math:: n = \#\{i : s_i \ge \kappa \max_j s_j\}

    The threshold :math:`\kappa` is a convention: report results for more than one.
    """
    return (share >= threshold * share.max()).sum().astype(share.dtype)


def diagnose(world: World, now: Now, params: CapabilityParameters) -> Diagnostics:
    """Power shares of the moment."""
    share = capability_share(now.diagnostics.gdp, world.population, world.military_burden, params)
    return replace(now.diagnostics, power_share=share)
