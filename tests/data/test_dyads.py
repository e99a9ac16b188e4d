"""Dyads: rules on small tables made here, and figures of the shipped panel read elsewhere."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

import worldorder as wo
from worldorder.data import spells
from worldorder.data.builders import (
    alliances,
    disputes,
    swap_lines,
    tariffs,
    trade_agreements,
)
from worldorder.data.builders import trade_history as history
from worldorder.data.files import COMPACT
from worldorder.data.overlap import flows_agree
from worldorder.data.panel import panel, table
from worldorder.errors import DataError

NAN = np.nan


def cube(*years: float) -> np.ndarray:
    """Flows of exporter 0 to importer 1, by year."""
    flows = np.full((len(years), 2, 2), NAN)
    flows[:, 0, 1] = years
    return flows


def filled(flows, imports=None, tables=None):
    size = np.full((len(flows), 2), NAN)
    if imports is not None:
        size[:, 1] = imports
    nothing = np.full(flows.shape, NAN)
    made, how, _ = history.completed(flows, size, nothing if tables is None else tables)
    return made[:, 0, 1], how[:, 0, 1].tolist()


def test_gap_is_a_straight_line_in_logs_without_imports():
    made, how = filled(cube(100, NAN, 400))
    assert made == pytest.approx([100, 200, 400])
    assert how == [history.REPORTED, history.STRAIGHT, history.REPORTED]


def test_gap_keeps_the_line_of_the_share_where_imports_are_known():
    made, _ = filled(cube(10, NAN, 10), imports=[100, 500, 100])
    assert made == pytest.approx([10, 50, 10])


def test_no_value_from_a_zero_a_long_gap_or_one_end():
    for years in ((0, NAN, 9), (9, NAN, 0), (9, NAN, NAN), (NAN, NAN, 9)):
        made, how = filled(cube(*years))
        assert not np.nan_to_num(made[np.array(years) != np.array(years)]).any()
        assert history.STRAIGHT not in how
    long = cube(5, *[NAN] * history.LONGEST_GAP, 5)
    assert np.isnan(filled(long)[0][1:-1]).all()
    assert np.isfinite(filled(long[1:])[0][-1])


def test_tables_bend_the_line():
    years = history.LAST - history.FIRST + 1
    first = history.ICIO_YEARS[0] - history.FIRST
    flows, tables = np.full((years, 2, 2), NAN), np.full((years, 2, 2), NAN)
    flows[[first, first + 2], 0, 1] = 100
    tables[first : first + 3, 0, 1] = [1, 1, 1]
    tables[first : first + 3, 1, 1] = [1, 3, 1]  # the share of the pair halves in between
    made, how = filled(flows, tables=tables)
    assert made[first + 1] == pytest.approx(50)
    assert how[first + 1] == history.GUIDED


def test_silence_of_an_importer_is_no_zero():
    flows = pd.DataFrame(
        [("A", "B", 1962, 5.0), ("C", "B", 1962, 7.0), ("A", "C", 1963, 3.0)],
        columns=["exporter", "importer", "year", "value"],
    )
    made = history.Cube.of(["A", "B", "C"])
    history._laid(made, flows, history.OEC)
    assert np.isnan(made.value[0, 0, 2])  # C reports nothing in 1962
    assert made.value[0, 2, 1] == 7.0
    assert np.isnan(made.value[1, :, 1]).all()  # B reports nothing in 1963


def test_agreement_of_two_tables():
    first = pd.DataFrame({"exporter": "A", "importer": list("BCD"), "year": 2000})
    first = first.assign(value=[1e4, 1e5, 1e6])
    found = flows_agree(first, first.assign(value=first["value"] * 2), "trade", ("x", "y"))
    measured = found.set_index("measure")["value"]
    assert measured["median ratio"] == pytest.approx(2)
    assert measured["ratio of sums"] == pytest.approx(2)
    assert measured["correlation of logs"] == pytest.approx(1)


def test_spells_are_unbroken_years_and_go_on_from_the_last():
    rows = pd.DataFrame({"actor": "A", "year": [1950, 1951, 1953, 2017, 2018]})
    made = spells.from_years(rows, ["actor"], last=2018)
    assert made[spells.ENDS].to_numpy().tolist() == [
        [1950, 1951, 1951],
        [1953, 1953, 1953],
        [2017, spells.LAST_YEAR, 2018],
    ]
    by_year = spells.by_year(made.assign(flag="observed", source="x"), [1951, 1952, 2018, 2019])
    assert list(zip(by_year["year"], by_year["flag"], strict=True)) == [
        (1951, "observed"),
        (2018, "observed"),
        (2019, "imputed"),
    ]


def test_treaty_changes_cut_and_begin_spells():
    key = {"variable": "defence_pact", "actor": "A"}
    held = pd.DataFrame([{**key, "partner": p, "begin": 1990, "end": 2026} for p in "BC"])
    held = held.assign(observed_until=2018, flag="observed", source="atop-alliances")
    changes = pd.DataFrame(
        [{**key, "date": d, "change": c, "partner": p, "treaty": ""} for d, c, p in CHANGES]
    )
    made = alliances.with_changes(held, changes).set_index("partner")
    assert made.loc["B", ["end", "observed_until"]].tolist() == [2020, 2020]
    assert made.loc["C", ["begin", "observed_until"]].tolist() == [1990, 2018]
    assert made.loc["D", ["begin", "end"]].tolist() == [2023, spells.LAST_YEAR]


CHANGES = [("2020-01-31", "end", "B"), ("2023-04-04", "add", "C"), ("2023-04-04", "add", "D")]


def test_who_owes_whom_defence():
    held = panel("defence_pact", [1970, 2018, 2025])
    pairs = {y: set(zip(r["actor"], r["partner"], strict=True)) for y, r in held.groupby("year")}
    assert ("USA", "JPN") in pairs[2018]
    assert ("JPN", "USA") not in pairs[2018]
    assert ("SUN", "POL") in pairs[1970]
    assert ("RUS", "POL") not in pairs[1970]
    assert {("FIN", "USA"), ("USA", "FIN"), ("RUS", "PRK")} <= pairs[2025]
    assert len(pairs[2018]) == 3412  # ATOP 5.1
    assert set(held[held["year"] == 2025]["flag"]) == {"observed", "imputed"}
    assert set(held[held["year"] == 2018]["flag"]) == {"observed"}


COUNTS = {
    "NATO": {1949: 12, 1955: 15, 2010: 28, 2024: 32},
    "WPact": {1955: 8, 1975: 7},
    "SEATO": {1955: 8},
    "GCC": {1981: 6},
    "CSTO": {2005: 6, 2010: 7, 2024: 6},
    "EU": {2025: 27},
    "ANZUS": {1960: 3},
}


@pytest.mark.parametrize("body", COUNTS)
def test_members_of_alliance_bodies(body):
    """Founders and members as the bodies' own pages count them."""
    rows = panel("alliance_body", COUNTS[body])
    counted = rows[rows["body"] == body].groupby("year").size()
    assert counted.to_dict() == COUNTS[body]


