"""Retaliation, best tariffs, embargoes, limits, splits and power over partners."""

import numpy as np
import pandas as pd
import pytest
from economies import small_flows, two_equal

import worldorder as wo
from worldorder.errors import InputError
from worldorder.trade.measures import european_union
from worldorder.trade.retaliation import joint_welfare

UNIONS = {"EU": ("B", "C")}


@pytest.fixture
def base():
    return wo.trade.make_baseline(small_flows())


def change(found, name):
    return float(found["welfare"].sel(country=name))


def test_measures_are_read_as_written():
    names = tuple("ABCD")
    measures = [wo.trade.parse_measure(text) for text in ("A:*=0.1", "A:EU=0.2", "EU:A=0.05")]
    pairs = wo.trade.pairs_of(measures, names, UNIONS)
    assert pairs["A", "D"] == 0.1
    assert pairs["A", "B"] == pairs["A", "C"] == 0.2
    assert pairs["B", "A"] == pairs["C", "A"] == 0.05
    assert ("B", "C") not in pairs
    assert ("A", "A") not in pairs


def test_a_table_of_measures_spares_the_exempt(tmp_path):
    file = tmp_path / "tariffs.csv"
    file.write_text("importer,exporter,tariff,exempt\nA,B,0.5,0.4\nA,C,0.1,\n", "utf-8")
    pairs = wo.trade.pairs_of(wo.trade.read_measures(file), tuple("ABC"))
    assert pairs == pytest.approx({("A", "B"): 0.3, ("A", "C"): 0.1})


def test_reciprocal_retaliation_matches_pair_by_pair(base):
    tariffs = {("A", "B"): 0.3, ("A", "C"): 0.1}
    answered = wo.trade.retaliated(base, tariffs, "reciprocal")
    assert answered == pytest.approx({**tariffs, ("B", "A"): 0.3, ("C", "A"): 0.1})


def test_a_best_tariff_is_best_and_falls_with_the_elasticity(base):
    found = wo.trade.best_tariff(base, ["A"], list("BCDEF"))
    gain = [
        change(wo.trade.solve(base, {("A", p): rate for p in "BCDEF"}), "A")
        for rate in (found - 0.02, found, found + 0.02)
    ]
    assert gain[1] > max(gain[0], gain[2], 1.0)
    assert wo.trade.best_tariff(base, ["A"], list("BCDEF"), elasticity=8.0) < found


def test_the_best_tariff_of_a_small_country_is_the_inverse_of_the_elasticity():
    """Against given world prices monopoly power over own exports alone remains."""
    flows = np.array([[8e-5, 2e-5], [2e-5, 1e3]])
    base = wo.trade.make_baseline(flows, ["small", "world"])
    found = wo.trade.best_tariff(base, ["small"], ["world"], elasticity=4.0)
    assert np.isclose(found, 1 / 4, atol=2e-3)


def test_optimal_retaliation_serves_those_hit(base):
    tariffs = {("A", partner): 0.4 for partner in "BC"}
    answered = wo.trade.retaliated(base, tariffs, "optimal")
    assert answered["B", "A"] == answered["C", "A"] > 0
    before, after = wo.trade.solve(base, tariffs), wo.trade.solve(base, answered)
    assert joint_welfare(after, ["B", "C"], base) > joint_welfare(before, ["B", "C"], base)
    assert change(after, "A") < change(before, "A")


def test_in_nash_equilibrium_nobody_gains_by_moving(base):
    players = {"A": ["A"], "EU": ["B", "C"], "D": ["D"]}
    rates = wo.trade.nash_tariffs(base, players)
    tariffs = wo.trade.tariffs_of(players, rates)
    assert ("B", "C") not in tariffs
    for name, members in players.items():
        others = [m for other, those in players.items() if other != name for m in those]
        best = wo.trade.best_tariff(base, members, others, tariffs)
        assert np.isclose(best, rates[name], atol=1e-3)


