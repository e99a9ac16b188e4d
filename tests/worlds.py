"""Small worlds for tests, drawn from a seed, of any size."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from worldorder.mechanisms.assessment import RECORD
from worldorder.mechanisms.new_bodies import PLACES, no_new_bodies
from worldorder.state import Assessments, Entities, Mandate, Promises, Setting, World


def small_entities(states: int = 6, bodies: int = 5) -> Entities:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    country = tuple(3 * letters[i] for i in range(states))
    institution = tuple(f"BODY{i}" for i in range(bodies))
    return Entities(
        country=country,
        country_name=tuple(f"State {code}" for code in country),
        institution=institution,
        institution_name=tuple(f"Body {code}" for code in institution),
        institution_aliases=tuple(() for _ in institution),
        institution_area=tuple("trade" for _ in institution),
        currency=("USD", "EUR", "other"),
        holder=("advanced", "emerging"),
    )


def _near(distance, number):
    rank = np.argsort(np.argsort(distance + 1e9 * np.eye(len(distance)), axis=1), axis=1)
    return (rank < number) / number


def small_world(
    states: int = 6, bodies: int = 5, years: int = 20, steps: int = 80, seed: int = 0
) -> tuple[World, Setting]:
    """A world and its setting in single precision; state 0 is the leading state."""
    draw = np.random.default_rng(seed)
    f = lambda x: jnp.asarray(x, jnp.float32)  # noqa: E731
    gdp = draw.lognormal(6, 1, states)
    flows = np.outer(gdp, gdp) * draw.lognormal(0, 0.3, (states, states)) / gdp.sum()
    np.fill_diagonal(flows, 3 * gdp)
    member = draw.random((states, bodies)) < 0.8
    paid = member * draw.lognormal(2, 1, (states, bodies))
    distance = draw.uniform(500, 9000, (states, states))
    pact = (draw.random((states, states)) < 0.3) * (1 - np.eye(states))
    rivalry = np.triu(np.random.default_rng(seed + 1).random((states, states)) < 0.2, 1)
    zero_dyad = np.zeros((states, states))
    world = World(
        underlying_gdp=f(gdp),
        population=f(draw.lognormal(3, 1, states)),
        military_burden=f(draw.uniform(0.01, 0.05, states)),
        ideal_point=f(draw.normal(0, 1, states)),
        domestic_anchor=f(draw.normal(0, 1, states)),
        settled_at=f(0.0),
        trust_fast=f(zero_dyad),
        trust_slow=f(draw.normal(0, 0.5, (states, states))),
        tariff=f(zero_dyad),
        aid=f(zero_dyad),
        sanction=f(zero_dyad),
        recruited=f(zero_dyad),
        vote=f(np.zeros(states)),
        reserve_share=f([[0.6, 0.3, 0.1], [0.5, 0.3, 0.2]]),
        approval=f(np.full(states, 0.5)),
        orientation=f(np.zeros(states)),
        mandate=Mandate(*[f(np.zeros(states))] * 7),
        ballot=jnp.zeros(states, jnp.int32),
        new_leader=jnp.zeros(states, bool),
        membership=jnp.asarray(member),
        contribution=f(paid),
        compensation=f(np.zeros(bodies)),
        recent_exits=f(np.zeros(bodies)),
        other_revenue=f(draw.lognormal(2, 1, bodies)),
        reserve=f(draw.lognormal(2, 1, bodies)),
        capacity=f(np.ones(bodies)),
        fate=f(np.zeros(bodies)),
        new_bodies=jax.tree.map(jnp.asarray, no_new_bodies(states)),
        vote_share=f(gdp / gdp.sum()),
        assessments=Assessments(
            f(np.zeros(states)),
            f(np.ones(bodies)),
            f(np.tile(gdp, (RECORD, 1))),
            f(np.ones((RECORD, states))),
        ),
        wage_change=f(np.ones(states)),
        expenditure_change=f(np.ones(states)),
        dependence=f(zero_dyad),
        defence_pact=f(pact),
        rivalry=f(rivalry | rivalry.T),
        dispute=f(zero_dyad),
        peace_years=f(np.full((states, states), 40.0)),
        sphere_recognition=f(zero_dyad),
        consultation=f(zero_dyad),
        veto=f(np.zeros(states)),
        mediation=f(zero_dyad),
        menace=f(zero_dyad),
        promises=Promises(f(np.zeros(states)), f(np.zeros(states))),
        pact_group=f(np.zeros(states)),
    )
    abroad = flows * (1 - np.eye(states))
    border = np.triu(draw.random((states, states)) < 0.3, 1)
    setting = Setting(
        trade_share=f(flows / flows.sum(0)),
        expenditure=f(flows.sum(0)),
        growth_rate=f(draw.normal(0.02, 0.01, (years, states))),
        population_growth_rate=f(draw.normal(0.01, 0.005, (years, states))),
        reference_income=f(np.ones((steps, states))),
        currency_area=f(np.eye(3, states) * [[1], [1], [0]]),
        start_reserve_share=world.reserve_share,
        start_exports=f(abroad.sum(1)),
        start_imports=f(abroad.sum(0)),
        start_dependence=f((abroad + abroad.T) / gdp[:, None]),
        start_reserve_pull=f(np.zeros((2, 3))),
        burden_at_rest=f(np.zeros(states)),
        issuer=jnp.asarray([0, 1, states]),
        holder_group=jnp.arange(states) % 2,
        reserve_weight=f(np.full(states, 1 / states)),
        distance=f((distance + distance.T) / 2),
        log_distance=f(np.log(np.maximum((distance + distance.T) / 2, 50.0) / 1000.0)),
        contiguity=f(border | border.T),
        regime=f(draw.random(states)),
        start_ideal_point=world.ideal_point,
        start_sanction=jnp.maximum(world.sanction, world.sanction.T),
        start_war=f(zero_dyad),
        trust_baseline=f(draw.normal(0, 0.5, (states, states))),
        start_gdp=f(gdp),
        start_membership=jnp.asarray(member),
        members_known=jnp.ones(bodies, bool),
        founder=jnp.asarray(member),
        founding_age=f(np.full(bodies, 30.0)),
        neighbour_share=f(draw.random((states, bodies))),
        budget_class=jnp.full(bodies, 3),
        area=f(np.ones((1, bodies))),
        first_review=f(4.0),
        like_body=jnp.arange(PLACES) % bodies,
        like_paid=f(np.full(PLACES, 8.0)),
        start_revenue=f(paid.sum(0)) + world.other_revenue,
        start_contribution=f(paid),
        assessed=f(np.zeros((states, bodies))),
        start_scale=f(gdp / gdp.sum()),
        least_developed=jnp.zeros(states, bool),
        first_scale=f(0.0),
        secretariat=f(np.ones(bodies)),
        sent_sanction=f(zero_dyad),
        bloc=jnp.asarray(0),
        assembly=jnp.asarray(0),
        regional_body=jnp.arange(min(1, bodies)),
        set_sanction=jnp.zeros((states, states), bool),
        calendar=jnp.zeros(states, bool),
        leading_state=jnp.arange(states) == 0,
        near_states=f(_near(distance + distance.T, 3)),
        multilateral_tie=f(zero_dyad),
        start_dispute=f(zero_dyad),
        unrecorded_years=jnp.float32(0.0),
        great_power=jnp.arange(min(3, states)),
        defence_body=jnp.arange(min(2, bodies)),
    )
    return world, setting
