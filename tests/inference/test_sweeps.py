"""Sweeps over levers and parameters, and branches: what is varied, what is refused."""

import datetime

import numpy as np
import pytest

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import InputError, ResultError, WorldOrderError
from worldorder.inference.sweeps import Axis, parse_axis, sweep_jobs
from worldorder.plots.sweeps import plot_sweep_line, plot_sweep_map
from worldorder.results.branch import branch_jobs, check_branch
from worldorder.results.compare import band
from worldorder.results.job import prepare
from worldorder.scenarios import load_scenario

LATER = """title: An answer
switches: {answer: on}
levers:
  - {type: tariff, group: answer, actor: EU, target: USA, rate: 0.2, date: 2030-01-01}
"""


def layer(tmp_path, text=LATER):
    file = tmp_path / "answer.yaml"
    file.write_text(text, "utf-8")
    return load_scenario(str(file))


def saved(name="withdrawal-2026"):
    """A result that carries what a run needs, without its numbers."""
    import xarray as xr

    job = prepare(load_scenario(name, until="2035-01-01"), 2, 1)
    return {name: xr.Dataset(attrs=dict(job.frame.attributes))}


def test_axes_vary_levers_of_a_group_and_parameters(tmp_path):
    file = tmp_path / "answer.yaml"
    file.write_text("extends: baseline\n" + LATER, "utf-8")
    scenario = load_scenario(str(file), until="2027-01-01")
    scenario = scenario.model_copy(update={"until": datetime.date(2032, 1, 1)})
    axes = [parse_axis("answer.rate=0.1,0.3"), parse_axis("trade.elasticity=3,5")]
    jobs, points = sweep_jobs(scenario, axes, 2, 1)
    assert points == [(0.1, 3.0), (0.1, 5.0), (0.3, 3.0), (0.3, 5.0)]
    assert len(jobs) == 5
    for job, (rate, elasticity) in zip(jobs[1:], points, strict=True):
        rates = [lever.rate for lever in job.scenario.levers if lever.group == "answer"]
        assert rates == [rate]
        assert set(job.ensemble.draws["trade"]["elasticity"]) == {elasticity}


@pytest.mark.parametrize("text", ["rate", "rate=", "rate=a,b", "rate=1", "=1,2"])
def test_an_axis_that_cannot_be_read_says_how_to_write_it(text):
    with pytest.raises(InputError, match="cannot vary"):
        parse_axis(text)


def test_an_axis_that_the_scenario_lacks_is_refused():
    with pytest.raises(InputError, match=r"nothing named 'tarif\.rate'"):
        sweep_jobs(load_scenario("baseline"), [Axis("tarif.rate", (0.1, 0.2))], 2, 1)
    with pytest.raises(InputError, match="more than"):
        sweep_jobs(load_scenario("baseline"), [Axis("x", tuple(range(500)))], 2, 1)


def test_sweep_figures_show_every_point():
    bands = [band(np.array([0.0, 0.1, 0.2]) + i) for i in range(3)]
    line = plot_sweep_line([1, 2, 3], bands, "rate", "share").axes[0]
    assert line.lines[0].get_xdata().tolist() == [1, 2, 3]
    shown = plot_sweep_map(np.eye(2), [1, 2], [3, 4], ("rate", "share"), "x").axes[0]
    assert [text.get_text() for text in shown.texts] == ["+1", "0", "0", "+1"]


def test_a_branch_adds_levers_and_is_compared_with_the_run_it_leaves(tmp_path):
    day = datetime.date(2030, 1, 1)
    jobs, _ = branch_jobs(saved(), None, day, layer(tmp_path))
    trunk, grown = jobs
    assert trunk.name == "withdrawal-2026"
    assert grown.name == "withdrawal-2026+answer"
    assert grown.frame.attributes["reference"] == "withdrawal-2026"
    assert len(grown.scenario.levers) == len(trunk.scenario.levers) + 1
    same = [name for name in ("dyad_kind", "dyad_actor") if name]
    for name in same:
        ours, theirs = (np.asarray(getattr(j.ensemble.levers, name)) for j in (grown, trunk))
        np.testing.assert_array_equal(ours[:20], theirs[:20])


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (LATER, "2031-01-01", "is before 2031"),
        (LATER, "2050-01-01", "outside the run"),
        (
            "switches: {withdrawal-66: off}\n" + LATER[LATER.index("levers") :],
            "2030-01-01",
            "withdrawal-66",
        ),
        (LATER + "parameters: {trade.elasticity: 5}\n", "2030-01-01", "would change what was"),
    ],
)
def test_a_branch_leaves_the_past_alone(tmp_path, text, at, said):
    with pytest.raises(WorldOrderError, match=said):
        branch_jobs(saved(), None, datetime.date.fromisoformat(at), layer(tmp_path, text))


def test_a_result_of_another_version_is_refused_with_the_reason(tmp_path):
    results = saved()
    one = results["withdrawal-2026"]
    one.attrs["parameters"] = '{"trade": {}}'
    with pytest.raises(ResultError, match="made without the mechanisms"):
        branch_jobs(results, None, datetime.date(2030, 1, 1), layer(tmp_path))


def test_a_branch_that_differs_before_its_date_is_an_error():
    pair = small_pair()
    check_branch(pair[REFERENCE], pair[SCENARIO], datetime.date(2026, 6, 1))
    with pytest.raises(ResultError, match="differs in"):
        check_branch(pair[REFERENCE], pair[SCENARIO], datetime.date(2031, 1, 1))
