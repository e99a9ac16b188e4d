"""Commands on votes and bodies as a user types them."""

import gzip

import pandas as pd
import pytest
from typer.testing import CliRunner

from worldorder.cli.main import app
from worldorder.errors import DataError, InputError

RESOLUTIONS = "undl_id,symbol,date,title,agenda,recorded\n"
VOTES = "undl_id,iso3,vote\n"


@pytest.fixture
def folder(tmp_path):
    states = ["USA", "GBR", "FRA", "RUS", "CUB", "POL"]
    resolutions = [f"{i},A/RES/{i},{2000 + i % 5}-12-01,Question {i},,1" for i in range(40)]
    votes = [
        f"{i},{state},{'Y' if (rank < 3) == (i % 2 == 0) else 'AN'[i % 3 == 0]}"
        for i in range(40)
        for rank, state in enumerate(states)
    ]
    for name, head, rows in (("resolutions", RESOLUTIONS, resolutions), ("votes", VOTES, votes)):
        with gzip.open(tmp_path / f"ga_{name}.csv.gz", "wt") as file:
            file.write(head + "\n".join(rows) + "\n")
    return tmp_path


def test_ideal_points_are_estimated_and_written(folder):
    out = folder / "points.csv"
    command = ["data", "ideal-points", "--votes", str(folder), "--to", "2003", "--out", str(out)]
    result = CliRunner().invoke(app, [*command, "--quiet"])
    assert result.exit_code == 0, result.output
    found = pd.read_csv(out)
    assert list(found.columns) == ["iso3", "year", "ideal_point", "standard_error", "votes"]
    assert found["year"].max() == 2003
    mean = found.groupby("iso3")["ideal_point"].mean()
    assert mean[["USA", "GBR", "FRA"]].min() > mean[["RUS", "CUB", "POL"]].max()
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "2004", "--to", "2001"], "is after --to"),
        (["--issue", "middle-eats"], "Did you mean middle-east"),
        (["--to", "1990"], "no recorded vote is left"),
        (["--out", "nowhere/points.csv"], "no such folder"),
    ],
)
def test_what_cannot_be_estimated_is_said_and_nothing_written(folder, options, message):
    command = ["data", "ideal-points", "--votes", str(folder), "--quiet", *options]
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, (InputError, DataError))
    assert message in str(result.exception)
    assert not list(folder.glob("*.csv"))


def test_members_are_printed():
    result = CliRunner().invoke(app, ["data", "members", "NATO", "--year", "1955"])
    assert result.exit_code == 0
    assert "NATO in 1955: 15 full members" in result.output
    assert "TUR" in result.output
