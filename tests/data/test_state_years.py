"""State-years since 1816: builders on small tables, and what the shipped panel says."""

import pandas as pd
import pytest

import worldorder as wo
from worldorder.data.builders import capabilities, government_party, maddison
from worldorder.data.builders.cells import by_number
from worldorder.data.polities import former_states
from worldorder.data.reconcile import agreement, differences, overlaps
from worldorder.errors import DataError


def cell(source, value, iso3="FRA", year=2000, variable="population"):
    return {
        "iso3": iso3,
        "year": year,
        "variable": variable,
        "value": value,
        "flag": "observed",
        "source": source,
    }


def test_of_two_numbers_of_one_state_that_of_mid_year_counts():
    panel = pd.DataFrame({"ccode": [255, 260, 365], "year": 1990, "x": [1.0, 2.0, 3.0]})
    made = by_number(panel, {"x": ("population", 1.0)}, "observed", "cow-capabilities")
    assert made.set_index("iso3")["value"].to_dict() == {"DEU": 2.0, "SUN": 3.0}
    silent = by_number(
        panel.replace({"x": {2.0: None}}), {"x": ("population", 1.0)}, "observed", "x"
    )
    assert silent.set_index("iso3")["value"]["DEU"] == 1.0


def test_military_spending_before_1914_is_in_pounds_and_a_variable_of_its_own():
    columns = ("cinc", "milper", "irst", "pec", "tpop", "upop")
    panel = pd.DataFrame({"ccode": 200, "year": [1913, 1914], "milex": [67_734, 1_678_843]})
    made = capabilities.tidy(panel.assign(**dict.fromkeys(columns, 1.0)))
    spent = made[made["variable"].isin(["military_spending", "military_spending_gbp"])]
    spent = spent.set_index("year")
    assert spent.loc[1913, "variable"] == "military_spending_gbp"
    assert spent.loc[1913, "value"] == pytest.approx(67.734)  # million pounds
    assert spent.loc[1914, "variable"] == "military_spending"
    assert spent.loc[1914, "value"] == pytest.approx(1.678843)  # bn USD
    whole = made[made["variable"] == "military_spending_cow"]
    assert whole["year"].tolist() == [1914]
    shipped = wo.panel("military_spending")
    assert shipped["year"].min() == 1914
    assert wo.panel("military_spending_gbp")["year"].max() == 1913


def test_sums_over_successors_end_with_the_state():
    panel = pd.DataFrame(
        {
            "entity": ["Former USSR", "Former USSR", "World", "France"],
            "year": [1991, 1992, 1991, 1800],
            "gdp_2011usd": [1e12, 1e12, 1e13, 1e11],
            "gdp_pc_2011usd": [8e3, 8e3, 5e3, 2e3],
        }
    )
    made = maddison.tidy(panel)
    assert set(zip(made["iso3"], made["year"], strict=True)) == {("SUN", 1991)}


def test_party_in_office_is_carried_to_the_next_election_and_flagged():
    parties = pd.DataFrame(
        {
            "country_text_id": ["FRA", "FRA", "RUS"],
            "year": [1990, 1992, 1989],
            "v2pagovsup": [0.0, 0.0, 0.0],
            "v2paseatshare": [50.0, 40.0, 90.0],
            "v2pariglef": [1.0, -1.0, -2.0],
            "v2xpa_popul": 0.2,
            "v2xpa_antiplural": 0.3,
        }
    )
    made = government_party.tidy(parties)
    made = made[made["variable"] == "government_left_right"]
    france = made[made["iso3"] == "FRA"].set_index("year").sort_index()
    assert france.loc[1990:1993, "flag"].tolist() == ["observed", "imputed", "observed", "imputed"]
    assert france.loc[1991, "value"] == 1.0
    assert france.index.max() == 1992 + government_party.LONGEST_TERM
    union = made[made["iso3"] == "SUN"]["year"]
    assert (union.min(), union.max()) == (1989, 1991)