def test_members_of_a_body_are_tied():
    found = table("source_overlaps").query("measure == 'pairs tied'")
    share = found.set_index(["variable", "year"])["value"]
    assert (share["alliance_body:NATO"] == 1).all()
    assert (share["alliance_body:WPact"] == 1).all()
    assert share["alliance_body:ANZUS", 2010] < 0.5  # New Zealand and the United States since 1986


def test_bodies_that_sanction_are_their_members_of_the_year():
    """The Union's case against North Korea since 2006 is number 779 of the database."""
    case = panel("sanction", range(2006, 2027)).query("case == 779")
    senders = {year: set(rows["sender"]) for year, rows in case.groupby("year")}
    assert len(senders[2010]) == 27
    assert "HRV" not in senders[2012]
    assert "HRV" in senders[2014]
    assert "GBR" in senders[2020]
    assert "GBR" not in senders[2021]
    assert set(case["body"]) == {"EU"}
    assert set(case[case["year"] > 2023]["flag"]) == {"imputed"}


def test_former_states_sanction_under_their_own_code():
    rows = panel("sanction")
    assert ((rows["sender"] == "SUN") & (rows["target"] == "YUG")).any()
    first = rows[rows["case"] == 1]
    assert first[["sender", "target", "begin", "end"]].to_numpy().tolist() == [
        ["DEU", "DDR", 1949, 1973]
    ]


