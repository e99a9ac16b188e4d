"""Ensembles: pairing, streams, relabelling, workers, step length, conservation."""

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from ensembles import BODIES, STATES, TARIFF_WAR, WITHDRAWAL, ensemble, run
from worldorder.dynamics.ensemble import run_chunk
from worldorder.dynamics.levers import BodyLever
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.mechanisms.politics import EXECUTIVE, LEGISLATIVE
from worldorder.variables import variables
from worlds import small_world


def test_quantities_are_those_declared_with_their_dims_and_bounds():
    sizes = {"country": STATES, "institution": BODIES, "currency": 3, "area": 1}
    result = run()
    assert set(result) == set(variables())
    for name, variable in variables().items():
        assert result[name].shape == (4, 5, *(sizes[d] for d in variable.dims)), name
        low, high = variable.bounds
        seen = result[name][~np.isnan(result[name])]
        assert seen.size
        assert low is None or seen.min() >= low - 1e-6, name
        assert high is None or seen.max() <= high + 1e-6, name


def test_a_scenario_without_levers_is_the_baseline_draw_by_draw():
    first, second = run(), run()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


def test_runs_differ_and_do_not_depend_on_their_number():
    few, many = run(runs=3), run(runs=20)
    assert np.std(few["ideal_point"][:, -1], axis=0).min() > 0
    for name in few:
        np.testing.assert_array_equal(few[name], many[name][:3])


def test_another_seed_gives_other_runs():
    assert not np.array_equal(run()["ideal_point"], run(seed=4)["ideal_point"])


def test_an_election_of_the_legislature_does_not_undo_that_of_the_executive_before_it():
    votes = np.zeros((16, STATES), int)
    votes[9, 0] = EXECUTIVE
    leaders = [(12, 0)]
    alone = run(elections=votes, leaders=leaders)
    later = votes.copy()
    later[10, 0] = LEGISLATIVE
    both = run(elections=later, leaders=leaders)
    for name in alone:
        np.testing.assert_array_equal(alone[name], both[name])
    nobody = run(leaders=leaders)
    assert any(not np.array_equal(alone[name], nobody[name], equal_nan=True) for name in alone)


@pytest.mark.parametrize("unrelated", ["membership", "funding"])
def test_an_unrelated_mechanism_does_not_move_a_tariffs_effect(unrelated):
    on = run(**TARIFF_WAR)["real_income"] - run()["real_income"]
    off = {unrelated: False}
    without = run(**TARIFF_WAR, switches=off)["real_income"] - run(switches=off)["real_income"]
    assert np.abs(on).max() > 1e-4
    np.testing.assert_allclose(on, without, atol=2e-6)


@pytest.mark.parametrize("unrelated", ["trade", "growth"])
def test_an_unrelated_mechanism_does_not_move_the_draws_of_membership(unrelated):
    settings = {"years": 8, "runs": 16}
    on, off = run(**settings), run(**settings, switches={unrelated: False, "alignment": False})
    on_alone = run(**settings, switches={"alignment": False})
    np.testing.assert_array_equal(on_alone["members"], off["members"])
    assert on["members"].std() > 0


@pytest.mark.parametrize("mechanism", sorted(CATALOGUE))
def test_every_mechanism_can_be_switched_off(mechanism):
    result = run(switches={mechanism: False}, **TARIFF_WAR)
    assert all(
        np.isfinite(values[:, :, 1:]).all() for n, values in result.items() if values.ndim > 2
    )


def test_an_exit_ends_membership_and_payment():
    # a body of the sample may end by chance, and a member leave it
    lasting = {"survival": False, "membership": False, "politics": False}
    left, stayed = run(**WITHDRAWAL, switches=lasting), run(switches=lasting)
    assert (left["paid_by_leading_state"][:, 2:, 1] == 0).all()
    assert (left["members"][:, 2:, 1] < stayed["members"][:, 2:, 1]).all()
    np.testing.assert_array_equal(left["members"][:, :2], stayed["members"][:, :2])


def test_money_paid_is_money_received():
    world, setting = small_world(STATES, BODIES, years=4, steps=16)
    world = replace(world, other_revenue=jnp.zeros(BODIES))
    setting = replace(setting, start_revenue=world.contribution.sum(0))
    result = run(world=(world, setting), switches={"membership": False}, **WITHDRAWAL)
    np.testing.assert_allclose(result["contribution"].sum(-1), result["revenue"].sum(-1), rtol=1e-5)


