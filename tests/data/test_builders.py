"""Builders on small tables made here, where the right answer can be read off."""

import numpy as np
import pandas as pd
import pytest

from worldorder.data import growth
from worldorder.data.builders import alliances, reserves, sanctions, trade_fill, us_tariffs, weo
from worldorder.data.builders.geography import great_circle
from worldorder.data.calibration import LEAST_DOMESTIC_SHARE, among_states, baseline
from worldorder.data.imputation import grown_since_last, like_similar
from worldorder.data.reconcile import preferred, spliced
from worldorder.data.sources import Raw, RawFile, expect
from worldorder.errors import DataError


def test_counted_assertion_says_which_expected_and_found():
    with pytest.raises(DataError, match=r"worldbank-wdi: rows of x: expected 5, found 4") as told:
        expect("worldbank-wdi", "rows of x", 4, 5)
    assert "Nothing was built" in str(told.value)


def test_raw_file_is_found_anywhere_and_counted(tmp_path):
    deep = tmp_path / "downloads" / "wdi"
    deep.mkdir(parents=True)
    (deep / "wdi_panel.csv.gz").write_bytes(b"")
    plain = RawFile(name="small.csv", rows=2)
    (deep / "small.csv").write_text("iso3,x\nNA,1\nBRA,\n")
    raw = Raw(tmp_path, {"worldbank-wdi": {"panel": plain}})
    frame = raw.table("worldbank-wdi", "panel")
    assert frame["iso3"].tolist() == ["NA", "BRA"]
    assert np.isnan(frame["x"][1])
    short = Raw(tmp_path, {"worldbank-wdi": {"panel": RawFile(name="small.csv", rows=3)}})
    with pytest.raises(DataError, match="expected 3, found 2"):
        short.table("worldbank-wdi", "panel")


def test_missing_raw_file_says_where_to_get_it(tmp_path):
    with pytest.raises(DataError, match=r"weo_panel\.csv\.gz is missing"):
        Raw.of(tmp_path).path("imf-weo-2025-10", "panel")


def test_weo_forecast_begins_after_the_last_actual_year():
    panel = pd.DataFrame(
        {
            "ref_area": ["KOS", "KOS", "G001"],
            "year": [2023, 2024, 2024],
            "NGDPD": [10.0, 11.0, 100.0],
            "PPPGDP": [20.0, np.nan, 200.0],
            "NGDP_RPCH": [3.0, 4.0, 3.0],
            "LP": [1.8, 1.8, 8000.0],
            "PCPIPCH": [5.0, 1.6, 4.0],
            "GGXWDG_NGDP": [17.0, np.nan, np.nan],
            "GGXCNL_NGDP": [-0.1, -0.2, np.nan],
            "BCA": [-0.8, -0.9, 0.0],
            "ngdpd_last_actual": ["FY2023/24", "FY2023/24", ""],
        }
    )
    frame = weo.tidy(panel).set_index(["variable", "year"])
    assert set(frame["iso3"]) == {"XKX"}
    assert frame.loc[("gdp", 2023), "flag"] == "observed"
    assert frame.loc[("gdp", 2024), "flag"] == "forecast"
    assert frame.loc[("real_growth", 2024), "value"] == pytest.approx(0.04)
    assert ("gdp_ppp", 2024) not in frame.index


def cell(variable, year, value, flag, source, iso3="AAA"):
    names = ["iso3", "year", "variable", "value", "flag", "source"]
    return dict(zip(names, [iso3, year, variable, value, flag, source], strict=True))


def test_observed_goes_before_forecast_except_for_growth():
    imf, bank = "imf-weo-2025-10", "worldbank-wdi"
    rows = [
        cell("gdp", 2025, 9.0, "forecast", imf),
        cell("gdp", 2025, 8.0, "observed", bank),
        cell("real_growth", 2025, 0.02, "forecast", imf),
        cell("real_growth", 2025, 0.03, "observed", bank),
    ]
    kept = preferred([pd.DataFrame(rows)]).set_index("variable")["value"]
    assert kept.to_dict() == {"gdp": 8.0, "real_growth": 0.02}


def test_splice_keeps_growth_and_takes_the_level():
    people = "population"
    seen = pd.DataFrame([cell(people, 2025, 100.0, "observed", "worldbank-wdi")])
    ahead = pd.DataFrame(
        [cell(people, y, v, "forecast", "imf-weo-2025-10") for y, v in [(2025, 80.0), (2026, 84.0)]]
    )
    moved = spliced(ahead, seen, people).set_index("year")["value"]
    assert moved[2026] == pytest.approx(105.0)
    assert moved[2025] == 80.0


def test_imputed_gdp_grows_as_the_rest():
    wide = pd.DataFrame({2020: [10.0, 20.0, 5.0], 2024: [15.0, 30.0, np.nan]}, index=list("abc"))
    assert grown_since_last(wide, 2024).dropna().to_dict() == {"c": pytest.approx(7.5)}


def test_ratio_of_similar_states():
    ratio = pd.Series({"poor": 0.3, "rich": 0.9, "unknown": np.nan})
    income = pd.Series({"poor": 1.0, "rich": 50.0, "unknown": 1.1})
    assert like_similar(ratio, income)["unknown"] == pytest.approx(0.6)  # fewer than ten: all


def test_filled_trade_grows_with_the_partner():
    pairs = [("CHN", "USA", 10.0), ("USA", "CHN", 20.0), ("TWN", "USA", 4.0), ("CHN", "TWN", 6.0)]
    old = pd.DataFrame(pairs, columns=["exporter", "importer", "value"])
    new = pd.DataFrame(
        [("CHN", "USA", 30.0), ("USA", "CHN", 40.0)], columns=["exporter", "importer", "value"]
    )
    made = trade_fill.scaled(old, new, ("TWN",)).set_index(["exporter", "importer"])["value"]
    assert made["TWN", "USA"] == pytest.approx(12.0)  # imports of the USA tripled
    assert made["CHN", "TWN"] == pytest.approx(18.0)  # exports of China tripled
    assert len(made) == 2


