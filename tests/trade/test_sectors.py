"""The engine over sectors: against one sector, against hand solutions, and by its laws."""

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from economies import OPTIONS, small_flows, two_equal

import worldorder as wo
from worldorder.errors import InputError
from worldorder.mechanisms.trade.sector_baseline import sector_economy
from worldorder.mechanisms.trade.sector_outcome import sector_outcome
from worldorder.mechanisms.trade.sector_solver import SectorShock, sector_equilibrium
from worldorder.mechanisms.trade.sectors import SectorTechnology, sector_access

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


SETTINGS = OPTIONS | {
    "conditional": {"income_responds": False},
    "transfers": {"transfers": {"A": -3.0, "B": 3.0}},
}


@pytest.mark.parametrize("substitution", [0.5, 1.0])
@pytest.mark.parametrize("options", SETTINGS.values(), ids=SETTINGS)
def test_proportional_sectors_are_one_sector(substitution, options):
    whole = small_flows()
    flows = by_sector({"cars": 0.7 * whole, "chips": 0.3 * whole})
    changes = {"base_tariffs": {("A", "B"): 0.15, ("D", "E"): 0.05}, "costs": {("E", "F"): 1.3}}
    settings = {"elasticity": 5.0, **options, **changes}
    one = wo.trade.solve(whole, WAR, **settings)
    many = wo.trade.solve(flows, WAR, substitution=substitution, **settings)
    for name in one.data_vars:
        assert np.allclose(
            many[name].sum("sector") if name == "flows" else many[name], one[name], rtol=1e-8
        ), name


def test_autarky_costs_what_home_shares_and_elasticities_say():
    """Real income under autarky is the product of home shares to the power share / elasticity."""
    cars, chips = two_equal(0.8), two_equal(0.5)
    flows = by_sector({"cars": 0.6 * cars, "chips": 0.4 * chips})
    stop = {("A", "B"): np.inf, ("B", "A"): np.inf}
    found = wo.trade.solve(flows, costs=stop, elasticity=THETA, imbalances="closed")
    expected = 0.8 ** (0.6 / 6) * 0.5 ** (0.4 / 2)
    assert np.allclose(found["real_income"], expected, rtol=1e-9)


def test_autarky_with_inputs_multiplies_through_the_chain():
    """Caliendo and Parro (2015): home shares to the power of the Leontief inverse over theta."""
    home, theta = np.array([0.8, 0.5]), np.array([6.0, 2.0])
    flows = by_sector({"cars": 0.6 * two_equal(0.8), "chips": 0.4 * two_equal(0.5)})
    inputs = np.array([[0.2, 0.1], [0.3, 0.15]])  # row is bought by the column
    bought, output = np.array([60.0, 40.0]), np.array([60.0, 40.0])
    final = bought - inputs @ output
    stop = {("A", "B"): np.inf, ("B", "A"): np.inf}
    frame = pd.DataFrame(inputs, list(THETA), list(THETA))
    found = wo.trade.solve(flows, costs=stop, elasticity=THETA, imbalances="closed", inputs=frame)
    price = np.linalg.solve(np.eye(2) - inputs.T, -np.log(home) / theta)  # over the wage
    expected = np.exp(-(final / final.sum()) @ price)
    assert np.allclose(found["real_income"], expected, rtol=1e-8)
    assert np.allclose(np.log(found["sector_price"] / found["wage"].to_numpy()).T, price)


def test_autarky_with_scale_moves_costs_with_what_each_sector_must_make(flows):
    """Each sector makes what home buys: real income by hand in every country."""
    scale = {"cars": 0.1, "chips": 0.3}
    stop = {(i, j): np.inf for i in "ABCDE" for j in "ABCDE" if i != j}
    found = wo.trade.solve(flows, costs=stop, elasticity=THETA, scale=scale, imbalances="closed")
    cube, theta = flows.to_numpy(), np.array(list(THETA.values()))[:, None]
    bought, output = cube.sum(1), cube.sum(2)
    home = np.diagonal(cube, axis1=1, axis2=2) / bought
    share = bought / bought.sum(0)
    growth = share * output.sum(0) / output
    psi = np.array(list(scale.values()))[:, None]
    expected = np.exp((share * (np.log(home) / theta + psi * np.log(growth))).sum(0))
    assert np.allclose(found["real_income"], expected, rtol=1e-8)


def test_value_added_by_sector_and_by_country(flows):
    frame = pd.DataFrame(0.5, list(THETA), list("ABCDE"))
    given = (0.5, dict.fromkeys(THETA, 0.5), dict.fromkeys("ABCDE", 0.5), frame)
    found = [wo.trade.solve(flows, WAR, elasticity=THETA, value_added=x)["welfare"] for x in given]
    for other in found[1:]:
        assert np.allclose(other, found[0], rtol=1e-9)
    without = wo.trade.solve(flows, WAR, elasticity=THETA)["welfare"]
    hit = float(without.sel(country="B"))
    assert abs(found[0].sel(country="B") - 1) > abs(hit - 1)  # chains multiply what trade is worth


