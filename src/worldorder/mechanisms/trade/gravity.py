"""Structural gravity with multilateral resistances, as settings of the trade engine.

Anderson and van Wincoop (2003), doi:10.1257/000282803321455214; Larch and Yotov (2016), General
equilibrium trade policy analysis with structural gravity, WTO working paper ERSD-2016-08.
Cost means t^(1 - sigma): what gravity estimates give, and a factor on trade.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import jax.numpy as jnp

from worldorder.mechanisms.trade.baseline import economy_of_flows, ratio_balance
from worldorder.mechanisms.trade.equilibrium import Change, Economy, Market, Technology, market
from worldorder.mechanisms.trade.solver import Shock, equilibrium
from worldorder.typing import ByCountry, ByTradeFlow, CountryIndex, Scalar

Method: TypeAlias = Literal["conditional", "baseline shares", "exact"]
TOLERANCE, MOST_ITERATIONS = 1e-13, 2000


class Gravity(NamedTuple):
    """Changes, new over old, with the price index of the reference importer as the numeraire."""

    factory_price: ByCountry
    inward_resistance: ByCountry  # P, price index of the importer
    outward_resistance: ByCountry  # Pi, what its buyers' costs are to the exporter
    output: ByCountry
    expenditure: ByCountry
    flows: ByTradeFlow  # new over old
    residual: Scalar


def modelled_flows(
    cost: ByTradeFlow, output: ByCountry, expenditure: ByCountry
) -> tuple[ByTradeFlow, Scalar]:
    r"""Trade that gravity gives with these costs, and the residual of its resistances.

    $$X_{ij} = \frac{Y_i E_j}{Y} \frac{t_{ij}^{1-\sigma}}{\Pi_i^{1-\sigma} P_j^{1-\sigma}}$$

    Exporters sell their output and importers spend their expenditure (both are scaled to sum to
    one). This is the engine's conditional equilibrium from costs without resistances.
    """
    sold, spent = output / output.sum(), expenditure / expenditure.sum()
    rough = cost * sold[:, None]
    rough = rough / rough.sum(0)
    base = Economy(
        share=rough,
        income=sold,
        expenditure=spent,
        revenue=jnp.zeros_like(sold),
        balance=ratio_balance(spent - sold, sold),
        world_income=jnp.ones(()),
    )
    found, _, residual = _solved(base, rough, jnp.asarray(1.0), conditional=True)
    return rough * found.supply[:, None] * found.outlay[None, :], residual


def _solved(
    base: Economy, opened: ByTradeFlow, elasticity: Scalar, conditional: bool
) -> tuple[Market, Change, Scalar]:
    technology = Technology(elasticity, income_response=0.0 if conditional else 1.0)
    none = jnp.zeros_like(base.income)
    shock = Shock(opened, jnp.zeros_like(opened), none)
    change, residual, _ = equilibrium(
        shock, base, technology, Change(none), TOLERANCE, MOST_ITERATIONS
    )
    return market(change, opened, base, technology, none), change, residual


def gravity_equilibrium(
    flows: ByTradeFlow,
    cost_change: ByTradeFlow,
    sigma: Scalar,
    reference: CountryIndex,
    method: Method,
) -> Gravity:
    r"""Response of trade to a change of costs.

    "conditional" holds output and expenditure. "exact" lets factory prices clear markets, with
    expenditure a fixed multiple of output. "baseline shares" is what the package gegravity 0.3
    calls full general equilibrium: resistances are those of the conditional equilibrium, with
    output and expenditure shares at the baseline, and only then do factory prices follow,
    $p_i = (\Pi_i^{1-\sigma} / \Pi_i'^{1-\sigma})^{1/(1-\sigma)}$.

    Args:
        flows: baseline trade, exporter by importer, home sales on the diagonal.
        cost_change: t^(1 - sigma), new over old.
        sigma: elasticity of substitution.
        reference: importer whose price index is the numeraire.
        method: see above.
    """
    base = economy_of_flows(flows, imbalances="ratio")
    opened = base.share * cost_change
    found, change, residual = _solved(base, opened, sigma - 1, method != "exact")
    level = (found.supply @ opened)[reference]
    supply, index = found.supply / level, (found.supply @ opened) / level
    factory_price = jnp.exp(change.wage) * level ** (1 / (sigma - 1))
    output = jnp.ones_like(supply) if method == "conditional" else factory_price
    output_share = output / (output @ base.income)
    outward = supply / output_share if method == "exact" else supply
    return Gravity(
        factory_price=factory_price,
        inward_resistance=index ** (1 / (1 - sigma)),
        outward_resistance=outward ** (1 / (sigma - 1)),
        output=output,
        expenditure=output,
        flows=cost_change * (output_share * outward)[:, None] * (output / index)[None, :],
        residual=residual,
    )
