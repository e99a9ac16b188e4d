import re

import pandas as pd
import pytest
import xarray as xr
from typer.testing import CliRunner

import worldorder as wo
from worldorder.cli.main import app
from worldorder.errors import InputError, WorldOrderError

RUN = CliRunner()


def test_shock_prints_who_gains_and_loses(tmp_path):
    out, drawn = tmp_path / "shock.nc", tmp_path / "map.svg"
    shock = ["trade", "shock", "--tariff", "USA:CHN=0.6", "--retaliation", "reciprocal"]
    done = RUN.invoke(app, [*shock, "--countries", "3", "--out", str(out), "--map", str(drawn)])
    assert done.exit_code == 0, done.output
    assert "USA" in done.output
    assert "residual" in done.output
    with xr.open_dataset(out) as found:
        assert found["welfare"].sel(country="CHN") < 1
        assert found.attrs["status"] == "converged"
    assert "USA" in drawn.read_text("utf-8")


def test_shock_reads_a_table_and_unions(tmp_path):
    file = tmp_path / "tariffs.csv"
    file.write_text("importer,exporter,tariff\nEU,CHN,0.2\n", "utf-8")
    done = RUN.invoke(app, ["trade", "shock", str(file)])
    assert done.exit_code == 0, done.output
    assert "27 bilateral tariffs" in done.output


def test_power_ranks_partners():
    done = RUN.invoke(app, ["trade", "power", "--country", "CHN", "--most", "3"])
    assert done.exit_code == 0
    assert "What CHN could cost its partners" in done.output


def test_wrong_input_says_what_and_where(tmp_path):
    for arguments in ([], ["--tariff", "USA=0.6"], ["--tariff", "USA:CHX=0.6"]):
        done = RUN.invoke(app, ["trade", "shock", *arguments])
        assert isinstance(done.exception, InputError)
    file = tmp_path / "tariffs.csv"
    file.write_text("importer,exporter,tariff\nUSA,CHN,0.6\nUSA,CHX,0.6\n", "utf-8")
    done = RUN.invoke(app, ["trade", "shock", str(file)])
    assert "tariffs.csv:3" in str(done.exception)
    file.write_text("importer,exporter,tariff\nUSA,CHN,-1.5\n", "utf-8")
    done = RUN.invoke(app, ["trade", "shock", str(file)])
    assert "tariffs.csv:2" in str(done.exception)
    assert "above -1" in str(done.exception)


