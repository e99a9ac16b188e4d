"""Parameters that were estimated together are drawn together; the rest draws as before."""

import numpy as np
import pytest

from worldorder.errors import InputError
from worldorder.parameters.joint import correlation_matrix, mixed
from worldorder.parameters.loader import Parameter, draw_parameters, override

RUNS = 20_000


def number(value, error, distribution="normal", **more):
    return Parameter(
        value=value, unit="1", distribution=distribution, range=(-50.0, 50.0),
        standard_error=error, status="assumed", source="a test", meaning="none", **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def parameters():
    return {
        "one": {
            "a": number(1.0, 0.5),
            "b": number(-2.0, 0.2, correlation={"a": 0.8}),
            "c": number(2.0, 0.3, "lognormal", correlation={"a": -0.5, "b": -0.3}),
            "d": number(0.0, 1.0),
        },
        "other": {"a": number(0.0, 1.0)},
    }


@pytest.fixture(scope="module")
def alone(parameters):
    return {
        mechanism: {n: p.model_copy(update={"correlation": {}}) for n, p in named.items()}
        for mechanism, named in parameters.items()
    }


def test_draws_have_the_correlations_and_the_margins_that_are_stated(parameters):
    drawn = draw_parameters(parameters, 1, RUNS)["one"]
    scale = {"a": drawn["a"], "b": drawn["b"], "c": np.log(drawn["c"]), "d": drawn["d"]}
    found = np.corrcoef(np.stack(list(scale.values())))
    stated = np.array([[1, 0.8, -0.5, 0], [0.8, 1, -0.3, 0], [-0.5, -0.3, 1, 0], [0, 0, 0, 1.0]])
    assert np.abs(found - stated).max() < 4 / np.sqrt(RUNS)
    for name, (mean, spread) in {"a": (1, 0.5), "b": (-2, 0.2), "c": (np.log(2), 0.3)}.items():
        assert scale[name].mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(RUNS))
        assert scale[name].std() == pytest.approx(spread, rel=4 / np.sqrt(2 * RUNS))


def test_nothing_else_draws_otherwise_than_before(parameters, alone):
    joint, before = draw_parameters(parameters, 1, 50), draw_parameters(alone, 1, 50)
    np.testing.assert_array_equal(joint["other"]["a"], before["other"]["a"])
    np.testing.assert_array_equal(joint["one"]["d"], before["one"]["d"])
    np.testing.assert_allclose(joint["one"]["a"], before["one"]["a"], rtol=1e-12)
    assert not np.allclose(joint["one"]["b"], before["one"]["b"])


def test_draws_do_not_depend_on_how_many_are_asked_for(parameters):
    few, many = draw_parameters(parameters, 1, 3), draw_parameters(parameters, 1, 300)
    np.testing.assert_array_equal(few["one"]["c"], many["one"]["c"][:3])


def test_a_value_that_a_user_fixes_leaves_the_others_as_they_were(parameters):
    fixed = draw_parameters(override(parameters, {"one.a": 3.0}), 1, 20)["one"]
    free = draw_parameters(parameters, 1, 20)["one"]
    assert set(fixed["a"]) == {3.0}
    np.testing.assert_array_equal(fixed["b"], free["b"])


def test_correlations_that_no_numbers_can_have_are_refused():
    with pytest.raises(InputError, match="contradict"):
        correlation_matrix({"a": {}, "b": {"a": 0.9}, "c": {"a": 0.9, "b": -0.9}})
    with pytest.raises(InputError, match="'z'"):
        correlation_matrix({"a": {"z": 0.5}})
    assert mixed({}, {}) == {}
