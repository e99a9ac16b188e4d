"""Screen, swings and Sobol indices against closed forms, by the code that runs the simulator."""

import filecmp
from dataclasses import replace

import numpy as np
import pytest

from worldorder.cli.sensitivity import write_found
from worldorder.errors import InputError
from worldorder.inference.claims.schema import Reading
from worldorder.inference.sensitivity import design as designs
from worldorder.inference.sensitivity.ensemble import question_of
from worldorder.inference.sensitivity.factors import drawn_at, quantile, used_by, varying
from worldorder.inference.sensitivity.study import PIECE, Plan, Stopped, study
from worldorder.parameters.loader import load_parameters
from worldorder.scenarios import load_scenario

NAMES = ["one", "two", "three", "nothing"]
PLAN = Plan(trajectories=20, samples=1024, repeats=4, most=3, least=0.01, seed=1)


def ishigami(points, noise=0.0, a=7.0, b=0.1):
    """Ishigami and Homma's function; the fourth factor does nothing."""
    place = {name: points.places[:, k] for k, name in enumerate(points.names)}
    x = [np.pi * (2 * place.get(name, 0.5) - 1) for name in NAMES]
    shocks = np.random.default_rng(5).standard_normal(2**20)[points.chance]
    return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0]) + noise * shocks


def told(evaluate, folder=None, plan=PLAN):
    return study(NAMES, plan, evaluate, "ishigami", folder, lambda *_: None)


def test_indices_are_those_of_ishigamis_function():
    found = told(ishigami)
    assert sorted(found.kept) == ["one", "three", "two"]
    table = found.sobol.set_index("factor")
    a, b = 7.0, 0.1
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = {"one": (1 + b * np.pi**4 / 5) ** 2 / 2, "two": a**2 / 8, "three": 0.0}
    mixed = 8 * b**2 * np.pi**8 / 225
    total = {"one": first["one"] + mixed, "two": first["two"], "three": mixed}
    for name in total:
        assert table.loc[name, "first_order"] == pytest.approx(first[name] / variance, abs=0.05)
        assert table.loc[name, "total"] == pytest.approx(total[name] / variance, abs=0.05)
        gap = abs(table.loc[name, "total"] - total[name] / variance)
        assert gap < 2 * table.loc[name, "total_half_width"]
    assert table.loc[designs.CHANCE, "total"] == pytest.approx(0, abs=1e-9)


def test_the_share_of_noise_is_measured_and_common_numbers_keep_it_out_of_the_others():
    """Noise with the variance of the rest takes half; a factor without effect keeps none."""
    quiet = told(ishigami).sobol.set_index("factor")
    spread = np.sqrt(7.0**2 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5)
    noisy = told(lambda points: ishigami(points, noise=spread)).sobol.set_index("factor")
    assert noisy.loc[designs.CHANCE, "total"] == pytest.approx(0.5, abs=0.06)
    for name in ("one", "two", "three"):
        assert noisy.loc[name, "of_parameters"] == pytest.approx(quiet.loc[name, "total"], abs=0.08)


def test_a_factor_without_effect_is_screened_out_under_noise():
    found = told(lambda points: ishigami(points, noise=20.0))
    screen = found.screen.set_index("factor")
    assert screen.loc["nothing", "mean_size"] == pytest.approx(0, abs=1e-9)
    assert "nothing" not in found.kept


def test_swings_are_changes_from_the_centre_with_the_same_chance():
    plan = designs.swing_design(["one", "two"], 3)
    shocks = np.random.default_rng(1).standard_normal(3)
    table = designs.swing_table(plan, 10 * plan.places[:, 1] + shocks[plan.chance])
    two = table.set_index("factor").loc["two"]
    assert two["high"] - two["low"] == pytest.approx(10 * 0.9)
    assert two["high_error"] == pytest.approx(0, abs=1e-9)
    assert table["factor"].tolist() == ["two", "one"]


def stopping(after):
    """A model that is interrupted, as by Ctrl-C, after a number of pieces."""
    calls = []

    def evaluate(points):
        calls.append(points.rows)
        if len(calls) > after:
            raise KeyboardInterrupt
        return ishigami(points)

    return evaluate, calls