def test_sources_that_disagree_stop_the_build():
    first = pd.DataFrame([cell("worldbank-wdi", 60.0, year=y) for y in (2000, 2001)])
    near = pd.DataFrame([cell("imf-weo-2025-10", 60.6, year=y) for y in (2000, 2001)])
    both = differences([first, near], "population", "imf-weo-2025-10")
    assert both["gap"].tolist() == pytest.approx([0.01, 0.01])
    rows = agreement(both, "population", "imf-weo-2025-10").set_index(["year", "measure"])["value"]
    assert rows[2000, "median difference"] == pytest.approx(0.01)
    assert len(overlaps([first, near])) > 0
    thousands = near.assign(value=near["value"] * 1e3)
    with pytest.raises(DataError, match=r"population: worldbank-wdi and imf-weo-2025-10 differ"):
        overlaps([first, thousands])


def test_dissolved_states_have_cells_of_their_own():
    cinc = wo.panel("capability_cinc").set_index(["iso3", "year"])["value"]
    assert cinc["SUN", 1985] > 0.1
    assert ("RUS", 1985) not in cinc.index
    assert cinc["AUH", 1900] > 0.03
    assert cinc["USA", 1945] == pytest.approx(0.384, abs=1e-3)
    for year in (1850, 1914, 1950, 2020):
        assert cinc.xs(year, level="year").sum() == pytest.approx(1.02, abs=0.03)  # as published


def test_no_cell_of_a_former_state_after_its_end():
    frame = wo.panel("state_year")
    for code, row in former_states().items():
        years = frame[frame["iso3"] == code]["year"]
        assert years.empty or years.max() <= int(row["end"][:4])


def test_where_a_source_is_silent_there_is_no_zero():
    """Zeros come only from sources that say zero, and never in stocks that no state lacks."""
    frame = wo.panel("state_year")
    zero = frame[frame["value"] == 0]
    never = {"gdp", "gdp_ppp", "gdp_maddison", "gdp_latent", "population", "capability_cinc"}
    never |= {"regime", "us_troops", "reserves", "nuclear_status", "government_debt"}
    assert not never & set(zero["variable"])
    unarmed = zero[(zero["variable"] == "military_burden") & (zero["flag"] == "estimated")]
    spent = wo.panel("military_spending").set_index(["iso3", "year"])["value"]
    assert (spent[unarmed.set_index(["iso3", "year"]).index] == 0).all()  # COW says zero
    debt = wo.panel("government_debt").set_index(["iso3", "year"])
    assert ("PRK", 2020) not in debt.index
    assert "PRK" not in set(wo.panel("warheads")["iso3"])  # the source has no count
    assert ("AFG", 2023) not in wo.panel("us_troops").set_index(["iso3", "year"]).index


def test_figures_as_published():
    maddison_share = wo.panel("gdp_maddison", 2018).set_index("iso3")["value"]
    assert maddison_share["USA"] / 113_630.2 == pytest.approx(0.160, abs=1e-3)
    assert set(wo.panel("nuclear_status", 2022).query("value == 3")["iso3"]) == {
        *("USA", "RUS", "GBR", "FRA", "CHN", "IND", "PAK", "ISR", "PRK")
    }
    troops = wo.panel("us_troops", 2024).set_index("iso3")["value"]
    assert troops[["JPN", "DEU", "KOR", "ITA"]].tolist() == [55_154, 36_541, 24_515, 12_482]
    debt = wo.panel("government_debt", 2023).set_index("iso3")["value"]
    assert debt["JPN"] > 2
    views = wo.panel("favourable", 2000).set_index(["respondent", "about"])["favourable"]
    assert views["DEU", "USA"] == pytest.approx(0.78)


def share_of(variable, year, state="USA"):
    values = wo.panel(variable, year).set_index("iso3")["value"]
    return values[state] / values.sum()


@pytest.mark.parametrize(
    ("variable", "year", "published"),
    [
        ("gdp", 2024, 29_298 / 111_012),  # IMF, October 2025, with its own world total
        ("gdp_ppp", 2025, 0.1465),  # IMF, October 2025: share of the world
        ("iron_steel_production", 1945, 0.598),  # National Material Capabilities, US shares
        ("iron_steel_production", 2022, 0.043),
        ("energy_consumption", 1945, 0.585),
        ("energy_consumption", 2022, 0.141),
        ("military_spending", 1945, 0.634),
        ("gdp_latent", 1900, 0.226),
        ("gdp_latent", 1945, 0.346),
        ("gdp_latent", 2019, 0.180),
    ],
)
def test_shares_of_the_united_states_as_published(variable, year, published):
    assert share_of(variable, year) == pytest.approx(published, abs=0.0015)
