"""Published models as settings of one engine, on figures restated as cases."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

import worldorder as wo
from cases import case
from worldorder.mechanisms.trade.policy import export_supply_weight, optimal_tariff_ilms_2025
from worldorder.trade.labels import matrix_of

CASES = Path(__file__).parents[1] / "cases"
COUNTERFACTUAL = np.exp(0.4711383)  # coefficient of a trade agreement


@pytest.fixture(scope="module")
def ilms():
    """Baseline with margins, tariffs of April 2025 by (importer, exporter), settings, figures."""
    told = case("ilms_2025")
    gdp = pd.read_csv(CASES / "ilms_2025_gdp.csv", comment="#").set_index("iso3")["gdp"] / 1000
    names = list(gdp.index)
    trade = wo.panel("trade", year=2023).query("flag == 'observed'")
    flows = matrix_of(trade[["exporter", "importer", "value"]], names, "trade", 0.0)
    margin = wo.trade.distribution_margins(flows, gdp.to_numpy(), names.index("USA"))
    base = wo.trade.make_baseline(flows, names, gdp, model=wo.trade.ilms_2025(margin))
    rates = wo.panel("liberation_day_2025").set_index("iso3")["tariff"].to_dict()
    tariffs = {("USA", name): max(0.1, rates.get(name, 0.1)) for name in names if name != "USA"}
    return told, base, margin, tariffs


def percent(found, name):
    return 100 * (float(found["welfare"].sel(country=name)) - 1)


def retaliation_as_one(base, margin, tariffs):
    """Best tariff of all others as one region, on the two-region aggregate."""
    own = np.array(base.names) == "USA"
    group = np.array([~own, own], dtype=float)
    flows = group @ base.flows @ group.T
    income = base.flows @ (1 - margin) + margin * base.flows.sum(0)
    margins = np.array([margin[~own][0], margin[own][0]])
    with jax.enable_x64(True):
        arrays = (jnp.asarray(x) for x in (flows, group @ income, margins))
        weight = export_supply_weight(*arrays)[0]
        through = jnp.asarray(wo.trade.ilms_2025(margin).pass_through)
        rates = np.asarray(optimal_tariff_ilms_2025(weight, jnp.asarray(4.0), through))
    answer = {(name, "USA"): float(r) for name, r in zip(base.names, rates, strict=True)}
    del answer["USA", "USA"]
    return {**tariffs, **answer}


def test_distribution_margins_are_those_of_the_paper(ilms):
    told, base, margin, _ = ilms
    leader = base.names.index("USA")
    assert np.isclose(margin[leader], told["distribution"]["USA"], rtol=2e-5)
    assert np.isclose(margin[leader - 1], told["distribution"]["others"], rtol=2e-5)


@pytest.mark.parametrize("name", ["none", "lump sum", "reciprocal", "optimal"])
def test_liberation_day_tariffs_in_the_model_of_ilms_2025(ilms, name):
    told, base, margin, tariffs = ilms
    want = told["scenarios"][name]
    if want["retaliation"] == "optimal":
        tariffs = retaliation_as_one(base, margin, tariffs)
    else:
        tariffs = wo.trade.retaliated(base, tariffs, want["retaliation"])
    model = wo.trade.ilms_2025(margin, revenue=want["revenue"])
    found = wo.trade.solve(base, tariffs, model=model)
    assert found.attrs["residual"] < 1e-10
    assert np.isclose(percent(found, "USA"), want["USA"], atol=told["tolerance"])
    if "CHN" in want:
        assert np.isclose(percent(found, "CHN"), want["CHN"], atol=told["tolerance"])
    if "world_trade" in want:
        assert np.isclose(
            world_trade_over_gdp(found, base, tariffs), want["world_trade"], atol=0.05
        )


def world_trade_over_gdp(found, base, tariffs):
    duty = 1 + matrix_of(tariffs, base.names, "tariffs", 0.0)
    paid = (found["flows"].to_numpy() * duty).sum() - np.trace(found["flows"])
    before = base.flows.sum() - np.trace(base.flows)
    return 100 * (paid / before / (float(found["income"].sum()) / base.flows.sum()) - 1)


@pytest.fixture(scope="module")
def sample():
    """Costs before and after the agreement, and what gegravity gives."""
    told = pd.read_csv(CASES / "gegravity_30_countries_2006_results.csv", comment="#")
    told = told.set_index("country")
    rows = pd.read_csv(CASES / "gegravity_30_countries_2006.csv", comment="#")
    costs = rows.pivot(index="exporter", columns="importer", values="cost")
    after = costs.copy()
    after.loc["CAN", "JPN"] *= COUNTERFACTUAL
    after.loc["JPN", "CAN"] *= COUNTERFACTUAL
    return costs, after, told


def gravity(sample, method):
    costs, after, told = sample
    return wo.trade.gravity(
        costs, after, told["output"], told["expenditure"], 5.0, "DEU", method=method
    )


def test_gegravity_is_a_setting_of_the_engine(sample):
    found, told = gravity(sample, "baseline shares"), sample[2]
    for name in ("factory_price", "outward_resistance", "inward_resistance", "gdp"):
        assert np.allclose(found[name], 1 + told[name] / 100, rtol=1e-9)
        assert np.allclose(100 * (found[name] - 1), told[name], rtol=1e-6, atol=2e-8)


@pytest.mark.parametrize(
    ("method", "canada", "japan"),
    [("baseline shares", -0.136, 0.245), ("exact", -0.119, 0.210)],
)
def test_factory_prices_in_full_equilibrium(sample, method, canada, japan):
    found = 100 * (gravity(sample, method)["factory_price"] - 1)
    assert np.isclose(found.sel(country="CAN"), canada, atol=5e-4)
    assert np.isclose(found.sel(country="JPN"), japan, atol=5e-4)


def test_conditional_equilibrium_holds_output_and_what_is_spent(sample):
    found, told = gravity(sample, "conditional"), sample[2]
    sold = found["flows"].sum("importer").to_pandas()
    assert np.allclose(sold / sold.sum(), told["output"] / told["output"].sum(), rtol=1e-9)
    assert np.allclose(found["output"], 1)
    full = gravity(sample, "baseline shares")
    assert np.allclose(found["inward_resistance"], full["inward_resistance"], rtol=1e-12)


def test_exact_gravity_is_the_solver_with_ratio_imbalances(sample):
    costs, after, _ = sample
    exact = gravity(sample, "exact")
    flows = exact["flows_before"].to_pandas()
    change = (after / costs) ** (-1 / 4)
    found = wo.trade.solve(flows, costs=change, elasticity=4.0, imbalances="ratio")
    real = exact["factory_price"] / exact["inward_resistance"]
    assert np.allclose(found["wage"] / found["price"], real, rtol=1e-9)
