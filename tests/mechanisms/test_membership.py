"""Exits and accessions: hazards as the equation says, counts that do not depend on the step."""

from __future__ import annotations

from dataclasses import fields, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from worldorder.dynamics.levers import BodyLever, Levers, apply_levers
from worldorder.mechanisms import membership
from worldorder.mechanisms.membership import MembershipParameters
from worldorder.parameters import load_parameters
from worldorder.random import Stream, stream_key, stream_salt
from worldorder.state import Events, Now, Setting, World, neutral_diagnostics, no_conduct
from worlds import small_world


def parameters(**changed: float) -> MembershipParameters:
    values = {name: p.value for name, p in load_parameters()["membership"].items()} | changed
    return MembershipParameters(**{name: jnp.float32(v) for name, v in values.items()})


def moment(
    world: World,
    setting: Setting,
    step: int | jax.Array = 0,
    step_years: float | jax.Array = 1.0,
) -> Now:
    return Now(
        step=jnp.asarray(step, jnp.float32),
        years=jnp.asarray(step, jnp.float32) * step_years,
        step_years=jnp.asarray(step_years, jnp.float32),
        conduct=no_conduct(world),
        diagnostics=neutral_diagnostics(world, setting),
        setting=setting,
    )


@jax.jit
def _drawn(
    world: World, setting: Setting, run: jax.Array, step: jax.Array, step_years: jax.Array
) -> Events:
    salt = jnp.asarray(stream_salt(3, "membership"))
    stream = Stream(stream_key(salt, run), step.astype(jnp.uint32))
    return membership.events(world, moment(world, setting, step, step_years), parameters(), stream)


def drawn(world: World, setting: Setting, run: int, step: int, step_years: float) -> Events:
    return _drawn(world, setting, jnp.uint32(run), jnp.float32(step), jnp.float32(step_years))


def test_every_parameter_has_its_number():
    assert {f.name for f in fields(MembershipParameters)} == set(load_parameters()["membership"])


def test_hazards_follow_divergence_contagion_and_neighbours():
    world, setting = small_world(states=30, bodies=4)
    params = parameters()
    base = membership.membership_hazard(world, moment(world, setting), params)
    far = replace(world, ideal_point=world.ideal_point.at[0].add(10.0))
    shifted = membership.membership_hazard(far, moment(far, setting), params)
    inside = np.asarray(world.membership[0])
    assert (np.asarray(shifted[0])[inside] > np.asarray(base[0])[inside]).all()
    assert (np.asarray(shifted[0])[~inside] < np.asarray(base[0])[~inside]).all()
    left = replace(world, recent_exits=jnp.full(4, 2.0))
    after = membership.membership_hazard(left, moment(left, setting), params)
    ratio = np.asarray(after / base)[np.asarray(world.membership)]
    np.testing.assert_allclose(ratio, 3.0 ** float(params.exit_contagion), rtol=1e-4)


def test_a_large_body_at_the_record_s_means_loses_members_at_the_recorded_rate():
    log_hazard = membership.exit_log_hazard(
        jnp.full((1, 1), 0.6), jnp.full(1, 0.5), jnp.zeros(1), jnp.full(1, 40.0), parameters()
    )
    assert 0.0001 < np.exp(float(log_hazard[0, 0])) < 0.002


def test_years_quarters_and_months_draw_the_same_events():
    world, setting = small_world(states=30, bodies=8)
    for run in range(5):
        by_year = drawn(world, setting, run, 2, 1.0)
        for per_year in (4, 12):
            parts = [
                drawn(world, setting, run, 2 * per_year + k, 1 / per_year) for k in range(per_year)
            ]
            total = sum(np.asarray(p.exit, int) for p in parts)
            np.testing.assert_array_equal(total, np.asarray(by_year.exit, int))
            joined = sum(np.asarray(p.accession, int) for p in parts)
            np.testing.assert_array_equal(joined, np.asarray(by_year.accession, int))


@pytest.mark.parametrize("per_year", [1, 4, 12])
def test_a_century_has_a_hundred_turns_of_the_year(per_year: int):
    step = np.float32(1 / per_year)
    years = np.arange(100 * per_year).astype(np.float32) * step
    turns = jax.vmap(lambda t: membership.year_turns(t, jnp.float32(step)))(jnp.asarray(years))
    assert int(turns.sum()) == 100


def test_drawn_counts_match_the_hazards():
    world, setting = small_world(states=40, bodies=30)
    hazard = membership.membership_hazard(world, moment(world, setting), parameters())
    runs = jnp.arange(200, dtype=jnp.uint32)
    salt = jnp.asarray(stream_salt(3, "membership"))

    def happened(run: jax.Array) -> jax.Array:
        stream = Stream(stream_key(salt, run), jnp.uint32(0))
        drawn = membership.events(world, moment(world, setting), parameters(), stream)
        return drawn.exit.sum() + drawn.accession.sum()

    counts = np.asarray(jax.vmap(happened)(runs))
    expected = float(-jnp.expm1(-hazard).sum())
    assert counts.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / 200) + 1e-9)