def test_sanctions_embargoes_and_exemptions(tmp_path):
    out = tmp_path / "shock.nc"
    barriers = ["--sanction", "EU:BLR=0.5", "--embargo", "USA:CUB=0.1"]
    done = RUN.invoke(app, ["trade", "shock", *barriers, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "56 barriers on flows" in done.output
    with xr.open_dataset(out) as found:
        assert found["welfare"].sel(country="BLR") < 1
    done = RUN.invoke(app, ["trade", "shock", "--tariff", "USA:CHN=0.6", "--exempt", "1"])
    assert "+0.00 %" in done.output
    assert "-0.1" not in done.output
    done = RUN.invoke(app, ["trade", "shock", "--sanction", "USA:CHN=2"])
    assert isinstance(done.exception, InputError)


def test_split_prints_losses_by_bloc_and_writes_them(tmp_path):
    out = tmp_path / "split.csv"
    done = RUN.invoke(app, ["trade", "split", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "Real income lost" in done.output
    assert out.read_text("utf-8").startswith("elasticity,cost,world,")


def test_power_by_sector_with_figure_and_table(tmp_path):
    drawn, out = tmp_path / "power.svg", tmp_path / "power.csv"
    arguments = ["--sectors", "--country", "CHN", "--plot", str(drawn), "--out", str(out)]
    done = RUN.invoke(app, ["trade", "power", *arguments])
    assert done.exit_code == 0, done.output
    assert "Loss of real income" in drawn.read_text("utf-8")
    assert "mining" in done.output
    rows = pd.read_csv(out, keep_default_na=False, index_col=["country", "partner"])
    assert rows.columns[0] == "loss"
    groups = rows.drop(columns="loss")
    assert groups.shape[1] == 4
    kept = (1 - groups).prod(axis=1)  # losses of groups multiply
    assert (1 - kept - rows["loss"]).abs().max() < 1e-6


def test_limits_finance_and_the_short_run(tmp_path):
    out = tmp_path / "shock.csv"
    asked = ["--limit", "EU:RUS=0.3", "--finance", "USA:IRN=1", "--horizon", "short"]
    done = RUN.invoke(app, ["trade", "shock", *asked, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "Limits bind on" in done.output
    assert out.read_text("utf-8").startswith("country,")


def test_a_tariff_of_one_member_is_one_of_the_union():
    done = RUN.invoke(app, ["trade", "shock", "--tariff", "DEU:USA=0.1"])
    assert "27 bilateral tariffs" in done.output


def test_both_sides_choose_in_nash_equilibrium():
    done = RUN.invoke(app, ["trade", "shock", "--tariff", "USA:CHN=0.6", "--retaliation", "nash"])
    assert done.exit_code == 0, done.output
    assert "Tariffs on top of those in force: CHN" in done.output


def test_a_rate_chosen_by_many_is_told():
    asked = ["--tariff", "USA:*=0.1", "--retaliation", "optimal", "--countries", "1"]
    done = RUN.invoke(app, ["trade", "shock", *asked])
    assert done.exit_code == 0, done.output
    assert re.search(r"those in force included: [\d.]+ % by 195 states", done.output)


def test_a_shock_by_sector(tmp_path):
    out, drawn = tmp_path / "shock.nc", tmp_path / "map.svg"
    asked = ["--tariff", "USA:CHN=0.6", "--sanction", "EU:RUS=0.5", "--sectors"]
    done = RUN.invoke(app, ["trade", "shock", *asked, "--out", str(out), "--map", str(drawn)])
    assert done.exit_code == 0, done.output
    with xr.open_dataset(out) as found:
        assert found.sizes["sector"] == 28
        assert found["welfare"].sel(country="CHN") < 1
        all_sectors = float(found["revenue"].sel(country="USA"))
    asked = [*asked[:2], "--sectors", "--only", "C26", "--only", "mining and energy"]
    done = RUN.invoke(app, ["trade", "shock", *asked, "--out", str(out)])
    assert done.exit_code == 0, done.output
    with xr.open_dataset(out) as found:
        bought = found["flows"].sel(exporter="CHN", importer="USA")
        before = wo.trade.world_2022_sectors()[0].sel(exporter="CHN", importer="USA")
        assert bought.sel(sector="C26") < 0.3 * before.sel(sector="C26")
        assert bought.sel(sector="C28") > before.sel(sector="C28")
        assert float(found["revenue"].sel(country="USA")) != all_sectors


def test_a_limit_by_sector_with_chains(tmp_path):
    out = tmp_path / "cap.nc"
    asked = ["--limit", "DEU:RUS=0.3", "--sectors", "--only", "C19", "--chains", "--out", str(out)]
    done = RUN.invoke(app, ["trade", "shock", *asked])
    assert done.exit_code == 0, done.output
    assert "Limits bind on 1 of 1 flows" in done.output
    pair = {"exporter": "RUS", "importer": "DEU", "sector": "C19"}
    with xr.open_dataset(out) as found:
        before = wo.trade.world_2022_sectors()[0].sel(pair)
        assert float(found["flows"].sel(pair) / before) == pytest.approx(0.3, rel=1e-4)


def test_every_pair_of_a_country_cut_off(tmp_path):
    out, drawn = tmp_path / "pairs.csv", tmp_path / "convexity.svg"
    asked = ["--country", "RUS", "--pairs", str(out), "--plot", str(drawn), "--most", "3"]
    done = RUN.invoke(app, ["trade", "power", *asked])
    assert done.exit_code == 0, done.output
    assert "Loss in points for each point of supply share" in done.output
    rows = pd.read_csv(out, keep_default_na=False)
    assert len(rows) == 2 * 195
    assert {"supply_share", "stop_of_supplies", "cut_off", "own_loss"} < set(rows)
    done = RUN.invoke(app, ["trade", "power", "--country", "XXX", "--pairs", str(out)])
    assert "XXX" in str(done.exception)


BAD = {
    "a sector unknown": (["--tariff", "USA:CHN=1", "--sectors", "--only", "C99"], "sector 'C99'"),
    "sectors not asked for": (["--tariff", "USA:CHN=1", "--only", "C26"], "Give --sectors"),
    "chains not asked for": (["--tariff", "USA:CHN=1", "--chains"], "Give --sectors"),
    "not a number": (["--tariff", "USA:CHN=nan"], "not a number"),
    "own goods": (["--tariff", "USA:USA=0.1"], "no pair is left"),
    "inside the union": (["--tariff", "DEU:FRA=0.1"], "no pair is left"),
    "below -100 %": (["--tariff", "USA:CHN=-1.5"], "USA on CHN"),
    "limit of zero": (["--limit", "EU:RUS=0"], "EU|AUT"),
    "finance above one": (["--finance", "USA:RUS=2"], "finance of USA on RUS"),
    "no equilibrium": (
        ["--embargo", "USA:*=0", "--embargo", "CHN:*=0", "--imbalances", "fixed"],
        "worst in",
    ),
    "no elasticity left": (
        ["--tariff", "USA:CHN=0.1", "--horizon", "short", "--elasticity", "1"],
        "first year",
    ),
    "table elsewhere": (["--tariff", "USA:CHN=0.1", "--out", "shock.xlsx"], ".nc or .csv"),
    "map elsewhere": (["--tariff", "USA:CHN=0.1", "--map", "map.foo"], ".svg or .png or .pdf"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_solved_is_one_message_and_exit_2(arguments, message):
    done = RUN.invoke(app, ["trade", "shock", *arguments])
    assert isinstance(done.exception, WorldOrderError)
    assert done.exception.exit_code == 2
    assert re.search(message, str(done.exception))
