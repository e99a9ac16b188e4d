"""What happens at home: approval, elections, changes of government, and what they do abroad.

Approval follows the economy and rallies. Elections fall on the days of a calendar; where a state
has none, governments change by a hazard that rises with democracy. A new leader has an
orientation of his own. The leading state's leader leaves bodies for the base that rewards it or
brings the state back, and exclusion by others feeds back on orientation. Every channel has a
strength of its own that may be set to zero. Yearly draws have the address of the year.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from worldorder.mechanisms.membership import members_and_centre, year_turns
from worldorder.random import Stream, happens, normal, uniform
from worldorder.state import Events, Mandate, Now, World, events_of, pytree
from worldorder.typing import ByCountry, ByMembership, CountryMask, Scalar


@pytree
class PoliticsParameters:
    """Strengths of the channels; see `parameters/politics.yaml`."""

    approval_mean: Scalar  # share
    approval_rate: Scalar  # 1/year
    economy: Scalar  # share of approval per unit of growth of income beyond the path
    rally: Scalar  # share of approval in a year with force abroad
    approval_spread: Scalar  # share/year^0.5
    turnover_constant: Scalar  # log of 1/year
    turnover_democracy: Scalar  # per unit of electoral democracy
    incumbent: Scalar  # logit, that a leader who may run again stays at approval of one half
    open_seat: Scalar  # logit, that a party keeps an office whose holder may not run
    approval_slope: Scalar  # logit per unit of approval
    term_limit: Scalar  # year
    legislature: Scalar  # logit, that the leader's side keeps the legislature at one half
    orientation_spread: Scalar  # score
    orientation_memory: Scalar  # of a successor's orientation to that of who lost
    party_spread: Scalar  # score, of a successor of the same party
    start_spread: Scalar  # score, of the reading of an orientation at the start
    act_rate: Scalar  # 1/year and body, at orientation -1
    act_weakness: Scalar  # rise of that rate per unit of approval below one half, election ahead
    act_constraint: Scalar  # share of acts that a legislature of the other side prevents
    return_rate: Scalar  # 1/year and body, at orientation 1
    exclusion_feedback: Scalar  # score/year per share of world GDP that sanctions the state


LEGISLATIVE, EXECUTIVE = 1, 2  # kinds of elections
FORCE = 2.0  # level of a dispute with force


def approval_change(
    approval: ByCountry, surprise: ByCountry, force: ByCountry, chance: ByCountry,
    params: PoliticsParameters,
) -> ByCountry:  # fmt: skip
    r"""Change of approval in a year, share.

    $$a' - a = (1 - e^{-k})(m - a) + b_g (g - \hat g) + b_r F + \sigma z$$

    Args:
        approval: $a$, share.
        surprise: $g - \hat g$, growth of real income in the year beyond the path, 1/year.
        force: $F$, 1 where the state is in a dispute with force.
        chance: $z$, standard normal.
        params: mean $m$, rate $k$, effects and spread.
    """
    moved = (
        -jnp.expm1(-params.approval_rate) * (params.approval_mean - approval)
        + params.economy * surprise
        + params.rally * force
        + params.approval_spread * chance
    )
    return jnp.clip(approval + moved, 0.05, 0.95) - approval


def stays_probability(
    approval: ByCountry, may_run: CountryMask, params: PoliticsParameters
) -> ByCountry:
    r"""Chance that the side in office wins: $1/(1 + e^{-(b + s (a - 1/2))})$."""
    constant = jnp.where(may_run, params.incumbent, params.open_seat)
    return 1.0 / (1.0 + jnp.exp(-(constant + params.approval_slope * (approval - 0.5))))


def turnover_hazard(regime: ByCountry, params: PoliticsParameters) -> ByCountry:
    r"""Hazard that another party comes to govern, 1/year: $\log h = c + b (v - 1/2)$."""
    return jnp.exp(params.turnover_constant + params.turnover_democracy * (regime - 0.5))


def successor_orientation(
    orientation: ByCountry, same_side: CountryMask, chance: ByCountry, params: PoliticsParameters
) -> ByCountry:
    r"""Orientation of a successor: $o + s_p z$ of the same side, else $c o + s \sqrt{1 - c^2} z$.

    Args:
        orientation: $o$ of the leader before, -1 to 1.
        same_side: whether the successor is of the same party.
        chance: $z$, standard normal.
        params: spreads $s_p$, $s$ and memory $c$.
    """
    memory = params.orientation_memory
    other = memory * orientation
    other = other + params.orientation_spread * jnp.sqrt(1.0 - memory**2) * chance
    same = orientation + params.party_spread * chance
    return jnp.clip(jnp.where(same_side, same, other), -1.0, 1.0)


def act_hazard(
    orientation: ByCountry, approval: ByCountry, election_ahead: ByCountry, divided: ByCountry,
    params: PoliticsParameters,
) -> ByCountry:  # fmt: skip
    r"""Hazard that a body is left for the base at home, 1/year.

    $$r\,[-o]_+ (1 + w\,E\,[\tfrac12 - a]_+)(1 - c D)$$

    Args:
        orientation: $o$, -1 to 1.
        approval: $a$, share.
        election_ahead: $E$, 1 where an election falls within the year.
        divided: $D$, 1 where the other side holds the legislature.
        params: rate $r$, weight of weakness $w$, constraint $c$.
    """
    weakness = 1.0 + params.act_weakness * election_ahead * jnp.maximum(0.5 - approval, 0.0)
    held = 1.0 - params.act_constraint * divided
    return params.act_rate * jnp.maximum(-orientation, 0.0) * weakness * held


def exclusion(world: World) -> ByCountry:
    """Share of world GDP that sanctions the state, weighted by how hard, share."""
    return (world.underlying_gdp / world.underlying_gdp.sum()) @ world.sanction


def start_at_home(world: World, params: PoliticsParameters, stream: Stream) -> World:
    """The world with income and exclusion as they are, and the reading of orientations drawn."""
    income = world.underlying_gdp / world.population
    mandate = replace(world.mandate, income=income, exclusion=exclusion(world))
    chance = params.start_spread * normal(stream, world.orientation.shape)
    read = jnp.clip(world.orientation + chance, -1.0, 1.0)
    known = world.orientation != 0.0
    return replace(world, mandate=mandate, orientation=jnp.where(known, read, world.orientation))


def _growth_surprise(world: World, now: Now) -> ByCountry:
    """Growth of income per head in the year that has ended, beyond the path."""
    setting = now.setting
    year = jnp.clip(jnp.round(now.years - 1.0).astype(int), 0, setting.growth_rate.shape[0] - 1)
    expected = jnp.log1p(setting.growth_rate[year]) - jnp.log1p(
        setting.population_growth_rate[year]
    )
    income = world.underlying_gdp / world.population
    seen = jnp.log(income / world.mandate.income)
    return jnp.where(now.years > 0.5, seen - expected, 0.0)


def elections(world: World, params: PoliticsParameters, stream: Stream) -> Mandate:
    """What elections held since the last turn change: who takes office next, the legislature."""
    held, mandate, shape = world.ballot, world.mandate, world.approval.shape
    executive, any_election = held == EXECUTIVE, held > 0
    may_run = mandate.years_in_office < params.term_limit
    wins = uniform(stream, shape, 5) < stays_probability(world.approval, may_run, params)
    kept = executive & wins & may_run
    successor = successor_orientation(world.orientation, wins, normal(stream, shape, 6), params)
    elected = jnp.where(kept, world.orientation, successor)
    odds = params.legislature + params.approval_slope * (world.approval - 0.5)
    lost = uniform(stream, shape, 7) > 1.0 / (1.0 + jnp.exp(-odds))
    divided = jnp.where(executive, lost & wins, lost)
    nothing = jnp.zeros_like(world.approval)
    return Mandate(
        years_in_office=nothing,
        pending=jnp.where(executive, 1.0 - mandate.pending, 0.0),
        elected=jnp.where(executive, elected - mandate.elected, 0.0),
        kept=jnp.where(executive, kept - mandate.kept, 0.0),
        divided=jnp.where(any_election, divided - mandate.divided, 0.0),
        income=nothing,
        exclusion=nothing,
    )


def inaugurations(
    world: World, now: Now, params: PoliticsParameters, stream: Stream
) -> tuple[ByCountry, ByCountry, Mandate]:
    """Change of orientation, approval and mandate where a term begins in the step."""
    conduct, mandate = now.conduct, world.mandate
    begins = conduct.inauguration | conduct.leader_change
    drawn = successor_orientation(
        world.orientation, jnp.zeros_like(begins), normal(stream, begins.shape, 8), params
    )
    coming = jnp.where(mandate.pending > 0.0, mandate.elected, drawn)
    turned = jnp.where(conduct.leader_change, coming - world.orientation, 0.0)
    fresh = jnp.where(conduct.leader_change, params.approval_mean - world.approval, 0.0)
    nothing = jnp.zeros_like(world.approval)
    change = Mandate(
        years_in_office=jnp.where(conduct.leader_change, -mandate.years_in_office, 0.0),
        pending=jnp.where(begins, -mandate.pending, 0.0),
        elected=nothing,
        kept=jnp.where(begins, -mandate.kept, 0.0),
        divided=nothing,
        income=nothing,
        exclusion=nothing,
    )
    return turned, fresh, change


def exits_and_returns(
    world: World, now: Now, params: PoliticsParameters, stream: Stream
) -> tuple[ByMembership, ByMembership]:
    """Bodies that the leading state leaves or comes back to in the year."""
    leading = now.setting.leading_state.astype(world.approval.dtype)
    leaving = act_hazard(
        world.orientation, world.approval, now.conduct.election_ahead, world.mandate.divided, params
    )
    coming = params.return_rate * jnp.maximum(world.orientation, 0.0)
    # rows of the leading state, kept whole, or the compiler makes them anew for every element
    member, former = (
        leading @ x.astype(leading.dtype) for x in (world.membership, _former(world, now))
    )
    hazard = (leading @ leaving) * member + (leading @ coming) * former
    happened = happens(stream, hazard, draw=9)
    rows = lax.optimization_barrier([happened & (x > 0.0) for x in (member, former)])
    leader, known = now.setting.leading_state.argmax(), now.setting.leading_state.any()
    nobody = jnp.zeros_like(world.membership)
    left, back = (nobody.at[leader].set(row & known) for row in rows)
    return left, back


def _former(world: World, now: Now) -> ByMembership:
    """Bodies that a state was in at the start, is out of, and whose members are known."""
    count, _ = members_and_centre(world.membership, world.ideal_point)
    return now.setting.start_membership & ~world.membership & (count >= 2.0)


class Turn(NamedTuple):
    """What the turn of a year brings."""

    approval: ByCountry
    orientation: ByCountry
    left: ByMembership
    back: ByMembership
    income: ByCountry


def turn_of_year(world: World, now: Now, params: PoliticsParameters, stream: Stream) -> Turn:
    """Changes of approval and orientation, and what the leading state leaves."""
    shape = world.approval.shape
    force = (world.dispute.max(axis=1) >= FORCE).astype(world.approval.dtype)
    approval = approval_change(
        world.approval, _growth_surprise(world, now), force, normal(stream, shape), params
    )
    excluded = exclusion(world) - world.mandate.exclusion
    orientation = jnp.clip(world.orientation + params.exclusion_feedback * excluded, -1.0, 1.0)
    left, back = exits_and_returns(world, now, params, stream)
    return Turn(
        approval=approval,
        orientation=orientation - world.orientation,
        left=left,
        back=back,
        income=world.underlying_gdp / world.population - world.mandate.income,
    )


def _no_turn(world: World) -> Turn:
    nothing, nobody = jnp.zeros_like(world.approval), jnp.zeros_like(world.membership)
    return Turn(nothing, nothing, nobody, nobody, nothing)


def events(world: World, now: Now, params: PoliticsParameters, stream: Stream) -> Events:
    """Terms that begin, and the turn of the year."""
    year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
    turned, fresh, began = inaugurations(world, now, params, year)
    turn = lax.cond(
        year_turns(now.years, now.step_years),
        lambda: turn_of_year(world, now, params, year),
        lambda: _no_turn(world),
    )
    return events_of(
        world,
        exit=turn.left,
        accession=turn.back,
        approval_shift=turn.approval + fresh,
        orientation_shift=turn.orientation + turned,
        mandate_shift=replace(began, income=turn.income),
    )


def settle(world: World, now: Now, params: PoliticsParameters, stream: Stream) -> World:
    """Offices up to the moment: elections held since, years served, governments that changed.

    Governments change by the hazard at the turn of a year, and take office with it.
    """
    year = Stream(stream.key, jnp.floor(now.years + 1e-3).astype(jnp.uint32))
    nothing = jax.tree.map(jnp.zeros_like, world.mandate)
    voted = lax.cond(
        (world.ballot > 0).any(), lambda: elections(world, params, year), lambda: nothing
    )
    mandate = jax.tree.map(jnp.add, world.mandate, voted)
    hazard = jnp.where(now.setting.calendar, 0.0, turnover_hazard(now.setting.regime, params))
    changed = happens(year, hazard, draw=1) & year_turns(now.years, now.step_years)
    return replace(
        world,
        mandate=replace(mandate, years_in_office=mandate.years_in_office + now.elapsed),
        ballot=jnp.zeros_like(world.ballot),
        new_leader=changed,
    )
