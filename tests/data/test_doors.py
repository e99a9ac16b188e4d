"""The panel as arrays, and written to files."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import worldorder as wo
from worldorder.data.flags import FLAGS
from worldorder.errors import InputError
from worldorder.results.export.panel import write_panel


def test_state_years_as_arrays_say_the_same_as_the_table():
    rows = wo.panel("gdp", year=range(2010, 2024))
    arrays = wo.panel("gdp", year=range(2010, 2024), form="xarray")
    assert arrays.gdp.dims == ("iso3", "year")
    assert int(arrays.gdp.notnull().sum()) == len(rows)
    for row in rows.sample(50, random_state=1).itertuples():
        cell = arrays.sel(iso3=row.iso3, year=row.year)
        assert float(cell.gdp) == row.value
        assert FLAGS[int(cell.gdp_flag)] == row.flag
    assert arrays.attrs["unit"] == "bn current USD/year"


def test_silence_is_nan_and_has_no_flag():
    arrays = wo.panel("gdp", form="xarray").sel(iso3="PRK", year=2010)
    assert np.isnan(arrays.gdp)
    assert int(arrays.gdp_flag) == -1


def test_dyads_keep_direction_and_symmetric_pairs_are_given_both_ways():
    trade = wo.panel("trade", year=2023, form="xarray").trade.squeeze("year")
    assert trade.dims == ("exporter", "importer")
    assert float(trade.sel(exporter="CHN", importer="USA")) > 2.5 * float(
        trade.sel(exporter="USA", importer="CHN")
    )
    distance = wo.panel("distance", form="xarray").distance
    np.testing.assert_array_equal(distance, distance.T)


def test_hostility_of_each_side_is_in_its_own_row():
    rows = wo.panel("hostility", year=2000)
    arrays = wo.panel("hostility", year=2000, form="xarray").hostility.squeeze("year")
    for row in rows.sample(20, random_state=1).itertuples():
        assert float(arrays.sel(state_a=row.state_a, state_b=row.state_b)) == row.hostility_a
        assert float(arrays.sel(state_a=row.state_b, state_b=row.state_a)) == row.hostility_b


def test_pacts_of_a_year_are_an_array():
    pacts = wo.panel("defence_pact", year=2018, form="xarray").defence_pact.squeeze("year")
    assert float(pacts.sel(actor="USA", partner="JPN")) == 1
    assert np.isnan(pacts.sel(actor="JPN", partner="USA"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("membership", "text"),
        ("defence_pact", "several rows"),
        ("sanction", "several rows"),
        ("funding", "is a table"),
    ],
)
def test_what_is_no_array_says_why(name, said):
    with pytest.raises(InputError, match=said):
        wo.panel(name, form="xarray")


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_export_has_the_cells_with_units_and_terms(tmp_path, file_format):
    files = write_panel(["gdp", "favourable"], tmp_path / "out", file_format, range(2020, 2024))
    assert [file.name for file in files] == [
        f"gdp.{file_format}",
        f"favourable.{file_format}",
        "variables.csv",
        "sources.csv",
    ]
    read = pd.read_csv if file_format == "csv" else pd.read_parquet
    back = read(files[0])
    pd.testing.assert_frame_equal(
        back, wo.panel("gdp", range(2020, 2024)), check_dtype=False, check_like=True
    )
    variables = pd.read_csv(files[2]).set_index("variable")
    assert variables.loc["gdp", "unit"] == "bn current USD/year"
    sources = pd.read_csv(files[3]).set_index("source")
    assert sources.loc["worldbank-wdi", "licence"] == "CC BY 4.0"
    assert "cow-igo" not in sources.index


def test_export_as_netcdf(tmp_path):
    files = write_panel(["ideal_point"], tmp_path, "netcdf")
    with xr.open_dataset(files[0], engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load(), wo.panel("ideal_point", form="xarray"))


def test_export_refuses_what_it_does_not_know(tmp_path):
    with pytest.raises(InputError, match="Did you mean gdp"):
        write_panel(["gpd"], tmp_path / "a")
    with pytest.raises(InputError, match="parquet, csv, netcdf"):
        write_panel(["gdp"], tmp_path / "a", "xlsx")
    assert not (tmp_path / "a").exists()
