"""Publishers' downloads in their own layout, and files that are not as they were.

The layouts are restated here on small tables, since no publisher's file is part of the project.
"""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from worldorder.data import as_published
from worldorder.data.builders import capabilities
from worldorder.data.fingerprints import fingerprint, fingerprints, hold
from worldorder.data.sources import Raw, RawFile, sources
from worldorder.errors import DataError

RAW = Path(os.environ.get("WORLDORDER_RAW", Path(__file__).parents[3] / "shared/data/raw"))


def test_capabilities_as_downloaded(tmp_path):
    path = tmp_path / "NMC-70-abridged.csv"
    path.write_text(
        "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n"
        "USA,2,1816,3823,17,80,254,8659,101,.039697491,2025\n"
        "FRN,220,1816,-9,-9,110,1032,29000,1500,.09,2025\n"
    )
    frame = as_published.capabilities(path)
    assert list(frame)[:4] == ["ccode", "year", "milex", "milper"]
    assert "version" not in frame
    assert frame["milex"].tolist()[0] == 3823
    assert frame.loc[1, ["milex", "milper"]].isna().all()
    spent = capabilities.tidy(frame).query("variable == 'military_spending_gbp'")
    assert spent["iso3"].tolist() == ["USA"]  # what is coded -9 gives no cell


def test_contiguity_as_downloaded_is_given_both_ways(tmp_path):
    path = tmp_path / "contdir.csv"
    path.write_text(
        "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n"
        '2020,2,"USA",20,"CAN",1,192001,201612,"x",3.2\n'
    )
    rows = as_published.contiguity(path).to_numpy().tolist()
    assert rows == [
        [2, 20, 1, "1920-01-01", "2016-12-01"],
        [20, 2, 1, "1920-01-01", "2016-12-01"],
    ]


def test_alliances_as_downloaded(tmp_path):
    path = tmp_path / "atop5_1ddyr.csv"
    path.write_text(
        "dirdyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul,shareob\n"
        "2020,2,20,1942,1,1,1,0,0,1,1\n"
    )
    frame = as_published.alliances(path)
    assert frame["atop_defense"].tolist() == [1]
    assert list(frame)[:3] == ["ccode1", "ccode2", "year"]


def test_organizations_as_downloaded(tmp_path):
    path = tmp_path / "state_year_formatv3.csv"
    path.write_text(
        "ccode,year,state,AAAID,ACDT\n2,1944,usa,1,0\n2,1950,usa,-1,1\n20,1950,can,3,-9\n"
    )
    rows = as_published.organizations(path).to_numpy().tolist()
    assert rows == [[2, 1950, "acdt", 1], [20, 1950, "aaaid", 3]]


def test_troops_as_downloaded(tmp_path):
    path = tmp_path / "troopdata-rebuild-country-year.csv"
    path.write_text(
        "countryname,ccode,iso3c,year,troops_ad,army_ad,navy_ad,air_force_ad,marine_corps_ad,army_res\n"
        "Japan,740,JPN,2024,55154,1,2,3,4,5\nChad,483,TCD,2024,0,0,0,0,0,0\n"
    )
    frame = as_published.troops(path)
    assert frame["iso3c"].tolist() == ["JPN"]
    assert "army_res" not in frame


def test_indicators_as_downloaded(tmp_path):
    path = tmp_path / "WDICSV.csv"
    path.write_text(
        '"Country Name","Country Code","Indicator Name","Indicator Code","1960","1961"\n'
        '"Namibia","NAM","Population, total","SP.POP.TOTL","100","110"\n'
        '"Namibia","NAM","GDP per capita, PPP","NY.GDP.PCAP.PP.CD","","5"\n'
        '"Arab World","ARB","Population, total","SP.POP.TOTL","900","910"\n'
        '"World","WLD","Population, total","SP.POP.TOTL","3000","3100"\n'
    )
    frame = as_published.development_indicators(path)
    assert frame[["iso3", "year"]].to_numpy().tolist() == [
        ["NAM", 1960],
        ["NAM", 1961],
        ["WLD", 1960],
        ["WLD", 1961],
    ]
    assert frame["gdp_ppp_current_intl"].tolist()[1] == 550
    assert frame["NY.GDP.PCAP.PP.CD"].isna().sum() == 3


def test_stata_files_as_downloaded(tmp_path):
    pairs = pd.DataFrame({"iso_o": ["ABW"], "iso_d": ["AFG"], "dist": [1.5], "distw": [2.5]})
    pairs.to_stata(tmp_path / "dist_cepii.dta", write_index=False)
    assert as_published.distances(tmp_path / "dist_cepii.dta")["distw"].tolist() == [2.5]
    points = pd.DataFrame({"ccode": [2, 3], "iso3c": ["USA", ""], "countryname": ["x", ""]})
    points.to_stata(tmp_path / "IdealpointsJuly2025.dta", write_index=False)
    read = as_published.ideal_points(tmp_path / "IdealpointsJuly2025.dta")
    assert read["iso3c"].isna().tolist() == [False, True]