def test_members_leave_and_others_join():
    world, setting = small_world(states=40, bodies=30)
    for run in range(20):
        events = drawn(world, setting, run, 0, 1.0)
        assert not (events.exit & ~world.membership).any()
        assert not (events.accession & world.membership).any()


@pytest.mark.parametrize("known", [0, 1])
def test_a_body_of_unknown_membership_has_no_events(known: int):
    world, setting = small_world(states=10, bodies=4)
    member = world.membership.at[:, 1].set(jnp.arange(10) < known)
    world = replace(world, membership=member)
    hazard = membership.membership_hazard(world, moment(world, setting), parameters())
    assert (np.asarray(hazard[:, 1]) == 0).all()
    assert (np.asarray(hazard[:, 0]) > 0).all()


def test_a_state_that_left_returns_by_its_own_hazard():
    world, setting = small_world(states=30, bodies=3)
    state = int(np.flatnonzero(np.asarray(world.membership[:, 0]))[0])
    gone = replace(world, membership=world.membership.at[state, 0].set(False))
    params = parameters()
    hazard = membership.membership_hazard(gone, moment(gone, setting), params)
    size = np.log(float(gone.membership[:, 0].sum()) / 40)
    near = np.sqrt(float(setting.neighbour_share[state, 0]))
    expected = np.exp(
        float(params.return_constant)
        + float(params.return_size) * size
        + float(params.return_neighbours) * near
    )
    assert float(hazard[state, 0]) == pytest.approx(expected, rel=1e-4)


def test_exits_are_forgotten_at_the_same_pace_at_any_step():
    world, setting = small_world()
    world = replace(world, recent_exits=jnp.full(5, 3.0))
    params = parameters()
    for steps in (1, 4, 12):
        now = world
        for _ in range(steps):
            rate = membership.tendency(now, moment(now, setting, 0, 1 / steps), params)
            now = replace(now, recent_exits=now.recent_exits + rate.recent_exits / steps)
        np.testing.assert_allclose(now.recent_exits, 3 * np.exp(-1 / 5), rtol=1e-5)


def test_neighbours_are_the_nearest_others():
    distance = jnp.abs(jnp.arange(5.0)[:, None] - jnp.arange(5.0))
    member = jnp.asarray([[True], [True], [False], [False], [False]])
    share = membership.neighbour_share(member, distance, nearest=2)
    np.testing.assert_allclose(share[:, 0], [0.5, 0.5, 0.5, 0.0, 0.0])


def test_relabelling_states_permutes_hazards():
    world, setting = small_world(states=9, bodies=4)
    order = np.random.default_rng(2).permutation(9)
    by_state = lambda x: x[order] if getattr(x, "shape", ())[:1] == (9,) else x  # noqa: E731
    turned, turned_setting = jax.tree.map(by_state, world), jax.tree.map(by_state, setting)
    straight = membership.membership_hazard(world, moment(world, setting), parameters())
    permuted = membership.membership_hazard(turned, moment(turned, turned_setting), parameters())
    np.testing.assert_allclose(permuted, np.asarray(straight)[order], rtol=1e-4)


def test_an_exit_by_a_lever_is_remembered_once():
    world, setting = small_world(states=6, bodies=3)
    inside = int(np.flatnonzero(np.asarray(world.membership[:, 1]))[0])
    nothing = jnp.full(2, 6)
    levers = Levers(
        dyad_kind=nothing,
        dyad_actor=nothing,
        dyad_partner=nothing,
        dyad_value=jnp.zeros(2),
        body_kind=jnp.full(3, BodyLever.EXIT),
        body_actor=jnp.asarray([inside, 6, 6]),
        body_institution=jnp.asarray([1, 3, 3]),
        body_value=jnp.zeros(3),
        call_sender=jnp.full(1, 6),
        call_target=jnp.full(1, 6),
        call_intensity=jnp.zeros(1),
        call_pressure=jnp.zeros(1),
        leader_change=jnp.zeros(6, bool),
        election=jnp.zeros(6, jnp.int32),
        election_ahead=jnp.zeros(6),
        tit_for_tat=jnp.zeros(6),
        reactive=jnp.zeros(6),
    )
    once, _ = apply_levers(world, levers, setting.start_contribution)
    np.testing.assert_array_equal(once.recent_exits, [0, 1, 0])
    twice, _ = apply_levers(once, levers, setting.start_contribution)
    np.testing.assert_array_equal(twice.recent_exits, [0, 1, 0])
