"""Ends of membership are told apart by the written rule; regressions find what was put in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from worldorder.data.membership_record import classified_exits
from worldorder.inference.hazard_regression import area_under_curve, fit_hazard, scored

YEARS = list(range(1960, 2001))


def record(spells: dict[tuple[str, int], list[tuple[int, int]]]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(list(spells), names=["ioname", "ccode"])
    member = pd.DataFrame(False, index=index, columns=YEARS)
    for key, parts in spells.items():
        for first, last in parts:
            member.loc[key, list(range(first, last + 1))] = True
    return member.sort_index()


def system(*states: int) -> pd.DataFrame:
    return pd.DataFrame(True, index=list(states), columns=YEARS)


def kinds(member: pd.DataFrame, present: pd.DataFrame) -> dict[tuple[str, int, int], str]:
    stops = classified_exits(member, present)
    keys = zip(stops["body"], stops["state"], stops["year"], strict=True)
    return dict(zip(keys, stops["kind"], strict=True))


def crowd(body: str, first: int = 1960, last: int = 2000) -> dict[tuple[str, int], list]:
    return {(body, state): [(first, last)] for state in range(10, 30)}


def test_each_rule_names_its_class():
    spells = (
        crowd("alpha")
        | crowd("icco")
        | crowd("gone", last=1980)
        | {
            ("alpha", 1): [(1960, 1984)],
            ("alpha", 2): [(1960, 1974), (1976, 2000)],
            ("alpha", 3): [(1960, 1963)],
            ("alpha", 4): [(1960, 1998)],
            ("alpha", 5): [(1960, 1989)],
            ("icco", 1): [(1960, 1986)],
        }
    )
    for state in (6, 7, 8, 9):
        spells[("alpha", state)] = [(1960, 1991)]
    present = system(*range(1, 30))
    present.loc[5, list(range(1990, 2001))] = False
    found = kinds(record(spells), present)
    assert found[("alpha", 1, 1985)] == "certain"
    assert found[("alpha", 2, 1975)] == "gap"
    assert found[("alpha", 3, 1964)] == "early"
    assert found[("alpha", 4, 1999)] == "likely"
    assert found[("alpha", 5, 1990)] == "succession"
    assert found[("icco", 1, 1987)] == "renewal"
    assert found[("alpha", 6, 1992)] == "mass"
    assert {kind for (body, _, _), kind in found.items() if body == "gone"} == {"end"}


def sample(rows: int = 60_000, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    far = draw.normal(size=rows)
    hazard = np.exp(-3.0 + 0.7 * far)
    return pd.DataFrame(
        {
            "far": far,
            "event": (draw.random(rows) < -np.expm1(-hazard)).astype(int),
            "weight": 1.0,
            "year": draw.integers(1990, 2010, rows),
            "body": draw.integers(0, 200, rows),
        }
    )


def test_the_regression_finds_the_hazard_that_made_the_sample():
    hazard = fit_hazard(sample(), ["far"])
    assert hazard.coefficient == pytest.approx([-3.0, 0.7], abs=0.06)
    assert hazard.standard_error == pytest.approx([0.018, 0.017], rel=0.3)


def test_thinning_with_weights_leaves_the_estimate():
    rows = sample()
    kept = rows[(rows["event"] == 1) | (np.arange(len(rows)) % 5 == 0)]
    weighted = kept.assign(weight=np.where(kept["event"] == 1, 1.0, 5.0))
    assert fit_hazard(weighted, ["far"]).coefficient == pytest.approx([-3.0, 0.7], abs=0.08)


def test_scores_beat_the_base_rate_where_there_is_something_to_know():
    scores = scored(sample(), ["far"], 1999)
    assert scores["log score"] > scores["log score of base rate"]
    assert scores["expected events"] == pytest.approx(scores["events"], rel=0.1)
    assert 0.6 < scores["area under curve"] < 0.8


def test_area_under_curve_of_a_perfect_order_is_one():
    rows = pd.DataFrame({"event": [0, 0, 1, 1], "weight": 1.0})
    assert area_under_curve(rows, np.asarray([0.1, 0.2, 0.3, 0.4])) == 1.0
    assert area_under_curve(rows, np.asarray([0.4, 0.3, 0.2, 0.1])) == 0.0