def test_a_stopped_study_leaves_tables_and_goes_on_to_the_same_files(tmp_path):
    plan = Plan(trajectories=20, samples=64, repeats=4, most=3, least=0.01, seed=1)
    evaluate, _ = stopping(6)
    with pytest.raises(Stopped) as stop:
        told(evaluate, tmp_path / "kept", plan)
    early = stop.value.found
    assert early.partial == "sobol"
    assert 4 <= early.sobol["samples"].iloc[0] < 64
    again, calls = stopping(10**6)
    resumed = told(again, tmp_path / "kept", plan)
    rows = designs.sobol_design(resumed.kept, 64, 1).rows
    assert sum(calls) < rows  # what was finished is not run again
    for name, found in (("resumed", resumed), ("whole", told(ishigami, None, plan))):
        (tmp_path / name).mkdir()
        write_found(found, "outcome", tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert files == [
        "screen.csv", "sobol.csv", "sobol.png", "sobol.svg",
        "tornado.csv", "tornado.png", "tornado.svg",
    ]  # fmt: skip
    same, other, broken = filecmp.cmpfiles(
        tmp_path / "whole", tmp_path / "resumed", files, shallow=False
    )
    assert (sorted(same), other, broken) == (files, [], [])


def test_an_outcome_that_nothing_moves_or_that_has_no_value_is_an_error():
    with pytest.raises(InputError, match="no parameter moves"):
        told(lambda points: np.zeros(points.rows))
    with pytest.raises(InputError, match="no value"):
        told(lambda points: np.full(points.rows, np.nan))
    with pytest.raises(InputError, match="Sobol sequence"):
        replace(PLAN, samples=100)
    with pytest.raises(InputError, match="trajectories is 1"):
        replace(PLAN, trajectories=1)


def test_places_are_quantiles_of_what_runs_draw():
    """Means and spreads at random places are those of the draws, for every parameter."""
    place = (np.arange(2000) + 0.5) / 2000
    for mechanism, named in load_parameters().items():
        for name, parameter in named.items():
            drawn = parameter.draw(np.random.default_rng(1), 20_000)
            found = quantile(parameter, place)
            scale = drawn.std() or 1e-12
            assert abs(found.mean() - drawn.mean()) < 0.05 * scale + 1e-9, (mechanism, name)
            assert found.std() == pytest.approx(drawn.std(), rel=0.05, abs=1e-12)


def test_only_what_is_uncertain_and_used_is_varied():
    scenario = load_scenario("baseline").model_copy(
        update={"mechanisms": {"trust": False}, "parameters": {"trade.elasticity": 4.0}}
    )
    factors = varying(scenario)
    assert "trade.elasticity" not in factors
    assert not any(name.startswith("trust.") for name in factors)
    points = designs.screen_design(list(factors), 2, 1).between(0, 3)
    draws = drawn_at(points, factors, used_by(scenario))
    assert set(draws["trade"]["elasticity"]) == {4.0}
    moved = [
        name
        for name in factors
        if len(set(draws[name.partition(".")[0]][name.partition(".")[2]].tolist())) > 1
    ]
    assert len(moved) == 2  # one factor at a time


def test_the_simulator_answers_points_with_one_program_and_paired_chance(monkeypatch):
    """Both jobs get the same parameters and numbers of chance, in pieces of any size."""
    seen = []

    def fake(jobs, kept):
        seen.append(jobs)
        return {
            job.name: {"outcome": (k + 1) * np.arange(job.ensemble.runs, dtype=np.float32)}
            for k, job in enumerate(jobs)
        }

    monkeypatch.setattr("worldorder.inference.sensitivity.ensemble.execute", fake)
    reading = Reading.model_validate({"quantity": "gdp", "of": ["USA"], "measured": "sum"})
    scenario = load_scenario("withdrawal-2026", until="2028-01-01")
    question = question_of(scenario, reading, 2028, 1)
    points = designs.screen_design(list(question.factors), 2, 1).between(0, PIECE)
    assert question.evaluate(points).tolist() == np.arange(PIECE).tolist()
    reference, after = seen[0]
    np.testing.assert_array_equal(reference.ensemble.chance, points.chance)
    assert reference.ensemble.draws is after.ensemble.draws
    assert reference.ensemble.runs == PIECE
    with pytest.raises(InputError, match="outside"):
        question_of(scenario, reading, 2040, 1)
