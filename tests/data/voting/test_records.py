"""Records as users have them: the raw files, the Library's bulk file, and what may be wrong."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from worldorder.data.sources import Raw
from worldorder.data.voting.agreement import agreement, year_agreement
from worldorder.data.voting.issues import about, issue_records
from worldorder.data.voting.records import plain_title, read_raw, read_votes
from worldorder.errors import DataError, InputError

SHARED = Path(__file__).parents[4] / "shared" / "data" / "raw"
COLUMNS = (
    "undl_id,symbol,date,meeting,title,agenda,committee_report,yes,no,abstain,nonvoting,recorded"
)
RESOLUTIONS = f"""{COLUMNS}
1,A/RES/1(I),1960-10-01,,Question of Namibia : resolution / adopted,,,1,1,1,1,1
2,A/RES/2(I),1985-12-01,,General and complete disarmament,,,2,1,0,0,1
3,A/RES/3(I),1985-12-02,,Unrecorded,,,0,0,0,0,0
"""
VOTES = """undl_id,iso3,vote
1,USA,Y
1,RUS,N
1,CHN,A
1,FRA,X
2,USA,N
2,RUS,Y
2,CHN,Y
"""


@pytest.fixture
def folder(tmp_path):
    for name, text in (("resolutions", RESOLUTIONS), ("votes", VOTES)):
        with gzip.open(tmp_path / f"ga_{name}.csv.gz", "wt") as file:
            file.write(text)
    return tmp_path


def test_a_folder_of_records_is_read(folder):
    records = read_votes(folder)
    assert records.resolutions["title"].tolist() == [
        "question of namibia",
        "general and complete disarmament",
    ]
    assert len(records.votes) == 6  # an absence is missing, not a vote
    seats = records.votes[records.votes["resolution"] == 1]["state"]
    assert sorted(seats) == ["RUS", "TWN", "USA"]  # China's seat before October 1971


def test_the_library_file_gives_the_same_records(folder, tmp_path):
    records = read_votes(folder)
    rows = records.votes.merge(records.resolutions, left_on="resolution", right_index=True)
    rows = rows.assign(state=rows["state"].replace("TWN", "CHN"))
    names = {"resolution": "undl_id", "state": "ms_code", "vote": "ms_vote", "symbol": "resolution"}
    rows.rename(columns=names).drop(columns=["agenda"]).to_csv(tmp_path / "bulk.csv", index=False)
    pd.testing.assert_frame_equal(read_votes(tmp_path / "bulk.csv").votes, records.votes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("undl_id,ms_code,date,title\n1,USA,2020-01-01,x\n", "no column 'ms_vote'"),
        ("undl_id,ms_code,ms_vote,date,title\n1,USA,yes,2020-01-01,x\n", "'yes' is not a vote"),
        ("undl_id,ms_code,ms_vote,date,title\n1,USA,Y,1/2/2020,x\n", "'1/2/2020' is not a date"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, message):
    path = tmp_path / "bulk.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message) as told:
        read_votes(path)
    assert told.value.file == str(path)
    assert told.value.fix


def test_missing_files_are_named(tmp_path):
    with pytest.raises(DataError, match=r"no file ga_votes\.csv\.gz"):
        read_votes(tmp_path)
    with pytest.raises(DataError, match="no such file"):
        read_votes(tmp_path / "x.csv")


def test_agreement_is_one_half_for_an_abstention():
    votes = pd.DataFrame(
        [(1, "A", "Y"), (1, "B", "Y"), (1, "C", "A"), (2, "A", "Y"), (2, "B", "N"), (3, "D", "Y")],
        columns=["resolution", "state", "vote"],
    )
    found = year_agreement(votes).set_index(["state_a", "state_b"])
    assert found["agreement"].to_dict() == {("A", "B"): 0.5, ("A", "C"): 0.5, ("B", "C"): 0.5}
    assert found["votes"].to_dict() == {("A", "B"): 2, ("A", "C"): 1, ("B", "C"): 1}  # D: missing


def test_states_have_the_names_of_the_time(folder):
    found = agreement(read_votes(folder))
    pairs = set(zip(found["year"], found["state_a"], found["state_b"], strict=True))
    assert (1985, "SUN", "USA") in pairs
    assert (1960, "TWN", "USA") in pairs
    assert (1985, "CHN", "SUN") in pairs


def test_issues_are_told_by_words(folder):
    records = read_votes(folder)
    assert about(records.resolutions, "disarmament").tolist() == [False, True]
    assert len(issue_records(records, "colonialism").resolutions) == 1
    with pytest.raises(InputError, match="human-rights"):
        issue_records(records, "human-right")
    with pytest.raises(InputError, match="no recorded vote is left"):
        issue_records(records, "middle-east")


def test_titles_lose_what_kind_of_document_they_are():
    assert plain_title("Question of Cuba : resolution / adopted by the GA") == "question of cuba"


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the publisher's files, which are not shipped"
)
def test_published_tallies_are_held():
    records = read_raw(Raw.of(SHARED))
    tally = records.resolutions[records.resolutions["symbol"] == "A/RES/ES-11/3"].index[0]
    votes = records.votes[records.votes["resolution"] == tally]["vote"].value_counts()
    assert votes.to_dict() == {"Y": 93, "N": 24, "A": 58}