def test_dispute_keeps_the_side_of_its_hostility():
    rows = pd.DataFrame(
        {
            "ccode1": [2, 200, 2],
            "ccode2": [200, 365, 20],
            "year": [1902, 1950, 1950],
            "hostlev1": [5, 2, 1],
            "hostlev2": [3, 4, 1],
            "orig1": 1,
            "orig2": 1,
            "disponset": 1,
        }
    )
    made = disputes.mid_years(rows).set_index(["state_a", "state_b"])
    assert made.loc[("GBR", "USA"), ["level", "hostility_a", "hostility_b"]].tolist() == [2, 3, 5]
    assert made.loc[("GBR", "SUN"), ["level", "hostility_a", "hostility_b"]].tolist() == [2, 2, 4]
    assert made.loc[("CAN", "USA"), "level"] == 1


def test_wars_and_rivalries_on_record():
    war = panel("dispute").query("level == 3")
    pairs = set(zip(war["state_a"], war["state_b"], war["year"], strict=True))
    assert {("FRA", "DEU", 1915), ("DEU", "FRA", 1915)} & pairs
    assert ("RUS", "UKR", 2022) in pairs
    assert ("RUS", "UKR", 2024) in pairs
    rivals = panel("rivalry", [1960, 2000, 2024])
    known = set(zip(rivals["state_a"], rivals["state_b"], rivals["year"], strict=True))
    assert ("SUN", "USA", 1960) in known
    assert ("RUS", "USA", 2000) not in known
    assert ("CHN", "USA", 2024) in known
    assert set(rivals[rivals["year"] == 2024]["flag"]) == {"imputed"}


def test_borders_move_with_states():
    land = panel("contiguity", [1930, 1970, 2010]).query("kind == 1")
    pairs = set(zip(land["state_a"], land["state_b"], land["year"], strict=True))
    assert ("FIN", "SUN", 1970) in pairs
    assert ("FIN", "RUS", 2010) in pairs
    assert ("FIN", "SUN", 2010) not in pairs
    near = panel("border_distance").set_index(["state_a", "state_b"])["km"]
    assert near["CAN", "USA"] == 0


def test_a_group_and_a_third_state_bind_no_pair_of_the_group():
    shared = Counter({("CHE", "ISL"): 1, ("CHE", "NOR"): 1, ("ISL", "NOR"): 1})
    pairs = trade_agreements.pairs_of(3, ["ALB", "CHE", "ISL", "NOR"], shared)
    assert pairs == {("ALB", "CHE"), ("ALB", "ISL"), ("ALB", "NOR")}
    lome = trade_agreements.pairs_of(4, ["FRA", "DEU", "GHA", "JAM"], Counter())
    assert lome == {("FRA", "GHA"), ("DEU", "GHA"), ("FRA", "JAM"), ("DEU", "JAM")}
    assert len(trade_agreements.pairs_of(2, ["CAN", "MEX", "USA"], Counter())) == 3


def test_agreements_in_force():
    rows = panel("trade_agreement", [1985, 1995, 2017, 2022])
    pairs = {y: set(zip(r["state_a"], r["state_b"], strict=True)) for y, r in rows.groupby("year")}
    assert ("CAN", "MEX") in pairs[1995]
    assert ("CAN", "MEX") not in pairs[1985]
    assert ("JPN", "USA") not in pairs[2017]  # the Transpacific Partnership was never in force
    assert ("CHN", "JPN") in pairs[2022]
    assert ("CHN", "JPN") not in pairs[2017]