def test_gradients_by_the_implicit_function_theorem(flows):
    """Against finite differences, with inputs, scale and labour supply."""
    with jax.enable_x64(True):
        cube = jnp.asarray(flows.to_numpy())
        none, inputs = jnp.zeros_like(cube), jnp.full((2, 2, 5), 0.15)
        technology = SectorTechnology(
            jnp.asarray([6.0, 2.0]),
            jnp.asarray(1.5),
            labour_supply=jnp.asarray(0.5),
            scale=jnp.asarray([0.1, 0.2]),
            inputs=inputs,
        )
        base = sector_economy(cube, none, None, inputs, "lending")

        def welfare(tariff):
            opened = sector_access(base.share, tariff, none, none + 1.0, technology)
            shock = SectorShock(opened, tariff, jnp.zeros(5))
            change = sector_equilibrium(shock, base, technology, 1e-13, 500)[0]
            return sector_outcome(change, shock, base, technology).welfare[0]

        at = none.at[0, 1, 0].set(0.2)
        slopes, step = jax.jit(jax.grad(welfare))(at), 1e-5
        solved = jax.jit(welfare)
        for where in ((0, 1, 0), (1, 2, 0), (1, 0, 3)):
            bump = none.at[where].set(step)
            slope = (solved(at + bump) - solved(at - bump)) / (2 * step)
            assert np.isclose(slopes[where], slope, rtol=1e-5, atol=1e-9)


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


WHOLE = {**OPTIONS["everything"], "distribution": 0.0, "elasticity": THETA, "substitution": 0.7}


@pytest.mark.parametrize("settings", [{"elasticity": THETA}, WHOLE], ids=["plain", "all options"])
def test_zero_shock_scale_and_walras(flows, settings):
    rest = wo.trade.solve(flows, **settings)
    assert np.allclose(rest["flows"], flows, rtol=1e-9)
    assert np.allclose(rest["welfare"], 1)
    found = wo.trade.solve(flows, WAR, **settings)
    assert np.allclose(found["flows"].sum(("sector", "importer")), found["income"])
    spent = found["flows"].sum(("sector", "exporter")) + found["revenue"].to_numpy()
    assert np.allclose(spent, found["expenditure"])
    larger = wo.trade.solve(1000 * flows, WAR, **settings)
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


def test_many_scenarios_are_the_single_ones(flows):
    scenarios = {"war": WAR, "none": {}}
    found = wo.trade.solve_many(flows, scenarios, elasticity=THETA)
    for name, tariffs in scenarios.items():
        one = wo.trade.solve(flows, tariffs, elasticity=THETA)
        assert np.allclose(found["welfare"].sel(scenario=name), one["welfare"])
    assert (found["residual"] < 1e-9).all()


def test_what_takes_one_sector_says_so(flows):
    base = wo.trade.make_sector_baseline(flows)
    for door in (wo.trade.supply_power, wo.trade.cut_off_cost):
        with pytest.raises(InputError, match="the flows have sectors"):
            door(base)


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
    "no setting": (lambda f: (f,), {"labor_supply": 0.5}, "labor_supply"),
    "gdp": (lambda f: (f,), {"gdp": 1.0}, "gdp"),
    "a model": (lambda f: (f,), {"model": wo.trade.TradeModel()}, "TradeModel"),
    "inputs of more than there is": (
        lambda f: (f,),
        {"inputs": pd.DataFrame([[0.0, 0.0], [0.9, 0.0]], list(THETA), list(THETA))},
        "inputs of sector chips in A",
    ),
    "inputs that leave nothing": (
        lambda f: (f,),
        {"inputs": pd.DataFrame(0.5, list(THETA), list(THETA))},
        "no value added in sector cars of A",
    ),
    "inputs and value added": (
        lambda f: (f,),
        {"inputs": pd.DataFrame(0.1, list(THETA), list(THETA)), "value_added": 0.5},
        "give one",
    ),
    "scale without bound": (lambda f: (f,), {"scale": 0.5}, "scale times elasticity of cars"),
    "transfers": (lambda f: (f,), {"transfers": {"A": 1.0}}, "sum to 0"),
    "anchor": (lambda f: (f,), {"imbalances": "fixed", "anchor": "Z"}, "anchor 'Z'"),
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
    added = wo.trade.value_added_2022()
    assert ((added > 0.2) & (added <= 1)).all()
    world = float(added @ flows.sum(("sector", "importer")).to_series()[added.index])
    assert 0.45 < world / float(flows.sum()) < 0.6  # world GDP is 101 trillion USD