SHOCKS = {
    "world_shock_sd",
    "shock_sd",
    "diffusion",
    "shift_size",
    "leader_spread",
    "leader_spread_of_dyad",
    "slow_spread",
}


def relabelled(record, order):
    """The record with its states in another order."""

    place = np.append(np.argsort(order), STATES)

    def move(field, value):
        if field in (
            "growth_rate", "population_growth_rate", "reference_income", "currency_area",
        ):  # fmt: skip
            return value[:, order]
        if field in ("issuer", "great_power"):
            return place[value]
        shape = np.shape(value)
        if shape == (STATES, STATES):
            return value[order][:, order]
        return value[order] if shape[:1] == (STATES,) else value

    return type(record)(**{f.name: move(f.name, getattr(record, f.name)) for f in fields(record)})


def test_relabelling_states_permutes_the_results():
    """Without noise, which is addressed by the label."""
    order = np.array([3, 0, 5, 1, 4, 2])
    world, setting = small_world(STATES, BODIES, years=4, steps=16)
    world = replace(world, peace_years=0.0 * world.peace_years + 5.0)  # on record: nothing drawn
    chancy = "membership", "disputes", "politics", "alliances", "survival", "foundings", "sanctions"
    off = dict.fromkeys(chancy, False)
    moved = relabelled(world, order), relabelled(setting, order)
    one, other = (
        run_chunk(quiet(ensemble(world=start, switches=off)), 0)
        for start in ((world, setting), moved)
    )
    for name, variable in variables().items():
        expected = one[name][..., order] if variable.dims == ("country",) else one[name]
        np.testing.assert_allclose(other[name], expected, rtol=2e-4, atol=2e-4, err_msg=name)


def quiet(small):
    """The ensemble with every shock at zero."""
    still = {
        mechanism: {
            name: 0.0 * values if name in SHOCKS else values for name, values in named.items()
        }
        for mechanism, named in small.draws.items()
    }
    return replace(small, draws=still)


def test_step_lengths_agree():
    """Means over runs and counts of events at yearly, quarterly and monthly steps agree within
    five Monte Carlo standard errors, plus half a per cent for the splitting of a step."""
    runs = 128
    by_length = {n: run(runs=runs, years=8, steps_per_year=n, seed=11) for n in (1, 4, 12)}
    for name in ("gdp", "ideal_point", "trust_in_leading_state", "capacity", "members", "revenue"):
        finest = by_length[12][name][:, -1]
        for n in (1, 4):
            coarse = by_length[n][name][:, -1]
            error = np.sqrt((finest.var(0) + coarse.var(0)) / runs)
            slack = 5 * error + 0.005 * np.abs(finest.mean(0)) + 1e-5
            miss = np.abs(coarse.mean(0) - finest.mean(0))
            assert (miss <= slack)[~np.isnan(miss)].all(), (name, n, miss / slack)


def test_same_figures_with_one_and_two_workers():
    script = (
        "import sys, numpy as np; sys.path.insert(0, 'tests');"
        "from worldorder.dynamics.devices import configure; configure(int(sys.argv[1]));"
        "import jax; assert len(jax.devices()) == max(2, int(sys.argv[1]));"
        "from ensembles import run; r = run(runs=6);"
        "import hashlib; whole = b''.join(r[k].tobytes() for k in sorted(r));"
        "print(hashlib.sha256(whole).hexdigest())"
    )
    root = Path(__file__).parents[2]
    prints = {
        subprocess.run(
            [sys.executable, "-c", script, workers],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env=_environment(root),
        ).stdout
        for workers in ("1", "2")
    }
    assert len(prints) == 1


def _environment(root):
    import os

    return {**os.environ, "PYTHONPATH": str(root / "src"), "JAX_PLATFORMS": "cpu"}


def test_rejoining_restores_payment():
    back = {"bodies": [*WITHDRAWAL["bodies"], (10, BodyLever.ACCESSION, 0, 1, 0.0)]}
    result = run(**back, switches={"survival": False})
    assert (result["paid_by_leading_state"][:, 2, 1] == 0).all()
    assert (result["paid_by_leading_state"][:, 3, 1] > 0).all()
