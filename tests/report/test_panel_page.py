"""The page of the panel says what the panel holds, and is the one that is committed."""

import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from worldorder.data.coverage import coverage, states_by_year
from worldorder.data.manifest import panel_variables
from worldorder.data.own_tables import own_table
from worldorder.data.sources import sources
from worldorder.plots.coverage import SHADES, coverage_picture, shade_of
from worldorder.report.panel_page import pages, write_pages

PROJECT = Path(__file__).parents[2]
RAW = Path(os.environ.get("WORLDORDER_RAW", PROJECT.parent / "shared/data/raw"))


@pytest.fixture(scope="module")
def made():
    return pages()


def test_the_committed_pages_are_those_of_the_panel(made):
    for name, text in made.items():
        held = (PROJECT / name).read_text("utf-8")
        assert held == text, f"{name}: write it again with `worldorder data docs`"


def test_every_variable_and_source_is_on_the_page(made):
    page = made["docs/panel.md"]
    for name in panel_variables():
        assert f"| `{name}` |" in page
    for name in sources():
        assert name == "worldorder" or f"| `{name}` |" in page


def test_known_errors_name_variables_and_links_lead_somewhere(made):
    named = own_table("known_errors")["variables"].str.split(", ").explode()
    assert set(named) <= set(panel_variables())
    for link in re.findall(r"\]\(([^)#]+)", made["docs/panel.md"]):
        assert (PROJECT / "docs" / link).exists(), link


def test_coverage_counts_states_in_being():
    shares = coverage()
    assert states_by_year()[1816] == 23
    assert states_by_year()[2024] == 196
    assert shares.loc["capability_cinc", 1816] == pytest.approx(1)
    assert shares.loc["capability_cinc", 2022] == pytest.approx(195 / 196)
    assert shares.loc["ideal_point", 1964] == 0
    assert shares.loc["gdp", 1950] == 0
    assert ((shares >= 0) & (shares <= 1)).all().all()


def test_picture_shades_what_is_there():
    shares = pd.DataFrame({2000: [0.0, 1.0], 2001: [0.5, 1.0]}, index=["some", "all & every"])
    drawn = coverage_picture(shares)
    ET.fromstring(drawn)
    assert [shade_of(share) for share in (0.0, 0.01, 0.5, 1.0)] == [None, 0, 2, 4]
    bars = re.findall(r'<rect x="\d+" y="\d+" width="(\d+)" height="9" fill="(#\w+)"/>(?!<)', drawn)
    assert bars == [("3", SHADES[2]), ("6", SHADES[4])]
    assert "all &amp; every" in drawn


def test_pages_are_written_into_a_project(tmp_path, made):
    files = write_pages(tmp_path)
    assert {str(file.relative_to(tmp_path)) for file in files} == set(made)


if RAW.is_dir():

    def test_every_folder_at_hand_is_used_or_left_out_with_a_reason():
        used = {source.folder for source in sources().values()}
        left = own_table("left_out").set_index("folder")["why"]
        there = {path.name for path in RAW.iterdir() if path.is_dir()}
        assert there <= used | set(left.index)
        assert (left.str.len() > 15).all()
