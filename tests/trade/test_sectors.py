"""The engine over sectors: against one sector, against hand solutions, and by its laws."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from economies import small_flows, two_equal

import worldorder as wo
from worldorder.errors import InputError

WAR = {("A", "B"): 0.4, ("B", "A"): 0.2, ("C", "A"): 0.1}
THETA = {"cars": 6.0, "chips": 2.0}


def by_sector(parts, names=None):
    cube = np.stack([np.asarray(part) for part in parts.values()])
    names = list(names or "ABCDEF"[: cube.shape[1]])
    dims = ("sector", "exporter", "importer")
    return xr.DataArray(cube, {"sector": list(parts), "exporter": names, "importer": names}, dims)


@pytest.fixture
def flows():
    cars, chips = small_flows(5, 1), small_flows(5, 2)
    return by_sector({"cars": cars, "chips": 0.3 * chips})


@pytest.mark.parametrize("substitution", [0.5, 1.0])
@pytest.mark.parametrize("imbalances", ["world", "lending"])
def test_proportional_sectors_are_one_sector(substitution, imbalances):
    whole = small_flows()
    flows = by_sector({"cars": 0.7 * whole, "chips": 0.3 * whole})
    settings = {"elasticity": 5.0, "imbalances": imbalances}
    already = {("A", "B"): 0.15, ("D", "E"): 0.05}
    costs = {("E", "F"): 1.3}
    one = wo.trade.solve(whole, WAR, base_tariffs=already, costs=costs, **settings)
    many = wo.trade.solve(
        flows, WAR, base_tariffs=already, costs=costs, substitution=substitution, **settings
    )
    for name in ("wage", "price", "real_income", "welfare", "revenue", "exports_change"):
        assert np.allclose(many[name], one[name], rtol=1e-8), name
    assert np.allclose(many["flows"].sum("sector"), one["flows"], rtol=1e-8)


def test_autarky_costs_what_home_shares_and_elasticities_say():
    """Real income under autarky is the product of home shares to the power share / elasticity."""
    cars, chips = two_equal(0.8), two_equal(0.5)
    flows = by_sector({"cars": 0.6 * cars, "chips": 0.4 * chips})
    stop = {("A", "B"): np.inf, ("B", "A"): np.inf}
    found = wo.trade.solve(flows, costs=stop, elasticity=THETA, imbalances="closed")
    expected = 0.8 ** (0.6 / 6) * 0.5 ** (0.4 / 2)
    assert np.allclose(found["real_income"], expected, rtol=1e-9)


def test_a_tariff_between_mirror_images_by_hand():
    """Wages stay equal, so that each sector's share and price follow in closed form."""
    weight, home, rate = np.array([0.6, 0.4]), np.array([0.8, 0.5]), 0.25
    theta = np.array(list(THETA.values()))
    flows = by_sector(
        {name: w * two_equal(h) for name, w, h in zip(THETA, weight, home, strict=True)}
    )
    tariffs = {("A", "B"): rate, ("B", "A"): rate}
    found = wo.trade.solve(flows, tariffs, elasticity=THETA, substitution=2.0)
    variety = home + (1 - home) * (1 + rate) ** -theta
    price = variety ** (-1 / theta)
    level = 1 / (weight / price).sum()
    share = weight * level / price
    before_duties = (home + (1 - home) * (1 + rate) ** (-theta - 1)) / variety
    spent = 1 / (share * before_duties).sum()
    assert np.allclose(found["wage"], 1)
    assert np.allclose(found["sector_price"].sel(importer="A"), price)
    assert np.allclose(found["price"], level)
    assert np.allclose(found["welfare"], spent / level)
    assert np.allclose(found["output"].sum("country") / 200, share * before_duties * spent)


def test_zero_shock_scale_and_walras(flows):
    rest = wo.trade.solve(flows, elasticity=THETA)
    assert np.allclose(rest["flows"], flows, rtol=1e-9)
    found = wo.trade.solve(flows, WAR, elasticity=THETA)
    assert np.allclose(found["flows"].sum(("sector", "importer")), found["income"])
    spent = found["flows"].sum(("sector", "exporter")) + found["revenue"].to_numpy()
    assert np.allclose(spent, found["expenditure"])
    larger = wo.trade.solve(1000 * flows, WAR, elasticity=THETA)
    assert np.allclose(larger["welfare"], found["welfare"])


