"""Gates: one file in two places, read whole or refused, and no change passes in silence."""

from pathlib import Path

import pytest

from worldorder.errors import InputError
from worldorder.inference.hindcast.gates import Change, altered, read_gates

DOCS = Path(__file__).parents[2] / "docs" / "validation" / "gates.yaml"


def test_the_published_gates_are_those_that_judge():
    assert read_gates(DOCS) == read_gates()


def test_every_threshold_lies_above_the_best_baseline():
    assert all(gate.threshold >= 0.01 for gate in read_gates().gates)


def test_a_gate_changed_in_silence_is_named():
    before = read_gates()
    easier = before.gates[0].model_copy(update={"threshold": 0.001})
    now = before.model_copy(update={"gates": (easier, *before.gates[1:])})
    assert altered(before, before) == []
    assert altered(before, now) == [easier.id]
    told = Change(
        date="2026-12-01", gate=easier.id, was="0.02", now="0.001", why="a reason in full"
    )
    assert altered(before, now.model_copy(update={"changes": (told,)})) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("threshold: 0.02", "threshold: 0", "threshold"),
        ("id: gdp-1,", "id: gdp-5,", "gdp-5"),
        ("score: crps", "score: rmse", "score"),
        ("gates:", "gates: {", "gates"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, old, new, named):
    path = tmp_path / "gates.yaml"
    path.write_text(DOCS.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=named):
        read_gates(path)
