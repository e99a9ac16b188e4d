"""Policies: answers in kind, duties on opponents, and nothing where nobody follows a rule."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from catalogues import panel_catalogue
from ensembles import levers
from worldorder.dynamics.levers import DyadLever, apply_levers
from worldorder.dynamics.policies import follow_policies
from worldorder.errors import ScenarioError
from worldorder.scenarios import load_scenario
from worldorder.scenarios.compile import compile_scenario
from worlds import small_world


def one_step(world, dyads=(), tit_for_tat=None, reactive=None):
    import jax

    nothing = jnp.zeros(6)
    now = jax.tree.map(lambda x: x[0], levers(1, dyads=dyads))
    now = replace(
        now,
        tit_for_tat=nothing if tit_for_tat is None else tit_for_tat,
        reactive=nothing if reactive is None else reactive,
    )
    acted, conduct = apply_levers(world, now, jnp.zeros((6, 5)))
    return follow_policies(world, acted, conduct, now)


def test_tit_for_tat_answers_duties_a_step_later_and_lifts_them_again():
    world, _ = small_world(6)
    rule = jnp.zeros(6).at[1].set(0.5)
    acts = [(0, DyadLever.TARIFF, 0, 1, 0.2)]
    first, conduct = one_step(world, acts, tit_for_tat=rule)
    assert float(first.tariff[1, 0]) == 0.0
    assert float(conduct.tariff_rise[0, 1]) == pytest.approx(0.2)
    then, answer = one_step(first, tit_for_tat=rule)
    assert float(then.tariff[1, 0]) == pytest.approx(0.1)
    assert float(answer.tariff_rise[1, 0]) == pytest.approx(0.1)
    assert bool(answer.acts)
    peace, _ = one_step(replace(then, tariff=then.tariff.at[0, 1].set(0.0)), tit_for_tat=rule)
    assert not peace.tariff.any()


def test_exercises_are_answered_in_the_same_step():
    world, _ = small_world(6)
    acts = [(0, DyadLever.EXERCISE, 0, 1, 0.8)]
    _, conduct = one_step(world, acts, tit_for_tat=jnp.zeros(6).at[1].set(1.0))
    assert float(conduct.exercise[1, 0]) == float(conduct.exercise[0, 1]) == pytest.approx(0.8)


def test_reactive_duties_follow_opposition():
    world, _ = small_world(6)
    rivalry = jnp.zeros((6, 6)).at[2, 3].set(1.0).at[3, 2].set(1.0)
    world = replace(world, rivalry=rivalry)
    rule = jnp.zeros(6).at[2].set(0.1)
    acted, _ = one_step(world, reactive=rule)
    np.testing.assert_allclose(acted.tariff, 0.1 * rivalry.at[3].set(0.0), rtol=1e-6)
    over, _ = one_step(replace(acted, rivalry=0.0 * rivalry), reactive=rule)
    assert not over.tariff.any()


def test_status_quo_is_what_levers_set():
    world, _ = small_world(6)
    acts = [(0, DyadLever.TARIFF, 0, 1, 0.2)]
    acted, conduct = one_step(world, acts)
    assert float(acted.tariff.sum()) == pytest.approx(0.2)
    assert not conduct.exercise.any()


def rules(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(f"extends: baseline\nlevers:\n{text}", "utf-8")
    found = compile_scenario(load_scenario(path), panel_catalogue()).levers
    return np.asarray(found.tit_for_tat), np.asarray(found.reactive)


def test_rules_hold_from_date_to_date_for_any_state(tmp_path):
    text = (
        "  - {type: policy, actor: [CHN, EU], rule: tit-for-tat, date: 2026-01-01,"
        " until: 2027-01-01}\n"
        "  - {type: policy, actor: CHN, rule: reactive-by-stance, duty: 0.2, date: 2027-01-01}\n"
    )
    tit_for_tat, reactive = rules(tmp_path, text)
    china = panel_catalogue().country("CHN")
    assert tit_for_tat[:, china].tolist() == [0.0] * 4 + [1.0] * 4 + [0.0] * 72
    assert (tit_for_tat[4] > 0).sum() == 28
    assert reactive[8:, china].min() == pytest.approx(0.2)


def test_a_state_has_its_duties_from_one_hand(tmp_path):
    with pytest.raises(ScenarioError, match="USA follows tit-for-tat"):
        rules(tmp_path, "  - {type: policy, actor: USA, rule: tit-for-tat, date: 2026-01-01}\n")
