"""Targets of a hindcast: a future value moves no forecast, and each is scored on what it says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from worldorder.data.panel import table
from worldorder.inference.hindcast import vote_targets
from worldorder.inference.hindcast.cells import MODEL, UNWIDENED, Cells, Unscored
from worldorder.inference.hindcast.event_targets import of_living
from worldorder.inference.hindcast.flow_targets import pair_trade
from worldorder.inference.hindcast.gates import read_gates
from worldorder.inference.hindcast.policy_targets import reserve_share, sanction, world_shares
from worldorder.inference.hindcast.run import asked_for, case_of, judged, setout
from worldorder.inference.hindcast.targets import TARGETS, cells_of
from worldorder.inference.hindcast.vote_targets import resolution_parameters, un_vote
from worldorder.inference.hindcast.widening import asked_by, factors_for_runs, widened

KNOWN, AHEAD, RUNS = 2004, 5, 8
SPELLS = ("sanctions", "alliances", "membership_spells")
LEVELS = {
    "state_year": "value", "trade": "value", "favourability": "favourable",
    "reserve_shares": "value", "funding": "value",
}  # fmt: skip


def made_votes(states):
    """Votes on three titles that come back every year."""
    years = range(1995, 2015)
    rows = [(title, year, state) for title in "abc" for year in years for state in states]
    frame = pd.DataFrame(rows, columns=vote_targets.COLUMNS[:3])
    return frame.assign(vote=np.random.default_rng(3).choice(list("NAYYY"), len(frame)))


def plant(frame, name):
    """The table with what came after KNOWN put upside down."""
    if name in SPELLS:
        late = frame["begin"] > KNOWN
        ends = frame["end"].where(~(frame["end"] > KNOWN), KNOWN + 1)
        return frame.assign(end=ends)[~late]
    if name == "disputes":
        return frame[frame["year"] <= KNOWN]
    if name == "votes":
        turned = frame["vote"].map({"Y": "N", "N": "Y", "A": "Y"})
        return frame.assign(vote=frame["vote"].where(frame["year"] <= KNOWN, turned))
    if name == "ideal_points_by_origin":
        late = (frame["origin"] > KNOWN) & (frame["year"] > KNOWN)
        return frame.assign(ideal_point=frame["ideal_point"].where(~late, -frame["ideal_point"]))
    if name in LEVELS:
        value, late = LEVELS[name], frame["year"] > KNOWN
        is_share = name in ("favourability", "reserve_shares")
        moved = 0.5 * frame[value] if is_share else 2 + 3.7 * frame[value]
        return frame.assign(**{value: frame[value].where(~late, moved.astype(frame[value].dtype))})
    return frame


@pytest.fixture(scope="module")
def cases():
    """Two cases that differ in what came after the origin; the runs are drawn by the test."""
    ready, _ = setout(KNOWN)
    arrays, states = ready.start.arrays, ready.start.entities.country
    votes = made_votes(states)
    draw = np.random.default_rng(1)
    names = ("gdp", "population", "military_burden", "ideal_point")
    level = {name: arrays[name].astype(float) for name in names}
    pair = (len(states), len(states))
    level |= {
        "trade": np.zeros(pair),
        "revenue": np.full(len(ready.start.entities.institution), 100.0),
        "trust": np.full(pair, 0.5),
        "reserve_share": arrays["reserve_share"].mean(0),
    }
    forecast = {
        name: value * np.exp(0.05 * draw.standard_normal((RUNS, 1, *value.shape)))
        for name, value in level.items()
    }
    ties = {
        "defence_pact": arrays["defence_pact"] > 0, "membership": arrays["membership"] > 0,
        "dispute": np.zeros(pair, bool), "sanction": arrays["sanction"] > 0,
    }  # fmt: skip
    forecast |= {
        name: held ^ (draw.random((RUNS, 1, *held.shape)) < 0.05) for name, held in ties.items()
    }

    def read(name):
        return votes if name == "votes" else table(name)

    made = [case_of(ready, forecast, one) for one in (read, lambda name: plant(read(name), name))]
    return [replace(case, horizons=(AHEAD,)) for case in made]


SEEN = [name for name in TARGETS if name != "entity_revenue"]  # revenue is recorded from 2013


@pytest.mark.parametrize("name", SEEN)
def test_a_planted_future_moves_no_forecast_of_a_target_and_is_seen_in_the_outcome(cases, name):
    before, after = (cells_of(name, case, {}, {})[0] for case in cases)
    shared, one, other = np.intersect1d(before.unit, after.unit, return_indices=True)
    assert len(shared) > 3
    if name not in ("capability_share", "gdp_share", "trade_flow", "favourability"):
        assert len(shared) == len(before.unit)  # cells do not depend on what came
    for forecaster, values in before.forecasts.items():
        np.testing.assert_allclose(
            values[one], after.forecasts[forecaster][other], rtol=1e-6, err_msg=forecaster
        )
    assert not np.allclose(before.observed[one], after.observed[other])


def test_votes_without_records_are_not_scored_and_the_page_says_how(cases):
    ideal, none = cases[0].known("state_year"), vote_targets.NO_VOTES
    case = replace(
        cases[0], known=lambda n: ideal if n == "state_year" else none, outcome=lambda _: none
    )
    found = cells_of("un_vote", case, {}, {})
    assert isinstance(found, Unscored)
    assert "--votes" in found.why


def test_shares_of_currencies_set_out_from_the_published_ones(cases):
    found = reserve_share(cases[0], AHEAD)
    published = world_shares(table("reserve_shares"))
    assert "CNY" not in found.unit
    now = published.loc[found.unit, KNOWN].to_numpy(float)
    assert found.forecasts["persistence"][:, 0] == pytest.approx(np.log(now / (1 - now)))
    middle = 1 / (1 + np.exp(-np.median(found.forecasts[MODEL], axis=1)))
    assert middle == pytest.approx(now, abs=0.04)


def test_sanctions_of_the_security_council_are_no_decision_of_a_state(cases):
    found = sanction(cases[0], AHEAD)
    assert "IRQ/FRA" not in found.unit  # under Security Council sanctions in 2004
    assert "CUB/USA" in found.unit
    assert found.forecasts["persistence"][found.unit == "CUB/USA"] == 1
    assert found.blocks[found.unit == "CUB/USA"] == "CUB"


def test_slope_and_cut_points_of_a_resolution_are_recovered():
    draw = np.random.default_rng(2)
    position = draw.standard_normal(4000)
    latent = 1.3 * position + draw.standard_normal(4000)
    vote = np.digitize(latent, [-0.9, 0.2])
    assert resolution_parameters(position, vote) == pytest.approx([1.3, -0.9, 0.2], abs=0.1)


def test_memory_of_votes_is_recovered_and_moves_the_chance_of_a_yes():
    draw = np.random.default_rng(4)
    titles, states = ["a", "b"], [f"S{k:04d}" for k in range(1500)]
    place = pd.DataFrame({2000: draw.standard_normal(1500)}, index=states)
    rows = pd.DataFrame([(t, 2000, s) for t in titles for s in states])
    rows.columns = vote_targets.COLUMNS[:3]
    first, other = draw.standard_normal((2, len(rows)))
    told = 1.3 * place[2000].reindex(rows["state"]).to_numpy()
    code = np.digitize(told + first, [-0.9, 0.2])
    before = rows.assign(vote=np.array(list("NAY"))[code])
    asked = pd.DataFrame({"slope": 1.3, "lower": -0.9, "upper": 0.2}, index=titles)
    departed = vote_targets.departures(before, rows, place, asked)
    assert np.corrcoef(departed.mean(axis=1), first)[0, 1] > 0.7
    later = told + 0.6 * first + 0.8 * other > 0.2
    memory = vote_targets.memory_of_votes(told - 0.2, departed, later)
    assert memory == pytest.approx(0.6, abs=0.08)
    chance = vote_targets.probability_of_yes(told - 0.2, departed, memory)
    assert chance.mean() == pytest.approx(later.mean(), abs=0.02)
    plain = vote_targets.probability_of_yes(told - 0.2, departed, 0.0)
    assert plain == pytest.approx(norm.cdf(told - 0.2))
    assert chance[code == 2].mean() > plain[code == 2].mean() + 0.1


def test_trade_of_a_pair_is_missing_where_one_direction_is_not_reported(cases):
    flows = pd.DataFrame(
        [("USA", "CAN", 2003, 2e6), ("CAN", "USA", 2003, 3e6), ("USA", "CAN", 2004, 2e6)],
        columns=["exporter", "importer", "year", "value"],
    ).assign(flag="observed")
    level = pd.Series(1.0, index=[2003, 2004])
    found = pair_trade(cases[0], flows, level, [2003, 2004]).loc["CAN/USA"]
    assert np.exp(found[2003]) == pytest.approx(5.0)
    assert np.isnan(found[2004])


def test_the_probability_of_a_yes_is_the_mean_over_runs(cases):
    found = un_vote(cases[0], AHEAD)
    assert ((found.forecasts[MODEL] > 0) & (found.forecasts[MODEL] < 1)).all()
    assert set(np.unique(found.forecasts["persistence"])) <= {0.0, 1.0}


def made_cells(origin, spread, target="gdp", seed=0):
    """Cells whose ensemble is too narrow by the factor `spread`."""
    draw = np.random.default_rng(seed + origin)
    size = 400
    observed = spread * draw.standard_normal(size)
    ensemble = np.tile(norm.ppf(np.arange(1, 100) / 100), (size, 1))
    unit = np.array([f"S{k:03d}" for k in range(size)])
    forecasts = {MODEL: ensemble, "persistence": np.zeros((size, 1))}
    return Cells(target, origin, 5, unit, observed, forecasts)


def test_bands_are_widened_by_what_other_origins_asked_for():
    cells = [made_cells(origin, 2.0) for origin in (2000, 2005, 2010)]
    found = widened(cells)
    assert [part.widening for part in found] == pytest.approx([2.0] * 3, rel=0.12)
    for part in found:
        assert part.forecasts[UNWIDENED] is next(
            c.forecasts[MODEL] for c in cells if c.origin == part.origin
        )
    own = replace(cells[0], observed=100 * cells[0].observed)
    again = widened([own, *cells[1:]])
    assert again[0].widening == found[0].widening  # its own outcome has no part in it
    assert again[1].widening != found[1].widening


def test_bands_that_hold_are_left_alone_and_one_origin_alone_widens_nothing():
    assert asked_by([made_cells(2000, 1.0), made_cells(2005, 1.0)]) == 1.0
    assert asked_by([made_cells(2000, 0.4)]) == 1.0
    assert widened([made_cells(2000, 3.0)])[0].widening == 1.0
    table = factors_for_runs([made_cells(2000, 3.0), made_cells(2005, 3.0)])
    assert table["factor"].tolist() == pytest.approx([3.0], rel=0.12)


def test_both_verdicts_stand_in_the_record():
    cells = [made_cells(origin, 2.0) for origin in (2000, 2005, 2010, 2015)]
    asked = asked_for([2000, 2005, 2010, 2015], ["gdp"], 99, 1)
    found = judged(asked, read_gates(), cells, [])
    row = found.verdicts.set_index("gate").loc["gdp-80"]
    assert (row["verdict"], row["verdict_as_simulated"]) == ("passed", "lost")
    held = found.coverage.query("origin == 'all' and band == 0.8").iloc[0]
    assert held["share"] < 0.55 < 0.76 < held["share_widened"]
    assert UNWIDENED in set(found.scores["forecaster"])
    assert UNWIDENED not in set(found.skill["best_baseline"])


def test_members_of_a_body_that_ends_in_a_run_do_not_leave_it():
    at_origin = np.array([[True, True], [True, True], [False, True]])
    ended, left = np.array([at_origin, at_origin])
    ended, left = ended.copy(), left.copy()
    ended[:, 0] = False
    left[0, 1] = False
    found = of_living(np.array([ended, left]), at_origin)
    np.testing.assert_array_equal(found[0], at_origin)
    np.testing.assert_array_equal(found[1], left)
