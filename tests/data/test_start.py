import os
import subprocess
import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

import worldorder
from worldorder.data.start import (
    liberation_day,
    load_start,
    membership_changes,
    us_tariff_path,
    withdrawals,
)


@pytest.fixture(scope="module")
def start():
    made = load_start()
    return made.entities, made.world, made.setting, made.arrays


def test_shapes_and_names(start):
    entities, world, setting, held = start
    n, bodies = len(entities.country), len(entities.institution)
    assert n == 196
    assert len(set(entities.country)) == n
    assert len(set(entities.institution)) == bodies
    assert world.membership.shape == (n, bodies)
    assert setting.trade_share.shape == (n, n)
    assert setting.growth_rate.shape[0] >= 20
    assert entities.country[int(jnp.argmax(setting.leading_state))] == "USA"
    assert int(setting.leading_state.sum()) == 1
    assert held["trade_share"].dtype == np.float64


def test_nothing_that_must_be_known_is_missing(start):
    _, world, setting, _ = start
    for field in ("underlying_gdp", "population", "military_burden", "ideal_point"):
        assert bool(jnp.isfinite(getattr(world, field)).all()), field
    for field in ("trade_share", "growth_rate", "population_growth_rate", "distance", "regime"):
        assert bool(jnp.isfinite(getattr(setting, field)).all()), field


def test_trade_baseline_clears(start):
    *_, held = start
    share, expenditure = held["trade_share"], held["expenditure"]
    assert np.allclose(share.sum(0), 1, atol=1e-12)
    assert (np.diag(share) >= 0.1 - 1e-9).all()
    income = (share * expenditure).sum(1)
    assert income.sum() == pytest.approx(expenditure.sum(), rel=1e-12)


def test_totals_agree_with_published_ones(start):
    entities, world, setting, _ = start
    assert float(world.underlying_gdp.sum()) == pytest.approx(111_012, rel=5e-3)
    us = entities.country.index("USA")
    assert float(world.underlying_gdp[us]) == pytest.approx(29_298, rel=1e-4)
    nato = entities.institution.index("NATO")
    assert int(world.membership[:, nato].sum()) == 32
    known = jnp.isfinite(setting.start_revenue)
    paid = jnp.nansum(world.contribution, axis=0) + jnp.nan_to_num(world.other_revenue)
    whole = known & jnp.isfinite(world.other_revenue)
    assert jnp.allclose(paid[whole], setting.start_revenue[whole], rtol=1e-4)
    assert float(setting.start_revenue[whole].sum()) == pytest.approx(67_111.5, rel=1e-3)


def test_history_has_not_happened_yet(start):
    """The start is 1 January 2025: later exits and accessions come as events."""
    entities, world, _, _ = start
    member = lambda state, body: bool(  # noqa: E731
        world.membership[entities.country.index(state), entities.institution.index(body)]
    )
    assert member("USA", "WHO")
    assert member("USA", "UNESCO")
    assert member("MLI", "ECOWAS")
    assert not member("GBR", "EU")
    assert not member("RUS", "CE")
    assert not member("IDN", "BRICS")
    assert not member("SAU", "BRICS")
    changes = {(c.state, c.institution, c.change) for c in membership_changes()}
    assert ("USA", "WHO", "exit") in changes
    assert ("IDN", "BRICS", "accession") in changes


def test_defence_pacts_of_2025(start):
    entities, world, _, _ = start
    at = entities.country.index
    pact = world.defence_pact
    assert pact[at("RUS"), at("PRK")] == pact[at("PRK"), at("RUS")] == 1
    assert pact[at("USA"), at("FIN")] == pact[at("SWE"), at("TUR")] == 1
    assert pact[at("USA"), at("JPN")] == 1
    assert pact[at("JPN"), at("USA")] == 0
    assert pact[at("SAU"), at("PAK")] == 0  # of September 2025


def test_disputes_and_powers_of_2025(start):
    entities, world, setting, _ = start
    at = entities.country.index
    assert world.dispute[at("RUS"), at("UKR")] == world.dispute[at("UKR"), at("RUS")] == 3
    assert int((world.dispute == 3).sum()) == 2  # the one war between states of 2024 in UCDP
    assert world.dispute[at("AFG"), at("PAK")] == 2
    assert world.peace_years[at("USA"), at("CAN")] > world.peace_years[at("KOR"), at("PRK")]
    assert float(world.peace_years.max()) == 40
    powers = {entities.country[i] for i in setting.great_power.tolist()}
    assert powers == {"USA", "GBR", "FRA", "RUS", "CHN", "DEU", "JPN"}
    assert bool((world.rivalry == world.rivalry.T).all())


def test_members_of_defence_bodies_are_tied(start):
    """The rule by which the bodies are listed: four in five pairs of members have a pact."""
    _, world, setting, _ = start
    tied = (world.defence_pact + world.defence_pact.T) > 0
    for body in setting.defence_body.tolist():
        members = jnp.flatnonzero(world.membership[:, body])
        among = tied[jnp.ix_(members, members)]
        assert int(among.sum()) >= 0.8 * len(members) * (len(members) - 1)


def test_withdrawals(start):
    entities = start[0]
    bodies = withdrawals()
    assert len(bodies) == 66
    assert {body.institution for body in bodies} <= set(entities.institution)
    climate = next(body for body in bodies if body.institution == "UNFCCC")
    assert (climate.notice_months, climate.effective) == (12, "2027-01-07")
    assert all(body.announced == "2026-01-07" for body in bodies)


def test_tariffs(start):
    path = us_tariff_path()
    assert [c.date for c in path] == sorted(c.date for c in path)
    rate = {(c.date, c.partner): c.tariff for c in path}
    assert rate["2025-02-04", "CHN"] == pytest.approx(0.20)
    assert rate["2025-04-09", "CHN"] == pytest.approx(1.1219)
    assert rate["2025-08-07", "DEU"] == rate["2025-08-07", "FRA"] == pytest.approx(0.15201)
    assert liberation_day()["CHN"] == pytest.approx(0.54)
    assert "USA" not in liberation_day()


def test_start_loads_without_tables():
    """The start is on the way to the first result, where pandas and pyarrow cost a second."""
    code = (
        "import sys; from worldorder.data.start import load_start, us_tariff_path; "
        "load_start(); us_tariff_path(); "
        "print([m for m in ('pandas', 'pyarrow', 'country_converter') if m in sys.modules])"
    )
    source = Path(worldorder.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(source)},
    )
    assert done.stdout.strip() == "[]"


def test_foundings_and_votes_at_the_start(start):
    entities, world, setting, _ = start
    body, state = entities.institution.index, entities.country.index
    assert float(setting.founding_age[body("NATO")]) == 76.0
    assert int(setting.founder[:, body("NATO")].sum()) == 12
    assert bool(setting.founder[state("USA"), body("UNESCO")])
    assert ((np.asarray(setting.founding_age) >= 1.0) & (setting.founding_age <= 210.0)).all()
    assert float(world.vote_share.sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(world.vote_share[state("USA")]) == pytest.approx(0.165, abs=5e-4)
    assert not np.asarray(world.fate).any()