def test_a_download_is_found_in_any_folder_and_read(tmp_path):
    deep = tmp_path / "Downloads" / "COW"
    deep.mkdir(parents=True)
    (deep / "majors2016.csv").write_text(
        "stateabb,CCode,StYear,StMonth,StDay,EndYear,EndMonth,EndDay,Version\n"
        "USA,2,1898,8,13,2016,12,31,2016\n"
    )
    raw = Raw(tmp_path, {"cow-states": {"majors": RawFile(name="majors_2016.csv", rows=1)}})
    assert raw.table("cow-states", "majors")["styear"].tolist() == [1898]


def test_the_unpacked_file_is_found_too(tmp_path):
    (tmp_path / "nmc_7_0.csv").write_text("ccode,year\n2,1816\n")
    raw = Raw(tmp_path, {"cow-capabilities": {"panel": RawFile(name="nmc_7_0.csv.gz", rows=1)}})
    assert len(raw.table("cow-capabilities", "panel")) == 1


def test_missing_file_names_the_download_too(tmp_path):
    with pytest.raises(DataError, match=r"NMC-70-abridged\.csv from correlatesofwar\.org"):
        Raw.of(tmp_path).path("cow-capabilities", "panel")


def test_readers_are_of_known_files():
    for source, file in as_published.AS_PUBLISHED:
        assert file in sources()[source].files


def test_altered_value_names_the_column_and_what_changed(monkeypatch):
    frame = pd.DataFrame({"iso3": ["FRA", "DEU"], "gdp": [1.0, 2.0]})
    known = {"worldbank-wdi": {"panel": fingerprint(frame)}}
    monkeypatch.setattr("worldorder.data.fingerprints.fingerprints", lambda: known)
    hold("worldbank-wdi", "panel", frame, "x.csv")
    with pytest.raises(DataError, match=r"sum of gdp in x\.csv: expected 3, found 3\.5"):
        hold("worldbank-wdi", "panel", frame.replace(2.0, 2.5), "x.csv")
    with pytest.raises(DataError, match=r"number of different values of iso3.*expected 2, found 1"):
        hold("worldbank-wdi", "panel", frame.replace("DEU", "FRA"), "x.csv")
    rounded = frame.assign(gdp=frame["gdp"] * (1 + 1e-6))
    hold("worldbank-wdi", "panel", rounded, "x.csv", exact=False)


def test_fingerprints_are_of_known_files():
    for source, files in fingerprints().items():
        for file, kinds in files.items():
            assert file in sources()[source].files
            assert any(kinds.values())
    json.dumps(fingerprints(), allow_nan=False)


if RAW.is_dir():

    def test_every_raw_file_has_a_fingerprint():
        missing = [
            f"{name}.{file}"
            for name, source in sources().items()
            for file in source.files
            if file not in fingerprints().get(name, {})
        ]
        assert missing == [], "take them with `worldorder data build --raw DIR --record`"

    def test_one_changed_cell_builds_nothing(tmp_path):
        rows = Raw.of(RAW).path("maddison-2020", "panel")
        frame = pd.read_csv(rows)
        frame.loc[frame["entity"] == "France", "gdp_2011usd"] *= 1.01
        frame.to_csv(tmp_path / rows.name, index=False)
        with pytest.raises(DataError, match=r"sum of gdp_2011usd.*expected .*, found ") as told:
            Raw.of(tmp_path).table("maddison-2020", "panel")
        assert "Nothing was built" in str(told.value)

    def test_the_download_gives_the_table_that_the_panel_is_made_from(tmp_path):
        """The staged table put back into the publisher's layout, under the publisher's name."""
        staged = Raw.of(RAW).table("cow-capabilities", "panel")
        published = staged.fillna(-9).assign(stateabb="XXX", version=2025)
        published.to_csv(tmp_path / "NMC-70-abridged.csv", index=False)
        read = Raw.of(tmp_path).table("cow-capabilities", "panel")
        pd.testing.assert_frame_equal(read, staged, check_dtype=False)

    def test_contiguity_as_downloaded_has_the_counted_rows(tmp_path):
        staged = Raw.of(RAW).table("cow-geography", "contiguity")
        once = staged[staged["ccode1"] < staged["ccode2"]]
        months = {side: once[f"{side}date"].str.replace("-", "").str[:6] for side in ("st", "end")}
        published = pd.DataFrame(
            {
                "statelno": once["ccode1"],
                "statehno": once["ccode2"],
                "conttype": once["conttype"],
                "begin": months["st"],
                "end": months["end"],
            }
        )
        published.to_csv(tmp_path / "contdir.csv", index=False)
        read = Raw.of(tmp_path).table("cow-geography", "contiguity")
        key = ["ccode1", "ccode2", "stdate"]
        pd.testing.assert_frame_equal(
            read.sort_values(key, ignore_index=True), staged.sort_values(key, ignore_index=True)
        )