def test_relabelling_and_the_forms_of_input(flows):
    found = wo.trade.solve(flows, WAR, elasticity=THETA)
    turned = flows.isel(sector=[1, 0], exporter=[4, 2, 0, 1, 3], importer=[1, 4, 3, 2, 0])
    turned = turned.sel(importer=turned["exporter"].to_numpy())
    long = flows.to_series().rename("value").reset_index()
    plain = np.asarray(flows)
    for given, options in (
        (turned.transpose("importer", "sector", "exporter"), {"elasticity": THETA}),
        (long, {"elasticity": pd.Series(THETA)}),
        (plain, {"elasticity": [6.0, 2.0], "names": list("ABCDE")}),
    ):
        other = wo.trade.solve(given, WAR, **options)
        assert np.allclose(other["welfare"].sel(country=list("ABCDE")), found["welfare"])


def test_a_tariff_on_one_sector_falls_on_it(flows):
    found = wo.trade.solve(flows, {("A", "B", "chips"): 0.5}, elasticity=THETA)
    change = (found["flows"] / flows).sel(exporter="B", importer="A")
    assert change.sel(sector="chips") < 0.5
    assert change.sel(sector="cars") > 0.9
    assert float(found["revenue"].sel(country="A")) > 0


def test_what_is_hard_to_replace_costs_more(flows):
    stop = {("A", "B"): np.inf, ("B", "A"): np.inf}
    easy, hard = (
        wo.trade.solve(flows, costs=stop, elasticity={"cars": 6.0, "chips": theta})["real_income"]
        for theta in (6.0, 2.0)
    )
    assert (hard < easy).sel(country=["A", "B"]).all()


BAD = {
    "negative": (lambda f: (f.where(f["sector"] != "chips", -f),), {}, "A to A in sector chips"),
    "another sector": (lambda f: (f, {("A", "B", "ships"): 0.1}), {}, "sector 'ships'"),
    "unknown country": (lambda f: (f, {("A", "Z", "chips"): 0.1}), {}, "'Z'"),
    "elasticity left out": (lambda f: (f,), {"elasticity": {"cars": 4.0}}, "no chips"),
    "elasticity of zero": (
        lambda f: (f,),
        {"elasticity": {"cars": 4.0, "chips": 0.0}},
        "chips is not above 0",
    ),
    "a setting of one sector": (lambda f: (f,), {"labour_supply": 0.5}, "labour_supply"),
    "gdp": (lambda f: (f,), {"gdp": 1.0}, "gdp"),
    "below -100 %": (lambda f: (f, {("A", "B"): -1.5}), {}, "A on B is -1.5"),
    "nobody sells": (
        lambda f: (
            f.where(
                (f["sector"] != "chips") | (f["importer"] != "A") | (f["exporter"] == "B"), 0.0
            ),
        ),
        {"costs": {("A", "B"): np.inf}},
        "A is left without any supplier in sector chips",
    ),
}


@pytest.mark.parametrize(("make", "settings", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_solved_names_sector_and_country(flows, make, settings, message):
    with pytest.raises(InputError, match=message):
        wo.trade.solve(*make(flows), **settings)


def test_the_shipped_sectors_split_as_the_shares_they_come_from():
    flows, theta = wo.trade.world_2022_sectors()
    assert flows.shape == (28, 80, 80)
    assert list(theta.index) == list(flows["sector"].to_numpy())
    rows = wo.panel("sector_supply").query("importer == 'USA' and sector == 'C26'")
    bought = flows.sel(importer="USA", sector="C26")
    assert np.allclose(
        (bought / bought.sum()).sel(exporter=rows["exporter"].astype(str).to_numpy()),
        rows["share"] / rows["share"].sum(),
        atol=1e-6,
    )
    assert 1.5e5 < float(flows.sum()) < 2.0e5  # world use is 199.7 trillion USD
