"""What cannot be solved is said in one message that names the countries."""

import numpy as np
import pytest
from economies import small_flows

import worldorder as wo
from worldorder.errors import ConvergenceError, InputError


def flows_with(row, column, value):
    flows = small_flows()
    flows.loc[row, column] = value
    return flows


def no_sales():
    flows = small_flows()
    flows.loc["C"] = 0.0
    return flows


def two_worlds():
    flows = small_flows()
    flows.loc[list("AB"), list("CDEF")] = 0.0
    flows.loc[list("CDEF"), list("AB")] = 0.0
    return flows


def unlabelled():
    names = [*"ABCDE", None]
    return small_flows().set_axis(names, axis=0).set_axis(names, axis=1)


def long_flows():
    return small_flows().stack().rename_axis(["exporter", "importer"]).rename("v").reset_index()


def unlabelled_line():
    flows = long_flows()
    flows.loc[3, "exporter"] = None
    return flows


BAD_FLOWS = {
    "no label": (unlabelled, "row 6 has no label"),
    "a line without a label": (unlabelled_line, "exporter of line 4 has no label"),
    "text": (
        lambda: small_flows().astype(object).replace(small_flows().iat[0, 1], "much"),
        "from A to B is 'much'",
    ),
    "nothing": (lambda: None, "not a matrix"),
    "negative": (lambda: flows_with("A", "B", -1.0), "A to B is negative"),
    "not a number": (lambda: flows_with("A", "B", np.nan), "A to B is not a number"),
    "zero row": (no_sales, "sells nothing: C"),
    "in two pieces": (two_worlds, "to the rest: A, B"),
    "no home sales": (lambda: small_flows() * (1 - np.eye(6)), "diagonal"),
    "a label missing": (lambda: small_flows().drop(columns="F"), "not both .*: F"),
    "a label twice": (lambda: small_flows().rename({"A": "B"}).rename(columns={"A": "B"}), "B"),
}


@pytest.mark.parametrize(("make", "message"), BAD_FLOWS.values(), ids=BAD_FLOWS)
def test_flows_that_cannot_be_used(make, message):
    with pytest.raises(InputError, match=message):
        wo.trade.solve(make())


BAD_ARGUMENTS = {
    "tariff below -100 %": ({"tariffs": {("A", "B"): -1.2}}, "A on B is -1.2"),
    "infinite tariff": ({"tariffs": {("A", "B"): np.inf}}, "A on B is inf"),
    "tariff that is no number": ({"tariffs": {("A", "B"): np.nan}}, "A on B is nan"),
    "no pair": ({"tariffs": {"A": 0.1}}, "'A' is no pair"),
    "tariff at home": ({"tariffs": {("A", "A"): 0.1}}, "home goods: A"),
    "unknown country": ({"tariffs": {("A", "Z"): 0.1}}, "unknown country 'Z'"),
    "shape": ({"tariffs": np.zeros((2, 2))}, r"shape \(2, 2\)"),
    "tariffs without a country": (
        {"tariffs": 0 * small_flows().drop(columns="B", index="B")},
        "no B",
    ),
    "cost of zero": ({"costs": {("A", "B"): 0.0}}, "B to A is not above 0"),
    "unbalanced transfers": ({"transfers": {"A": 1.0}}, "transfers"),
    "elasticity": ({"elasticity": -1.0}, "elasticity"),
    "setting": ({"elastcity": 4.0}, "elastcity"),
    "imbalances": ({"imbalances": "wrld"}, "wrld"),
    "anchor": ({"imbalances": "fixed", "anchor": "Z"}, "anchor 'Z'"),
    "scale without labour": ({"scale": 0.1}, "labour supply"),
    "both": ({"model": wo.trade.TradeModel(), "elasticity": 4.0}, "both"),
}


@pytest.mark.parametrize(("given", "message"), BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_arguments_that_cannot_be_used(given, message):
    with pytest.raises(InputError, match=message):
        wo.trade.solve(small_flows(), **given)


def surplus_country_alone():
    """A sells half of what it makes and buys little, so alone it cannot keep its surplus."""
    flows = np.array([[40.0, 30.0, 30.0], [5.0, 100.0, 20.0], [5.0, 20.0, 100.0]])
    alone = dict.fromkeys([("A", "B"), ("B", "A"), ("A", "C"), ("C", "A")], 30.0)
    return flows, list("ABC"), alone


def test_no_equilibrium_names_the_country():
    flows, names, costs = surplus_country_alone()
    with pytest.raises(ConvergenceError, match=r"worst in .*A"):
        wo.trade.solve(flows, names=names, costs=costs, elasticity=8.0)


def test_lending_has_an_equilibrium_where_fixed_surpluses_have_none():
    flows, names, costs = surplus_country_alone()
    found = wo.trade.solve(flows, names=names, costs=costs, elasticity=8.0, imbalances="lending")
    assert found.attrs["status"] == "converged"


def test_scenarios_without_equilibrium_are_named():
    flows, names, costs = surplus_country_alone()
    with pytest.raises(ConvergenceError, match="alone"):
        wo.trade.solve_many(
            flows, {"as now": {}, "alone": {}}, names=names, costs={"alone": costs}, elasticity=8.0
        )


def test_newton_finds_what_the_iteration_was_not_given_time_for():
    found = wo.trade.solve(small_flows(), {("A", "B"): 0.5}, most_iterations=2)
    assert found.attrs["method"] == "Newton"
    usual = wo.trade.solve(small_flows(), {("A", "B"): 0.5})
    assert np.allclose(found["welfare"], usual["welfare"], rtol=1e-9)


def test_no_scenarios_and_answers_of_unknown_countries():
    with pytest.raises(InputError, match="no scenarios"):
        wo.trade.solve_many(small_flows(), {})
    base = wo.trade.make_baseline(small_flows())
    for how in ("none", "reciprocal", "optimal", "nash"):
        with pytest.raises(InputError, match="'Z'"):
            wo.trade.retaliated(base, {("A", "Z"): 0.1}, how)
