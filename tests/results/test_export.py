import csv
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.cli.main import app
from worldorder.errors import InputError, ResultError
from worldorder.results.export import FORMATS, export_results
from worldorder.results.files import RESULT_NAME, save_results

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture(scope="module")
def job():
    return small_pair()


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_parquet_holds_every_draw(job, tmp_path):
    export_results(job, tmp_path, "parquet")
    table = pq.read_table(tmp_path / "states.parquet")
    assert table.num_rows == 2 * 20 * 21 * 6
    assert table.schema.field("gdp").metadata[b"unit"] == b"bn USD/year"
    frame = table.to_pandas()
    one = frame.query("scenario == @SCENARIO and draw == 3 and year == 2030 and country == 'ACC'")
    expected = job[SCENARIO]["trust_in_leading_state"].sel(country="ACC").values[3, 5]
    assert one["trust_in_leading_state"].item() == expected
    bodies = pq.read_table(tmp_path / "institutions.parquet").to_pandas()
    one = bodies.query("scenario == @REFERENCE and draw == 0 and year == 2045")
    np.testing.assert_array_equal(one["capacity"], job[REFERENCE]["capacity"].values[0, -1])
    assert pq.read_table(tmp_path / "world.parquet").num_rows == 2 * 20 * 21


def test_csv_holds_bands_of_levels_and_differences(job, tmp_path):
    export_results(job, tmp_path, "csv")
    rows = read_csv(tmp_path / "institutions.csv")
    wanted = {"scenario": SCENARIO, "variable": "capacity", "code": "BODY0", "year": "2045"}
    ours = job[SCENARIO]["capacity"].values[:, -1, 0]
    theirs = job[REFERENCE]["capacity"].values[:, -1, 0]
    for quantity, draws in (("level", ours), ("difference", ours - theirs)):
        row = next(r for r in rows if {**r, **wanted, "quantity": quantity} == r)
        assert float(row["high_95"]) == pytest.approx(np.quantile(draws, 0.975), rel=1e-5)
        assert row["unit"] == "1"
    states = read_csv(tmp_path / "states.csv")
    trust = [r for r in states if r["variable"] == "trust_in_leading_state"]
    assert all(row["median"] == "" for row in trust if row["code"] == "AAA")
    assert len(read_csv(tmp_path / "summary.csv")) > 50


def test_iamc_has_the_columns_and_unique_rows(job, tmp_path):
    shares = np.broadcast_to([0.6, 0.4], (20, 21, 2))
    held = {"reserve_share": (("run", "time", "currency"), shares), "currency": ["USD", "EUR"]}
    export_results({name: one.assign(held) for name, one in job.items()}, tmp_path, "iamc")
    rows = read_csv(tmp_path / "iamc.csv")
    assert list(rows[0])[:5] == ["Model", "Scenario", "Region", "Variable", "Unit"]
    assert list(rows[0])[5:] == [str(year) for year in range(2025, 2046)]
    keys = [tuple(row[key] for key in list(row)[:5]) for row in rows]
    assert len(keys) == len(set(keys))
    name = "Institution|BODY0|Capacity|50th Percentile"
    row = next(r for r in rows if (r["Scenario"], r["Variable"]) == (SCENARIO, name))
    expected = np.median(job[SCENARIO]["capacity"].values[:, 5, 0])
    assert float(row["2030"]) == pytest.approx(expected, rel=1e-5)
    assert {"Hegemony|50th Percentile", "Share of world reserves|EUR|50th Percentile"} <= {
        row["Variable"] for row in rows
    }


def test_graph_has_nodes_and_ties(job, tmp_path):
    export_results(job, tmp_path, "graphml")
    graph = ElementTree.parse(tmp_path / f"{SCENARIO}-2030.graphml").getroot()
    nodes = [node.get("id") for node in graph.iter(f"{GRAPHML}node")]
    assert len(nodes) == 6 + 5
    ends = [(edge.get("source"), edge.get("target")) for edge in graph.iter(f"{GRAPHML}edge")]
    assert {end for pair in ends for end in pair} <= set(nodes)
    directed = {edge.get("directed", "true") for edge in graph.iter(f"{GRAPHML}edge")}
    assert directed == {"true"}  # a mix of both is read by no NetworkX
    edges = read_csv(tmp_path / f"{SCENARIO}-2030-edges.csv")
    assert len(edges) == len(ends)
    trust = {row["source"] for row in edges if row["kind"] == "trust"}
    assert trust == set(nodes[1:6])
    paid = [row for row in edges if row["kind"] == "payment"]
    assert {row["target"] for row in paid} == {"institution:BODY3", "institution:BODY4"}


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_by_command(job, tmp_path, file_format):
    save_results(job, tmp_path / RESULT_NAME)
    done = CliRunner().invoke(app, ["export", str(tmp_path), "--format", file_format])
    assert done.exit_code == 0
    written = [line for line in done.output.splitlines() if line]
    assert {str(file) for file in (tmp_path / "export").iterdir()} == set(written)


def test_unknown_format_and_unwritable_folder(job, tmp_path):
    with pytest.raises(InputError, match="parquet"):
        export_results(job, tmp_path, "parket")
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError):
        export_results(job, tmp_path / "file", "csv")