def test_nash_retaliation_is_the_equilibrium_of_the_two_sides(base):
    answered = wo.trade.retaliated(base, {("A", "B"): 0.3}, "nash", UNIONS)
    rates = wo.trade.nash_tariffs(base, {"A": ["A"], "EU": ["B", "C"]}, {("A", "B"): 0.3})
    assert answered["A", "B"] == answered["A", "C"] == pytest.approx(rates["A"], abs=1e-3)
    assert answered["B", "A"] == answered["C", "A"] == pytest.approx(rates["EU"], abs=1e-3)
    assert ("B", "C") not in answered
    mutual = {("A", "B"): 0.3, ("B", "A"): 0.3}
    assert wo.trade.retaliated(base, mutual, "optimal") == mutual  # nobody is left to answer
    both = wo.trade.retaliated(base, mutual, "nash")
    assert {*both} == {*mutual}
    assert both != mutual


def test_mirror_images_choose_the_same_tariff_and_lose_by_it():
    base = wo.trade.make_baseline(two_equal())
    players = {"A": ["A"], "B": ["B"]}
    rates = wo.trade.nash_tariffs(base, players)
    assert np.isclose(rates["A"], rates["B"], atol=1e-4)
    found = wo.trade.solve(base, wo.trade.tariffs_of(players, rates))
    assert (found["welfare"] < 1).all()


def test_an_embargo_stops_trade_and_a_leak_lets_some_through(base):
    pairs = [("A", "B"), ("B", "A")]
    full = wo.trade.solve(base, costs=wo.trade.embargo_costs(pairs))
    leaky = wo.trade.solve(base, costs=wo.trade.embargo_costs(pairs, leak=0.2))
    flow = {"exporter": "A", "importer": "B"}
    assert float(full["flows"].sel(flow)) == 0
    assert 0 < float(leaky["flows"].sel(flow)) < 0.5 * base.flows[0, 1]
    assert change(full, "B") < change(leaky, "B") < 1
    others = full["flows"].sel(exporter="A", importer=list("CDEF"))
    assert (others > base.flows[0, 2:]).all()  # trade is diverted to third countries


def test_a_limit_binds_where_it_is_below_the_flow(base):
    tight, loose = 0.5 * base.flows[0, 1], 2 * base.flows[0, 2]
    found = wo.trade.solve_with_limits(base, {("B", "A"): tight, ("C", "A"): loose})
    assert np.isclose(found["flows"].sel(importer="B", exporter="A"), tight, rtol=1e-5)
    duty = found["duty_equivalent"].sel(exporter="A")
    assert duty.sel(importer="B") > 0
    assert duty.sel(importer="C") == 0


def test_a_limit_leaves_a_tariff_in_force(base):
    held = wo.trade.make_baseline(base.flows, base.names, tariffs={("B", "A"): 0.2})
    found = wo.trade.solve_with_limits(held, {("B", "A"): 5 * base.flows[0, 1]})
    assert np.allclose(found["flows"], base.flows)
    assert (found["duty_equivalent"] == 0).all()
    for limit in (-1.0, np.nan):
        with pytest.raises(InputError, match="B buys from A"):
            wo.trade.solve_with_limits(base, {("B", "A"): limit})


def test_evasion_gives_back_its_share_of_what_a_sanction_stops():
    pair = {("A", "B"): 1.0}
    cost = [
        wo.trade.sanction_costs(pair, 4.0, 1.0, evasion=share)["A", "B"] for share in (0.0, 0.1, 1)
    ]
    kept = np.array(cost) ** -4.0
    assert np.allclose(kept, [np.exp(-1), 0.1 + 0.9 * np.exp(-1), 1])


def test_cut_off_finance_falls_as_its_estimate_and_on_top_of_a_sanction():
    pair = {("A", "B"): 1.0}
    fall = wo.trade.finance_costs(pair, 4.0)
    assert np.isclose(fall["A", "B"] ** -4, np.exp(-0.09))
    assert wo.trade.finance_costs(pair, 4.0, response=-0.1)["B", "A"] < 1  # one record has it so
    both = wo.trade.joined(fall, wo.trade.sanction_costs(pair, 4.0, 0.5))
    assert np.isclose(both["B", "A"] ** -4, np.exp(-0.59))


