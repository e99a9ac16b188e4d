"""What an equilibrium over sectors means for each country: income, prices, welfare, flows."""

from __future__ import annotations

import jax.numpy as jnp

from worldorder.mechanisms.trade.sector_solver import SectorShock, sector_excess
from worldorder.mechanisms.trade.sectors import (
    BySectorCountry,
    BySectorFlow,
    SectorChange,
    SectorEconomy,
    SectorTechnology,
    sector_market,
)
from worldorder.state import pytree
from worldorder.typing import ByCountry


@pytree
class SectorOutcome:
    """New over old where a field is a change; money in the unit of the economy's flows."""

    wage: ByCountry  # change; world income at old labour is the numeraire
    price: ByCountry  # change of the price of final spending
    employment: ByCountry  # change
    real_income: ByCountry  # change of income of labour and revenue over prices
    welfare: ByCountry  # change, see `outcome.welfare`
    income: ByCountry  # from sales
    expenditure: ByCountry  # inputs and duties included
    revenue: ByCountry  # from duties
    output: BySectorCountry  # sales
    sector_price: BySectorCountry  # change
    flows: BySectorFlow  # before duties
    excess_demand: ByCountry  # log of what labour earns over its income that is left


def sector_outcome(
    change: SectorChange, shock: SectorShock, base: SectorEconomy, technology: SectorTechnology
) -> SectorOutcome:
    r"""Everything that follows from the solver's solution.

    Welfare as with one sector: $\delta \hat F / P + (1 - \delta) \hat y / P$ with
    $\delta = F / (F - \frac{\kappa}{1 + \kappa} (1 - \tau) Y)$, final spending F, income
    of labour Y and the tax tau that duties replace.
    """
    found = sector_market(change, shock.opened, shock.tariff, base, technology, shock.transfer)
    whole, unit = base.whole, base.whole.world_income
    earnings = found.income / whole.income
    final = found.final / whole.expenditure
    weight = jnp.ones_like(final)
    if technology.labour_supply is not None:
        effort = technology.labour_supply / (1 + technology.labour_supply)
        relief = 0.0 if technology.relief is None else technology.relief
        taxed = 1 - relief * found.revenue / found.income
        weight = whole.expenditure / (whole.expenditure - effort * taxed * whole.income)
    before = whole.income + whole.revenue
    return SectorOutcome(
        wage=jnp.exp(change.wage),
        price=found.price,
        employment=jnp.ones_like(final) if change.labour is None else jnp.exp(change.labour),
        real_income=(found.income + found.revenue) / before / found.price,
        welfare=(weight * final + (1 - weight) * earnings) / found.price,
        income=unit * found.output.sum(0),
        expenditure=unit * found.spent.sum(0),
        revenue=unit * found.revenue,
        output=unit * found.output,
        sector_price=found.sector_price,
        flows=shock.opened * found.supply[:, :, None] * (unit * found.outlay)[:, None, :],
        excess_demand=sector_excess(change, found, base, technology).wage,
    )
