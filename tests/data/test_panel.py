import shutil
from pathlib import Path

import pytest

import worldorder as wo
from worldorder.data.files import MANIFEST, built_folder
from worldorder.data.flags import FLAGS
from worldorder.data.manifest import panel_variables, read_manifest, verify
from worldorder.data.panel import panel, table
from worldorder.data.sources import sources
from worldorder.data.start import start_arrays
from worldorder.data.terms import terms_page
from worldorder.errors import DataError, InputError


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "built"
    shutil.copytree(built_folder(), folder)
    return folder


def test_the_shipped_panel_is_whole():
    assert verify() == len(list(built_folder().iterdir())) - 1


def test_altered_file_is_named(copy):
    path = copy / "trade.parquet"
    body = bytearray(path.read_bytes())
    body[1000] ^= 1
    path.write_bytes(bytes(body))
    with pytest.raises(DataError, match=r"trade\.parquet.*altered"):
        verify(copy)


def test_truncated_file_is_named(copy):
    path = copy / "start.npz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DataError, match=r"start\.npz.*truncated: 5000 bytes"):
        verify(copy)
    with pytest.raises(DataError, match=r"start\.npz"):
        start_arrays(copy)


@pytest.mark.parametrize("name", ["withdrawals.csv", MANIFEST])
def test_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(DataError, match=rf"{name}.*missing"):
        verify(copy)


@pytest.mark.parametrize("name", sorted(panel_variables()))
def test_every_variable_has_unit_source_terms_and_flags(name):
    entry = read_manifest()["variables"][name]
    assert entry["cells"] > 0
    assert set(entry["sources"]) <= set(sources())
    assert entry["sources"]
    assert set(entry["flags"]) <= set(FLAGS)
    assert sum(entry["flags"].values()) == pytest.approx(1, abs=1e-3)


def test_every_cell_of_the_state_years_has_flag_and_source():
    frame = table("state_year")
    assert set(frame["flag"]) <= set(FLAGS)
    assert set(frame["source"]) <= set(sources())
    assert not frame.duplicated(["variable", "iso3", "year"]).any()
    assert frame["value"].notna().all()


def test_missing_is_missing_and_never_zero():
    """Where a source is silent there is no row, or one that says how it was filled."""
    gdp = panel("gdp").set_index(["iso3", "year"])
    assert ("PRK", 2010) not in gdp.index
    assert gdp.loc[("PRK", 2024), "flag"] == "imputed"
    assert (gdp["value"] > 0).all()
    ideal = panel("ideal_point", 2024).set_index("iso3")
    assert ideal.loc["XKX", "flag"] == "estimated"
    assert ideal.loc["VEN", "flag"] == "imputed"
    revenue = table("institutions").set_index("id")["revenue"]
    assert revenue.isna().sum() > 200
    assert not (revenue == 0).any()


def test_totals_agree_with_published_ones():
    world = panel("gdp", 2024)["value"].sum()
    assert world == pytest.approx(111_012, rel=0.005)  # IMF, world, 2024
    money = panel("contribution", range(2022, 2025)).groupby("year")["value"].sum()
    assert money[2023] == pytest.approx(67_500, rel=1e-3)  # CEB
    assert money[2022] == pytest.approx(74_300, rel=1e-3)
    us = panel("contribution", 2024).query("donor == 'USA'")["value"].sum()
    assert us == pytest.approx(14_270, rel=1e-3)
    ideal = panel("ideal_point", 2019).set_index("iso3")["value"]
    assert ideal[["USA", "GBR", "CHN"]].round(2).tolist() == [2.57, 1.60, -0.45]
    cinc = panel("capability_cinc", 2022).set_index("iso3")["value"]
    assert cinc[["CHN", "USA", "IND"]].round(3).tolist() == [0.234, 0.124, 0.099]
    regime = panel("regime", 2025).set_index("iso3")["value"]
    assert regime[["USA", "CHN", "DNK"]].round(3).tolist() == [0.735, 0.072, 0.913]


def test_trade_keeps_published_flows_and_fills_absent_states():
    pair = panel("trade", 2023).set_index(["exporter", "importer"])
    assert pair.loc[("CHN", "USA"), "value"] == pytest.approx(440.5e6, rel=1e-3)
    assert pair.loc[("CHN", "USA"), "flag"] == "observed"
    assert pair.loc[("HKG", "CHN"), "flag"] == "observed"
    assert set(pair.loc["TWN", "flag"]) == {"imputed"}
    assert 300e6 < pair.loc["TWN", "value"].sum() < 600e6


def test_front_door():
    assert wo.panel("gdp", year=2024).shape[0] == 196
    assert wo.country("Germany") == "DEU"


def test_unknown_variable_and_year():
    with pytest.raises(InputError, match="Did you mean trade"):
        panel("trad")
    with pytest.raises(InputError, match="no years"):
        panel("distance", 2020)


def test_terms_of_every_source_are_written_down():
    text = (Path(__file__).parents[2] / "DATA_TERMS.md").read_text("utf-8")
    assert text == terms_page(), "write it again with `worldorder data docs`"
    for name, source in sources().items():
        if name != "worldorder":
            assert f"`{name}`" in text
            assert source.licence in text