def test_the_first_year_has_its_share_of_the_response():
    assert np.isclose(wo.trade.first_year_elasticity(4.0), 0.38 * 5 - 1)
    assert np.isclose(wo.trade.first_year_elasticity(4.0, share=1), 4)
    with pytest.raises(InputError, match="first year"):
        wo.trade.first_year_elasticity(1.0)


def test_applied_tariffs_are_those_of_the_panel():
    found = wo.trade.applied_tariffs(["USA", "CHN", "DEU", "FRA", "TUV"])
    assert found.loc["CHN", "USA"] == pytest.approx(0.193, abs=1e-3)  # Bown, PIIE
    assert found.loc["FRA", "DEU"] == found.loc["USA", "USA"] == found.loc["TUV", "USA"] == 0


@pytest.mark.parametrize("how", ["nearest", "sanctions"])
def test_a_split_of_the_world_costs_as_much_as_published(how):
    """0.2 to 7 percent of world GDP (IMF SDN/2023/001), as an output of 2023 trade."""
    base, sides = wo.trade.make_baseline(wo.trade.world_2023()), wo.trade.camps(how)
    assert len({sides[name] for name in european_union(base.names)["EU"]}) == 1
    found = wo.trade.split_table(base, sides, costs=[2.0])
    assert found["world"].between(0.2, 7).all()
    assert found["world"].is_monotonic_decreasing  # what is easy to replace is not missed


def test_a_split_between_mirror_images_costs_both_the_same():
    base = wo.trade.make_baseline(two_equal())
    found = wo.trade.split_table(base, {"A": "1", "B": "2"}, [4.0], [1.5, np.inf])
    assert np.allclose(found["bloc of 1"], found["bloc of 2"])
    assert np.isclose(found["world"].iloc[-1], 100 * (1 - 0.8**0.25), rtol=1e-6)  # autarky
    with pytest.raises(InputError, match="two blocs"):
        wo.trade.split_table(base, {"A": "1", "B": "1"})


def test_power_over_a_partner_is_convex_in_the_share_supplied(base):
    share = base.flows / base.flows.sum(0)
    loss = wo.trade.supply_power(base, elasticity=4.0)
    assert np.isclose(loss.sel(country="A", partner="B"), 1 - (1 - share[0, 1]) ** 0.25)
    assert (np.diagonal(loss) == 0).all()
    more = base.flows.copy()
    more[0, 1] *= 2
    stronger = wo.trade.supply_power(wo.trade.make_baseline(more, base.names))
    share_2 = more[0, 1] / more[:, 1].sum()
    ratio = float(stronger.sel(country="A", partner="B") / loss.sel(country="A", partner="B"))
    assert ratio > share_2 / share[0, 1]


def test_being_cut_off_costs_both_and_is_what_an_embargo_costs(base):
    loss = wo.trade.cut_off_cost(base, [("A", "B"), ("C", "D")])
    costs = wo.trade.embargo_costs([("A", "B"), ("B", "A")])
    found = wo.trade.solve(base, costs=costs, imbalances="lending")
    assert np.isclose(loss.sel(country="A", partner="B"), 1 - change(found, "B"), rtol=1e-6)
    assert np.isclose(loss.sel(country="B", partner="A"), 1 - change(found, "A"), rtol=1e-6)
    assert np.isnan(loss.sel(country="A", partner="C"))
    ranked = wo.trade.exposure(wo.trade.supply_power(base))
    assert ranked["most"].is_monotonic_decreasing


