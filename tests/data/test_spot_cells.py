"""Cells of the panel against what was read off the publishers' files, without the builders.

`cases/panel_spot_cells.csv` has a cell a line: the variable, what the cell is about, its value in
the panel's unit, and the file, row and column where it was read (column "rows": how many rows
there are). Add a line for a new variable.
"""

import csv
import gzip
import os
from pathlib import Path

import pytest

import worldorder as wo
from worldorder.data.manifest import panel_variables

CASES = Path(__file__).parents[1] / "cases" / "panel_spot_cells.csv"
RAW = Path(os.environ.get("WORLDORDER_RAW", Path(__file__).parents[3] / "shared/data/raw"))
TOLERANCE = 1e-5  # relative: some files have six digits
FACTORS = [10.0**power for power in (0, -2, -3, -6, -9)]  # units and percent to the panel's units


def conditions(text):
    return dict(part.split("=", 1) for part in text.split(";"))


def read(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


SPOTS = read(CASES)


def name_of(spot):
    return f"{spot['variable']} {spot['cell']}"


@pytest.mark.parametrize("spot", SPOTS, ids=name_of)
def test_cell_is_as_read(spot):
    rows, where = wo.panel(spot["variable"]), conditions(spot["cell"])
    if "year" in where and "year" not in rows:  # what holds from a first to a last year
        rows = wo.panel(spot["variable"], int(where["year"]))
    for column, value in where.items():
        rows = rows[rows[column].astype(str) == value]
    assert len(rows) == 1
    if spot["variable"] == "state_system":
        assert rows["end"].item() == spot["value"]
        return
    column = panel_variables()[spot["variable"]].column or "value"
    held = rows[column].item() if column in rows else 1.0
    assert held == pytest.approx(float(spot["value"]), rel=TOLERANCE)
    assert rows["flag"].item() in ("observed", "estimated", "forecast")


def test_the_table_has_sixty_cells_and_every_variable_of_states():
    assert len(SPOTS) >= 60
    assert len({name_of(spot) for spot in SPOTS}) == len(SPOTS)
    of_states = {name for name, v in panel_variables().items() if v.table == "state_year"}
    assert of_states <= {spot["variable"] for spot in SPOTS}


if RAW.is_dir():

    @pytest.mark.parametrize("file", sorted({spot["file"] for spot in SPOTS}))
    def test_the_file_says_so(file):
        rows = read(RAW / file)
        for spot in (spot for spot in SPOTS if spot["file"] == file):
            where = conditions(spot["row"])
            found = [r for r in rows if all(r[c] == v for c, v in where.items())]
            said = len(found) if spot["column"] == "rows" else float(found[0][spot["column"]])
            assert said == pytest.approx(float(spot["raw"])), spot
            if spot["variable"] not in ("state_system", "major_power"):
                scaled = [float(spot["raw"]) * factor for factor in FACTORS]
                value = float(spot["value"])
                assert any(value == pytest.approx(x, rel=TOLERANCE) for x in scaled), spot
