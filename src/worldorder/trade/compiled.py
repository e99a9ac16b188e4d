"""The compiled calls behind the door: one case, or many in one call. Double precision."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from worldorder.mechanisms.trade.baseline import Imbalances, economy_of_flows
from worldorder.mechanisms.trade.equilibrium import Change, Economy, Technology, access
from worldorder.mechanisms.trade.newton import newton
from worldorder.mechanisms.trade.outcome import Outcome, outcome
from worldorder.mechanisms.trade.solver import Shock, equilibrium
from worldorder.state import pytree

BY_COUNTRY = (
    "wage",
    "price",
    "employment",
    "real_income",
    "welfare",
    "income",
    "expenditure",
    "revenue",
)


@pytree
class Case:
    """One scenario for the compiled solver."""

    tariff: Array
    cost_factor: Array
    transfer: Array


@dataclass(frozen=True)
class Limits:
    """When to stop."""

    tolerance: float
    most_iterations: int


@functools.partial(jax.jit, static_argnames=("imbalances", "anchor"))
def economy(
    flows: Array, tariffs: Array, margin: Array | None, imbalances: Imbalances, anchor: int | None
) -> Economy:
    """Baseline of flows before duties; `anchor` is the country whose wage fixes deficits."""
    weights = None if anchor is None else jnp.zeros(flows.shape[0]).at[anchor].set(1.0)
    return economy_of_flows(flows, tariffs, margin, imbalances, weights)


def _shock(case: Case, already: Array, base: Economy, technology: Technology) -> Shock:
    through = 1.0 if technology.pass_through is None else technology.pass_through
    old_duty = jnp.exp(technology.elasticity * through * jnp.log1p(already))
    opened = access(base.share, case.tariff, case.cost_factor * old_duty, technology)
    return Shock(opened, case.tariff, case.transfer / base.world_income)


def _start(technology: Technology, countries: int) -> Change:
    none = jnp.zeros(countries)
    return Change(
        none,
        None if technology.labour_supply is None else none,
        None if technology.value_added is None else none,
    )


@functools.partial(jax.jit, static_argnames=("limits", "by_newton"))
def solve_case(
    case: Case,
    already: Array,
    base: Economy,
    technology: Technology,
    limits: Limits,
    by_newton: bool = False,
) -> tuple[Outcome, Array, Array]:
    """Outcome, residual and iterations of one scenario; `already` are the base tariffs."""
    shock = _shock(case, already, base, technology)
    start = _start(technology, case.transfer.shape[0])
    method = newton if by_newton else equilibrium
    found = method(shock, base, technology, start, limits.tolerance, limits.most_iterations)
    return outcome(found.change, shock, base, technology), found.residual, found.iterations


@functools.partial(jax.jit, static_argnames=("limits",))
def solve_cases(
    cases: Case, already: Array, base: Economy, technology: Technology, limits: Limits
) -> tuple[dict[str, Array], Array, Array]:
    """Outcomes by country, residuals and iterations of stacked scenarios, one after another."""

    def one(case: Case) -> tuple[dict[str, Array], Array, Array]:
        found, residual, iterations = solve_case(case, already, base, technology, limits)
        home = jnp.diagonal(found.flows)
        kept = {name: getattr(found, name) for name in BY_COUNTRY}
        kept |= {"exports": found.sales - home, "imports": found.spending - home}
        return kept, residual, iterations

    return jax.lax.map(one, cases)
