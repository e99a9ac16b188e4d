"""No forecast knows what came after its origin: a planted future value moves nothing."""

import numpy as np
import pandas as pd
import pytest

from worldorder.data.expected_growth import expected_growth, persistence_of_growth
from worldorder.data.own_tables import own_table
from worldorder.data.panel import table
from worldorder.data.vintage import tables_known
from worldorder.errors import InputError
from worldorder.inference.hindcast.run import asked_for
from worldorder.parameters.known import parameters_known, vintage, was_known
from worldorder.parameters.loader import correlated, load_parameters

KNOWN = 2004
ORIGINS = (2000, 2005, 2010, 2015)
DATED = {
    "state_year": ("year", "value"), "trade": ("year", "value"), "funding": ("year", "value"),
    "favourability": ("year", "favourable"), "reserve_shares": ("year", "value"),
    "ideal_points_by_origin": ("origin", "ideal_point"), "disputes": ("year", "level"),
}  # fmt: skip


def planted(name):
    """A table with every value after the year replaced by nonsense."""
    frame = table(name)
    if name not in DATED:
        return frame
    date, value = DATED[name]
    late = frame[date].astype(int) > KNOWN
    return frame.assign(**{value: frame[value].where(~late, 77).astype(frame[value].dtype)})


@pytest.fixture(scope="module")
def both():
    known = parameters_known(KNOWN).parameters
    parts = own_table("trust_start").iloc[:0]
    return [tables_known(KNOWN, known, parts, read) for read in (table, planted)]


@pytest.mark.parametrize(
    "name",
    ["state_year", "trade", "pacts", "favourability", "funding", "memberships", "disputes",
     "sanctions", "reserve_shares", "rivalries"],
)  # fmt: skip
def test_a_planted_future_value_moves_nothing_that_a_forecast_is_made_of(both, name):
    before, after = (getattr(tables, name).reset_index(drop=True) for tables in both)
    pd.testing.assert_frame_equal(before, after)
    assert len(before) or name == "funding"


def test_the_plant_is_seen_where_the_future_is_known():
    assert (planted("state_year")["value"] == 77).sum() > 10_000


def test_every_parameter_of_an_origin_was_known_then_or_its_mechanism_is_off():
    for origin in ORIGINS:
        known = parameters_known(origin - 1)
        for mechanism, named in known.parameters.items():
            if mechanism not in known.refused:
                assert all(was_known(p, origin - 1) for p in named.values()), mechanism
        assert set(vintage(origin - 1)) - {"funding"}, f"nothing was estimated to {origin - 1}"


def test_only_what_has_no_record_before_an_origin_is_refused_there():
    refused = {origin: set(parameters_known(origin - 1).refused) for origin in ORIGINS}
    today = {"assessment"}  # a rule whose date is today's
    assert refused == {
        2000: {"trust"} | today,  # surveys from 2002
        2005: today,
        2010: today,
        2015: today,
    }


def test_a_value_from_data_says_from_when_they_are():
    estimated = [vintage(origin - 1) for origin in ORIGINS]
    for parameters in (load_parameters(), *estimated):
        for mechanism, named in parameters.items():
            for name, parameter in named.items():
                if parameter.status == "estimated":
                    assert parameter.sample_end, f"{mechanism}.{name}"
    for origin, held in zip(ORIGINS, estimated, strict=True):
        ends = [p.sample_end or 0 for named in held.values() for p in named.values()]
        assert max(ends) < origin


def test_what_was_estimated_together_to_an_origin_is_drawn_together():
    together = ("growth", "membership", "alignment", "disputes", "alliances", "foundings", "stance")
    for origin in ORIGINS:
        for mechanism in together:
            assert len(correlated(vintage(origin - 1)[mechanism])) >= 2, (origin, mechanism)
    for origin in (2005, 2010, 2015):
        assert len(correlated(vintage(origin - 1)["trust"])) >= 2, origin


def test_a_value_that_rests_on_later_data_is_refused():
    shipped = load_parameters()
    late = {"growth": shipped["growth"]}
    assert "growth" in parameters_known(1985, late).refused
    assert "growth" not in parameters_known(2030, late).refused


def test_expected_growth_is_the_mean_and_a_part_of_the_departure():
    years = range(1961, 2000)
    level = np.linspace(0.0, 0.06, 40)
    steady = pd.DataFrame(np.tile(level[:, None], (1, len(years))), columns=years)
    assert persistence_of_growth(steady, 1999) == pytest.approx(1.0)
    assert expected_growth(steady, 1999).to_numpy() == pytest.approx(level)
    noise = pd.DataFrame(np.random.default_rng(0).normal(0.03, 0.02, (200, 39)), columns=years)
    assert abs(persistence_of_growth(noise, 1999)) < 0.1


@pytest.mark.parametrize(
    ("origins", "targets", "runs", "named"),
    [
        ([1950], None, 8, "1950"),
        ([2003], None, 8, "2003"),
        ([2005], ["gpd"], 8, "gdp"),
        ([2005], None, 1, "spread"),
        ([2020], ["dispute", "io_exit"], 8, "nothing can be scored from 2020"),
        ([2000], ["entity_revenue"], 8, "recorded from 2013"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_be_right(origins, targets, runs, named):
    with pytest.raises(InputError, match=named):
        asked_for(origins, targets, runs, 1)
