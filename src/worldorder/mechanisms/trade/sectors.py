"""What do wages, trade and prices become where sectors differ in how easily they are replaced?

The equilibrium of `equilibrium` with a nest of sectors above suppliers and inputs bought from every
sector: Costinot and Rodriguez-Clare (2014), doi:10.1016/B978-0-444-54314-1.00004-5, section 3;
Caliendo and Parro (2015), doi:10.1093/restud/rdu035, where inputs are. Labour moves freely between
sectors, so that one wage a country clears all of them. With scale, the unit cost of a sector falls
with its own employment.

Money is in units of world value added at the baseline. S sectors, N countries.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from worldorder.mechanisms.trade.equilibrium import Economy, spending
from worldorder.state import pytree
from worldorder.typing import ByCountry, Scalar

BySector = Float[Array, " sector"]
BySectorFlow = Float[Array, "sector exporter importer"]
BySectorCountry = Float[Array, "sector country"]
ByInput = Float[Array, "input sector country"]


@pytree
class SectorEconomy:
    """The world economy before the shock. Duties are in what is spent, not in what is sold."""

    share: BySectorFlow  # pi, exporter's in spending on the sector; sums to 1, or 0 where none is
    spent: BySectorCountry  # E, on the sector
    output: BySectorCountry  # R, sales of the sector
    weight: BySectorCountry  # a, share of the sector in final spending
    value_added: BySectorCountry  # beta, share of output
    whole: Economy  # income of labour, final spending and deficits over all sectors


@pytree
class SectorTechnology:
    """How trade, work and prices respond. None leaves a response out altogether."""

    elasticity: BySector  # theta
    substitution: Scalar  # eta between sectors; 1 holds their shares (Cobb-Douglas)
    income_response: Scalar | float = 1.0  # 1: income follows wages; 0: conditional on income
    labour_supply: Scalar | None = None  # kappa, of labour to the real wage
    relief: Scalar | None = None  # 1: revenue lowers the tax on labour; None or 0: lump sum
    scale: BySector | None = None  # psi, of unit cost to employment in the sector
    pass_through: ByCountry | None = None  # phi, by importer, of duties to consumer prices
    distribution: ByCountry | None = None  # nu, share of the price earned where it is sold
    inputs: ByInput | None = None  # g, share of each input in the cost of the sector


@pytree
class SectorChange:
    """What the equilibrium is in: logs of new over old."""

    wage: ByCountry
    labour: ByCountry | None = None  # where labour supply responds
    price: BySectorCountry | None = None  # where inputs are bought or duties half passed through
    output: BySectorCountry | None = None  # where inputs are bought or scale counts


@pytree
class SectorMarket:
    """Spending and its direction at given wages, prices and output."""

    supply: BySectorCountry  # v = (unit cost)^-theta, by exporter
    outlay: BySectorCountry  # the flow of s from i to j is K v_si outlay_sj
    output: BySectorCountry  # what each sector sells
    spent: BySectorCountry  # on each sector, duties included
    sector_price: BySectorCountry  # new over old
    price: ByCountry  # of final spending, new over old
    income: ByCountry  # of labour
    earned: ByCountry  # by labour from what is sold; income in equilibrium
    revenue: ByCountry  # duties
    final: ByCountry  # final spending, duties included


def sector_access(
    share: BySectorFlow,
    tariff: BySectorFlow,
    already: BySectorFlow,
    cost: BySectorFlow,
    technology: SectorTechnology,
) -> BySectorFlow:
    r"""Flows before duties at baseline wages, per unit of spending in the sector.

    $$K_{sij} = \pi_{sij}\,\tau_{sij}^{-\theta_s}
      \left(\frac{1 + t_{sij}}{1 + t^0_{sij}}\right)^{-\theta_s \phi_j} \frac{1}{1 + t_{sij}}$$

    Args:
        share: pi.
        tariff: t after the change, ad valorem.
        already: t0 before.
        cost: tau, new cost of moving goods over old; infinite is an embargo.
        technology: theta and phi.
    """
    theta = technology.elasticity[:, None, None]
    through = 1.0 if technology.pass_through is None else technology.pass_through
    rise = jnp.exp(-theta * through * (jnp.log1p(tariff) - jnp.log1p(already)))
    return share * cost**-theta * rise / (1 + tariff)


def sector_unit_cost(
    change: SectorChange, base: SectorEconomy, technology: SectorTechnology
) -> BySectorCountry:
    r"""Log change of the cost of a unit.

    $$\ln c_{si} = \beta_{si} w_i + \sum_r g_{rsi} \ln P_{ri} - \psi_s (\ln R_{si} - w_i)$$

    Labour of a sector is its value added over the wage.
    """
    cost = base.value_added * change.wage
    if technology.inputs is not None and change.price is not None:
        cost = cost + jnp.einsum("rsi,ri->si", technology.inputs, change.price)
    if technology.scale is not None and change.output is not None:
        cost = cost - technology.scale[:, None] * (change.output - change.wage)
    return cost


def nest(
    sector_price: BySectorCountry, weight: BySectorCountry, substitution: Scalar
) -> tuple[BySectorCountry, ByCountry]:
    r"""Shares of sectors in final spending and the price of all, new over old.

    $$a'_{sj} = a_{sj} \left(\frac{P_{sj}}{P_j}\right)^{1 - \eta},\qquad
      P_j = \Bigl(\sum_s a_{sj} P_{sj}^{1 - \eta}\Bigr)^{1/(1 - \eta)}\ \text{or}\
      \prod_s P_{sj}^{a_{sj}}$$
    """
    log = jnp.log(sector_price)
    power = 1 - substitution
    flat = jnp.abs(power) < 1e-9
    safe = jnp.where(flat, 1.0, power)
    nested = jnp.log((weight * jnp.exp(safe * log)).sum(0)) / safe
    level = jnp.where(flat, (weight * log).sum(0), nested)
    return weight * jnp.exp(power * (log - level)), jnp.exp(level)


def sector_spending(
    weight: BySectorCountry,
    before_duties: BySectorCountry,
    inputs: BySectorCountry | float,
    spent: ByCountry,
) -> tuple[ByCountry, BySectorCountry]:
    r"""Final spending and spending on each sector; duties are handed back and spent.

    $$F_j = \frac{M_j + \sum_s (1 - \mu_{sj}) I_{sj}}{\sum_s \mu_{sj} a'_{sj}},\qquad
      E_{sj} = a'_{sj} F_j + I_{sj}$$

    Args:
        weight: a', shares in final spending.
        before_duties: mu, share of spending on the sector that is not duty.
        inputs: I, spent on inputs.
        spent: M, final spending but for duties.
    """
    on_inputs = ((1 - before_duties) * inputs).sum(0)
    final = (spent + on_inputs) / (before_duties * weight).sum(0)
    return final, weight * final + inputs


def sector_market(
    change: SectorChange,
    opened: BySectorFlow,
    tariff: BySectorFlow,
    base: SectorEconomy,
    technology: SectorTechnology,
    transfer: ByCountry,
) -> SectorMarket:
    r"""Who buys how much of what from whom at given wages, prices and output.

    $$X_{sij} = K_{sij} v_{si} \frac{E_{sj}}{\Phi_{sj}},\quad
      \Phi_{sj} = \sum_k K_{skj} (1 + t_{skj}) v_{sk},\quad
      P_{sj} = \Phi_{sj}^{-1/\theta_s} \left(\frac{\hat E_{sj}}{w_j}\right)^{1 - \phi_j},\quad
      R_{si} = \sum_j (1 - \nu_j) X_{sij} + \nu_i M_{si}$$
    """
    theta = technology.elasticity[:, None]
    supply = jnp.exp(-theta * sector_unit_cost(change, base, technology))
    bought = jnp.einsum("si,sij->sj", supply, opened)
    variety = jnp.einsum("si,sij->sj", supply, opened * (1 + tariff))
    used = base.spent > 0
    variety = jnp.where(used, variety, 1.0)
    level = variety ** (-1 / theta)
    weight, price = nest(
        level if change.price is None else jnp.exp(change.price),
        base.weight,
        technology.substitution,
    )
    worked = 0.0 if change.labour is None else change.labour
    income = base.whole.income * jnp.exp(technology.income_response * change.wage + worked)
    inputs: BySectorCountry | float = 0.0
    if technology.inputs is not None and change.output is not None:
        output = base.output * jnp.exp(change.output)
        inputs = jnp.einsum("rsi,si->ri", technology.inputs, output)
    before_duties = bought / variety
    final, spent = sector_spending(
        weight, before_duties, inputs, spending(income, base.whole, transfer)
    )
    outlay = spent / variety
    if technology.pass_through is not None:
        rise = jnp.log(jnp.where(used, spent / jnp.where(used, base.spent, 1.0), 1.0))
        level = level * jnp.exp((1 - technology.pass_through) * (rise - change.wage))
    margin = technology.distribution
    kept = outlay if margin is None else (1 - margin) * outlay
    sold = supply * jnp.einsum("sij,sj->si", opened, kept)
    if margin is not None:
        sold = sold + margin * before_duties * spent
    return SectorMarket(
        supply=supply,
        outlay=outlay,
        output=sold,
        spent=spent,
        sector_price=level,
        price=price,
        income=income,
        earned=(base.value_added * sold).sum(0),
        revenue=((1 - before_duties) * spent).sum(0),
        final=final,
    )