def test_the_table_of_pairs_has_both_losses_and_shows_convexity(base):
    told = []
    found = wo.trade.pair_table(base, progress=told.append)
    assert len(found) == 6 * 5
    assert sum(told) == 6 * 5 / 2
    share = base.flows / base.flows.sum(0)
    row = found.loc["A", "B"]
    assert np.isclose(row["supply_share"], share[0, 1])
    assert np.isclose(row["cut_off"], found.loc["B", "A"]["own_loss"])
    assert (found["cut_off"] > 0).all()
    by_share = wo.trade.convexity(found, [0, 0.02, 0.05, 0.1, 1])
    assert by_share["stop_of_supplies"].is_monotonic_increasing
    assert by_share["pairs"].sum() == len(found)
    with pytest.raises(InputError, match="'Z'"):
        wo.trade.cut_off_cost(base, [("A", "Z")])


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(InputError, match="CHX") as told:
        wo.trade.pairs_of([wo.trade.parse_measure("USA:CHX=0.1")], ("USA", "CHN"))
    assert "CHN" in str(told.value)


def test_a_customs_union_answers_as_one(base):
    answered = wo.trade.retaliated(base, {("A", "B"): 0.3}, "reciprocal", UNIONS)
    assert answered["B", "A"] == answered["C", "A"]
    sold = base.flows[1:3, 0]
    assert np.isclose(answered["C", "A"], 0.3 * sold[0] / sold.sum())
    both = wo.trade.retaliated(base, {("A", "B"): 0.3, ("A", "C"): 0.3}, "reciprocal", UNIONS)
    assert np.isclose(both["B", "A"], 0.3)
    best = wo.trade.retaliated(base, {("A", "B"): 0.3}, "optimal", UNIONS)
    assert best["C", "A"] == best["B", "A"] > 0


def test_sanctions_cost_both_and_a_detour_limits_them(base):
    hard = wo.trade.sanction_costs({("A", "B"): 1.0}, elasticity=4.0, response=0.8)
    assert hard == pytest.approx({pair: np.exp(0.2) for pair in (("A", "B"), ("B", "A"))})
    by_detour = wo.trade.sanction_costs({("A", "B"): 1.0}, response=0.8, detour=0.1)
    assert by_detour["B", "A"] == pytest.approx(1.1)
    full, less = (wo.trade.solve(base, costs=costs) for costs in (hard, by_detour))
    assert change(full, "B") < change(less, "B") < 1
    estimated = wo.trade.sanction_costs({("A", "B"): 0.5})
    assert 1 < estimated["A", "B"] < np.exp(1.7 * 0.5 / 4)
    with pytest.raises(InputError, match=r"A on B is 1\.4"):
        wo.trade.sanction_costs({("A", "B"): 1.4})
    with pytest.raises(InputError, match="detour"):
        wo.trade.sanction_costs({("A", "B"): 0.4}, detour=-0.1)


def test_power_over_sectors_adds_up_and_rests_on_what_is_hard_to_replace():
    rows = pd.DataFrame(
        [("chips", "A", "B", 0.9, 0.1, 2.0), ("shoes", "A", "B", 0.5, 0.2, 4.0)],
        columns=["sector", "exporter", "importer", "share", "spending_share", "elasticity"],
    ).assign(kind=["hard", "easy"])
    loss = wo.trade.sector_power(rows, groups="kind").sel(country="A", partner="B")
    chips, shoes = 0.1 / 2 * np.log(1 / 0.1), 0.2 / 4 * np.log(1 / 0.5)
    assert np.isclose(loss.sel(group="hard"), 1 - np.exp(-chips))
    assert np.isclose(loss.sel(group="easy"), 1 - np.exp(-shoes))
    assert np.isclose(loss.sel(group="all"), 1 - np.exp(-chips - shoes))
    with pytest.raises(InputError, match="no column share"):
        wo.trade.sector_power(rows.drop(columns="share"))


def test_the_shipped_table_of_supplies_is_whole():
    rows = wo.panel("sector_supply")
    spent = rows.groupby(["importer", "sector"])["share"].sum()
    assert (spent <= 1 + 1e-4).all()
    spending = rows.drop_duplicates(["importer", "sector"]).groupby("importer")["spending_share"]
    assert np.allclose(spending.sum(), 1, atol=2e-3)
    hard, easy = (
        wo.trade.sector_power(elasticity=name).sel(country="CHN", partner="USA")
        for name in ("elasticity_low", "elasticity_high")
    )
    assert hard > wo.trade.sector_power().sel(country="CHN", partner="USA") > easy