def test_territories_count_with_their_sovereign():
    flows = pd.DataFrame(
        [("HKG", "USA", 1e6), ("CHN", "USA", 2e6), ("HKG", "CHN", 5e6)],
        columns=["exporter", "importer", "value"],
    )
    matrix = among_states(flows, ["CHN", "USA"])
    assert matrix.tolist() == [[0, 3], [0, 0]]


def test_baseline_clears_and_floors():
    flows = np.array([[0.0, 10.0], [30.0, 0.0]])
    made = baseline(flows, np.array([100.0, 31.0]))
    assert made.floored.tolist() == [False, True]
    assert np.diag(made.share)[1] == pytest.approx(LEAST_DOMESTIC_SHARE)
    assert made.share.sum(0) == pytest.approx([1, 1])
    income = (made.share * made.expenditure).sum(1)
    assert income[0] == pytest.approx(100.0)


def test_european_union_row_goes_to_members_without_their_own():
    rates = pd.DataFrame(
        {
            "date": "2025-04-05",
            "country": ["EUROPEAN UNION", "SLOVAKIA", "KOREA, SOUTH"],
            "new_tariff_pct": [20.0, 25.0, 10.0],
        }
    )
    made = us_tariffs.tidy(rates, ["DEU", "SVK"]).set_index("iso3")["tariff"]
    assert made.to_dict() == {"DEU": 0.20, "SVK": 0.25, "KOR": 0.10}


def test_accession_to_nato_binds_those_who_were_members_then():
    changes = alliances.treaty_changes({"NATO": ["USA", "MKD", "FIN", "SWE"], "SCO": []})
    changes = changes[changes["variable"] == "defence_pact"]
    pairs = set(zip(changes["date"], changes["actor"], changes["partner"], strict=True))
    assert ("2020-03-27", "MKD", "USA") in pairs
    assert ("2020-03-27", "MKD", "FIN") not in pairs
    assert ("2023-04-04", "FIN", "MKD") in pairs
    assert ("2024-03-07", "FIN", "SWE") in pairs
    assert ("2024-08-28", "TUV", "AUS") not in pairs


def test_great_circle():
    km = great_circle(np.array([0.0, 0.0]), np.array([0.0, 90.0]))
    assert km[0, 1] == pytest.approx(6371 * np.pi / 2, rel=1e-6)


def test_growth_converges_after_the_forecast():
    forecast = np.full((6, 2), 0.03)
    long_run = growth.long_run_growth(np.array([50.0, 25.0]), 50.0)
    assert long_run == pytest.approx([0.015, 0.015 + 0.02 * np.log(2)])
    path = growth.growth_path(forecast, long_run)
    assert path[5] == pytest.approx(forecast[5])
    assert path[20] == pytest.approx(long_run)
    assert path[12, 0] == pytest.approx(0.03 - 0.015 * 7 / 15)


def test_names_in_a_sanctions_cell_may_hold_commas():
    assert sanctions.names_in("Korea, South, EU") == ["Korea, South", "EU"]


CASES = pd.DataFrame(
    [
        [1, "Iran", "exp_compl,imp_part", 1, 0, 1, 0, 0],
        [2, "Iran", None, 0, 0, 1, 0, 0],
        [3, "Iran, China, Russia, Mali", "exp_part", 0, 0, 1, 0, 0],
    ],
    columns=["case_id", "sanctioned_state", "descr_trade", *sanctions.KINDS[2:]],
)


def test_kinds_of_sanctions():
    found = sanctions.kinds(CASES)
    assert found[["exports", "imports"]].to_numpy().tolist() == [[2, 1], [0, 0], [1, 0]]
    assert found["persons"].tolist() == [False, False, True]
    assert found["arms"].tolist() == [1, 0, 0]


def test_parts_of_an_embargo_by_hand():
    found = sanctions.parts(sanctions.kinds(CASES)).sum(axis=1)
    assert found.tolist() == pytest.approx([0.35 + 0.1 + 0.15 + 0.05, 0.03, 0.03])


def test_sanctions_of_a_pair_count_the_hardest_case_of_each_kind():
    rows = pd.DataFrame(0, index=range(3), columns=list(sanctions.KINDS)).assign(persons=False)
    rows["exports"] = [2, 1, 2]
    rows["travel"] = [0, 1, 1]
    rows = rows.assign(sender="SUN", target="USA", begin=[2000, 2010, 2000], end=[2026, 2015, 2005])
    at = {y: sanctions.in_force(rows, y)["intensity"].tolist() for y in (1999, 2003, 2012, 2024)}
    assert at[1999] == []
    assert at[2003] == pytest.approx([0.37])
    assert at[2012] == pytest.approx([0.37])
    assert at[2024] == pytest.approx([0.35])
    assert sanctions.in_force(rows, 2003)["sender"].tolist() == ["RUS"]


def test_reserve_shares_sum_to_one_and_count_old_currencies_as_the_euro():
    held = pd.DataFrame(
        {
            "group": "world",
            "year": 1996,
            "quarter": [0, 0, 0, 0, 1],
            "currency": ["USD", "DEM", "XEU", "CHF", "USD"],
            "share": [0.60, 0.20, 0.10, 0.09, 0.5],
        }
    )
    found = reserves.shares(held).set_index("currency")["value"]
    assert found.to_dict() == pytest.approx({"USD": 60 / 99, "EUR": 30 / 99, "other": 9 / 99})