def test_tariffs_by_days_and_order_of_sources():
    steps = pd.DataFrame({"date": ["2019-01-01", "2020-07-02"], "rate": [0.1, 0.3]})
    mean = tariffs._by_days(steps, range(2019, 2021))
    assert mean[2019] == pytest.approx(0.1)
    assert mean[2020] == pytest.approx(0.2)  # 183 of 366 days each
    rows = panel("applied_tariff").set_index(["importer", "exporter", "year"])
    assert rows.loc[("USA", "CHN", 2020), "tariff"] == pytest.approx(0.195, abs=1e-3)
    assert rows.loc[("USA", "CHN", 2021), "source"] == "us-china-tariffs-2018-20"
    assert rows.loc[("DEU", "FRA", 2021), "tariff"] == 0


def test_swap_lines_join_renewals_and_stop_at_their_end():
    told = pd.DataFrame(
        {
            "actor": "USA",
            "partner": "BRA",
            "start": ["2008-10-29", "2009-02-03", "2020-03-19"],
            "stop": ["2009-04-30", "2009-10-30", "2020-09-30"],
            "stated": True,
            "amount": [30.0, np.nan, 60.0],
        }
    )
    made = swap_lines.lines(told)
    assert made["since"].tolist() == ["2008-10-29", "2020-03-19"]
    assert made["until"].tolist() == ["2009-10-30", "2020-09-30"]
    lines = panel("swap_line", [2015, 2019, 2021])
    pairs = set(zip(lines["actor"], lines["partner"], lines["year"], strict=True))
    assert {("USA", "JPN", 2015), ("USA", "GBR", 2019), ("USA", "KOR", 2021)} <= pairs
    assert ("USA", "KOR", 2015) not in pairs


def test_who_fought_in_iraq_in_2003():
    rows = panel("coalition", 2003)
    assert sorted(rows[rows["joined"] == "combat"]["actor"]) == ["AUS", "GBR", "POL", "USA"]
    assert set(rows["flag"]) == {"observed"}
    assert set(panel("coalition", 1991)["flag"]) == {"observed", "imputed"}


def test_trade_by_years_at_the_front_door():
    rows = wo.panel("trade", year=range(2010, 2024))
    assert sorted(rows["year"].unique()) == list(range(2010, 2024))
    assert not rows.duplicated(["exporter", "importer", "year"]).any()
    assert (rows["value"] > 0).all()


def test_trade_totals_agree_with_published_ones():
    """World merchandise trade: SOURCE pages to 2000; WTO exports later, known and not staged."""
    world = panel("trade").groupby("year")["value"].sum() / 1e9
    assert world[[1962, 1980, 2000]].to_numpy() == pytest.approx([0.127, 1.87, 5.58], rel=0.06)
    wto_exports = {2016: 16.0, 2019: 19.0, 2020: 17.6, 2022: 24.9}
    assert world[list(wto_exports)].to_numpy() == pytest.approx(
        list(wto_exports.values()), rel=0.07
    )


def test_recent_silence_in_trade_is_flagged_or_missing():
    """Saudi Arabia, Venezuela and Iran report nothing to the Observatory's table in 2014."""
    rows = panel("trade", 2014)
    for importer in ("SAU", "VEN", "IRN"):
        assert set(rows[rows["importer"] == importer]["flag"]) <= {"interpolated", "estimated"}
        reported = table("trade_reporters").query("year == 2014")
        assert importer not in set(reported["importer"])
    taiwan = panel("trade", range(1984, 1995))
    assert "TWN" not in set(taiwan["exporter"]) | set(taiwan["importer"])


def test_domestic_sales_of_the_input_output_tables():
    rows = panel("gross_trade", 2022).set_index(["exporter", "importer"])["value"]
    assert rows["CHN", "USA"] == pytest.approx(532e3, rel=2e-3)
    assert rows["USA", "USA"] > 50 * rows["CHN", "USA"]
    assert rows.sum() == pytest.approx(199.69e6, rel=1e-3)


@pytest.mark.parametrize("name", COMPACT)
def test_large_tables_are_read_as_categories(name):
    assert table(name)["source"].dtype == "category"


def test_builders_refuse_an_altered_total(monkeypatch):
    rows = pd.DataFrame({"year": [1962], "exporter": ["A"], "importer": ["B"], "value_kusd": [1.0]})

    class Altered:
        def table(self, *_):
            return rows

    with pytest.raises(DataError, match="world trade in 1962"):
        history.observatory(Altered())  # type: ignore[arg-type]
