"""The page is what the record says, and what was lost comes first."""

from pathlib import Path

import pytest

from worldorder.errors import InputError, ResultError
from worldorder.inference.hindcast.files import check_gates, read_record
from worldorder.inference.hindcast.gates import read_gates
from worldorder.inference.hindcast.page import caveats, trust_page
from worldorder.inference.hindcast.shipped import shipped_caveats

FOLDER = Path(__file__).parents[2] / "docs" / "validation"


def test_the_published_page_is_written_from_the_record():
    record = read_record(FOLDER)
    page = (FOLDER / "trust.md").read_text("utf-8")
    assert page == trust_page(record)
    assert shipped_caveats() == caveats(record)["targets"]
    verdicts = [row["verdict"] for row in record["tables"]["verdicts"]]
    assert len(verdicts) == len(read_gates().gates) + len(read_gates().coverage)
    assert f"{verdicts.count('lost')} lost, {verdicts.count('passed')} passed" in page
    assert page.index("What it is bad at") < page.index("Gates lost") < page.index("Gates passed")


def test_gates_altered_after_results_are_refused(tmp_path):
    check_gates(read_gates(), FOLDER)
    gates = read_gates()
    easier = gates.gates[0].model_copy(update={"threshold": 0.001})
    with pytest.raises(InputError, match="altered after results"):
        check_gates(gates.model_copy(update={"gates": (easier, *gates.gates[1:])}), FOLDER)
    check_gates(gates, tmp_path)


def test_what_is_no_record_is_refused(tmp_path):
    (tmp_path / "hindcast.json").write_text("{}", "utf-8")
    with pytest.raises(ResultError, match="hindcast"):
        read_record(tmp_path)
