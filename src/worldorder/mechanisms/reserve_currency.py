"""In which currencies do states hold their reserves, and what does it cost an issuer to lose them?

Shares are sticky: log odds against the first currency close a small part of the gap to a target a
year (Chinn and Frankel 2007, doi:10.7208/chicago/9780226107486.003.0008). The target is where
shares stood at the start, moved by what has changed since: the issuer's size, who among the
holders is owed defence by the issuer (alliance premium), what holders far from the issuer have to
fear from the sanctions it uses, and to whom it has opened swap lines. Shares move once a year.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int

from worldorder.mechanisms.membership import year_turns
from worldorder.random import Stream, normal
from worldorder.state import Events, Now, Setting, World, events_of, pytree
from worldorder.typing import ByCountry, ByCurrency, ByDyad, ByHolder, Scalar


@pytree
class ReserveCurrencyParameters:
    """How sticky shares are and what moves them; see `parameters/reserve_currency.yaml`."""

    adjustment_rate: Scalar  # 1/year
    size_elasticity: Scalar  # log odds per log of GDP
    alliance_premium: Scalar  # logit, all of a group's reserves allied against none
    sanction_fear: Scalar  # logit per ideal-point unit of distance and share of world GDP embargoed
    diversification: Scalar  # logit/year, of currencies without a named issuer, at the start
    diversification_fade: Scalar  # 1/year
    common_spread: Scalar  # logit/year^0.5, all currencies against the first
    own_spread: Scalar  # logit/year^0.5, of each currency
    yield_slope: Scalar  # share, rise of the interest rate for a loss of the whole share
    issuer_debt: Scalar  # of the first issuer's government, over GDP


_LEAST = 1e-6  # a currency without a share has no log odds


def of_issuer(values: ByDyad, issuer: Int[Array, " currency"]) -> Float[Array, "currency country"]:
    """Rows of a dyadic matrix that belong to issuers; zero for a currency without one."""
    return values.at[issuer].get(mode="fill", fill_value=0.0)


def holdings(setting: Setting, holders: int) -> Float[Array, "holder country"]:
    """What each state holds as a share of its group's reserves; rows sum to 1."""
    member = setting.holder_group == jnp.arange(holders)[:, None]
    held = member * setting.reserve_weight
    return held / jnp.maximum(held.sum(1, keepdims=True), _LEAST)


def issuer_size(gdp: ByCountry, area: Float[Array, "currency country"]) -> ByCurrency:
    """Log of the GDP of a currency's area over that of the first; 0 where no area is known."""
    size = area @ gdp
    return jnp.where(size > 0.0, jnp.log(jnp.maximum(size, _LEAST) / size[0]), 0.0)


def sanction_use(sanction: Float[Array, "currency country"], gdp: ByCountry) -> ByCurrency:
    """Share of world GDP that the issuer keeps under embargo."""
    return sanction @ (gdp / gdp.sum())


def pull(
    size: ByCurrency,
    allied: ByHolder,
    distance: ByHolder,
    use: ByCurrency,
    params: ReserveCurrencyParameters,
) -> ByHolder:
    r"""What draws a group's reserves to a currency, logit.

    $$q_{hc} = \eta \log (Y_c / Y_1) + a A_{hc} - f S_c D_{hc}$$

    Args:
        size: log of the GDP of the currency's area over that of the first.
        allied: $A_{hc}$, share of the group's reserves held by states that the issuer owes defence.
        distance: $D_{hc}$, mean distance of ideal points from the issuer, weighted by reserves.
        use: $S_c$, share of world GDP that the issuer keeps under embargo.
        params: $\eta$, premium $a$, fear $f$.

    References:
        Eichengreen, Mehl and Chitu (2019), Mars or Mercury? The geopolitics of international
        currency choice, Economic Policy 34, doi:10.1093/epolic/eiz005.
    """
    return (
        params.size_elasticity * size
        + params.alliance_premium * allied
        - params.sanction_fear * use * distance
    )


def world_pull(world: World, setting: Setting, params: ReserveCurrencyParameters) -> ByHolder:
    """The pull of each currency on each group as the world is."""
    held = holdings(setting, world.reserve_share.shape[0])
    issuer, gdp = setting.issuer, world.underlying_gdp
    there = world.ideal_point.at[issuer].get(mode="fill", fill_value=0.0)
    return pull(
        issuer_size(gdp, setting.currency_area),
        held @ of_issuer(world.defence_pact, issuer).T,
        held @ jnp.abs(world.ideal_point[:, None] - there),
        sanction_use(of_issuer(world.sanction, issuer), gdp),
        params,
    )


def log_odds(share: ByHolder) -> ByHolder:
    """Log odds against the first currency, logit."""
    safe = jnp.log(jnp.maximum(share, _LEAST))
    return safe - safe[:, :1]


def adjusted(
    share: ByHolder, target: ByHolder, shock: ByHolder, rate: Scalar
) -> ByHolder:  # fmt: skip
    r"""Shares one year on: $z' = z + (1 - e^{-\kappa}) (z^* - z) + \epsilon$ in log odds."""
    odds = log_odds(share)
    moved = odds - jnp.expm1(-rate) * (target - odds) + shock
    return jax.nn.softmax(jnp.where(share > 0.0, moved, -jnp.inf), axis=1)


def year_shock(
    currencies: int, years: Scalar, other: Array, params: ReserveCurrencyParameters, stream: Stream
) -> ByCurrency:
    """Change of log odds in a year by chance (exchange rates, fashion) and diversification."""
    common = params.common_spread * normal(stream, (1,))
    own = params.own_spread * normal(stream, (currencies,), draw=1)
    drift = params.diversification * jnp.exp(-params.diversification_fade * years)
    first = jnp.arange(currencies) == 0
    return jnp.where(first, 0.0, common + own + jnp.where(other, drift, 0.0))


def interest_cost(
    share: Scalar, start_share: Scalar, gdp: Scalar, params: ReserveCurrencyParameters
) -> Scalar:
    r"""What the lost share costs the first issuer's government, bn USD/year.

    $$y (s_0 - s) d Y$$, negative where the share rose.

    Args:
        share: share of world reserves, and `start_share` the same at the start.
        gdp: of the issuer, bn USD/year.
        params: slope $y$ (Eichengreen, Mehl and Chitu 2019: up to 80 basis points for some 30
            points) and debt over GDP $d$. All debt is taken to be rolled over: an upper bound in
            the first years.
    """
    return params.yield_slope * (start_share - share) * params.issuer_debt * gdp


def events(world: World, now: Now, params: ReserveCurrencyParameters, stream: Stream) -> Events:
    """Change of shares at the turn of the year, with the address of the year."""
    setting = now.setting

    def moved() -> ByHolder:
        year = jnp.floor(now.years + 1e-3)
        target = log_odds(setting.start_reserve_share)
        gap = world_pull(world, setting, params) - setting.start_reserve_pull
        target = target + gap - gap[:, :1]
        nobody = setting.issuer >= world.ideal_point.shape[0]
        shock = year_shock(
            nobody.shape[0], year, nobody, params, Stream(stream.key, year.astype(jnp.uint32))
        )
        after = adjusted(
            world.reserve_share,
            target,
            jnp.broadcast_to(shock, target.shape),
            params.adjustment_rate,
        )
        return after - world.reserve_share

    turned = year_turns(now.years, now.step_years)
    change = lax.cond(turned, moved, lambda: jnp.zeros_like(world.reserve_share))
    return events_of(world, reserve_shift=change)
