"""Gravity: the estimator against a regression with dummies, and the covariates on small records."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from worldorder.inference.estimate_gravity import BORDERS, SIDES, pooled, ppml
from worldorder.inference.gravity_panel import Axes, agreements, sanction_parts

CODES = list("ABCDEF")


def rows(years=4, effect=-0.5, seed=0):
    """Trade with effects of exporter-year, importer-year, pair and border, and a sanction."""
    draw = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([range(years), CODES, CODES])
    frame = index.to_frame(index=False, name=["year", "exporter", "importer"])
    frame["pair"] = frame["exporter"] + frame["importer"]
    frame["border"] = (frame["exporter"] != frame["importer"]).astype(int)
    frame["intensity"] = frame["border"] * (draw.random(len(frame)) < 0.3)
    log = sum(
        frame.groupby(keys)["border"].transform(lambda _: draw.normal(0, 0.5))
        for keys in (["year", "exporter"], ["year", "importer"], ["pair"], ["border", "year"])
    )
    frame["trade"] = draw.poisson(np.exp(3 + log + effect * frame["intensity"]))
    return frame


def with_dummies(frame):
    """The same Poisson regression by generalised linear model with a column for every effect."""
    keys = (["exporter", "year"], ["importer", "year"], ["pair"], ["border", "year"])
    columns = [
        pd.get_dummies(frame[key].astype(str).agg("-".join, axis=1), drop_first=True, dtype=float)
        for key in keys
    ]
    design = pd.concat([frame[["intensity"]], *columns], axis=1)
    design = np.column_stack([np.ones(len(frame)), design.to_numpy(float)])
    return (
        sm.GLM(frame["trade"], design, family=sm.families.Poisson()).fit(tol=1e-12).params.iloc[1]
    )


def test_estimates_are_those_of_a_regression_with_dummies():
    frame = rows()
    found = ppml(frame, ("intensity",), f"{SIDES} + pair{BORDERS}")
    assert np.isclose(found.at["intensity", "value"], with_dummies(frame), atol=1e-5)
    assert found.attrs["rows"] == len(frame)
    assert found.at["intensity", "s.e. by pair"] > 0


def test_a_known_effect_is_recovered():
    found = ppml(rows(years=12), ("intensity",), f"{SIDES} + pair{BORDERS}")
    error = found.at["intensity", "s.e. by pair"]
    assert abs(found.at["intensity", "value"] + 0.5) < 4 * error
    assert error < 0.1


def test_records_that_agree_are_weighted_by_precision_and_others_less():
    def table(value, error):
        return pd.DataFrame({"value": [value], "s.e.": [error]}, index=["x"])

    alike = pooled([table(1.0, 0.2), table(1.1, 0.1)])
    assert alike.at["x", "value"] == pytest.approx((1.0 * 25 + 1.1 * 100) / 125)
    assert alike.at["x", "s.e."] == pytest.approx(125**-0.5)
    apart = pooled([table(0.0, 0.1), table(1.0, 0.1)])
    assert apart.at["x", "s.e."] > 0.3


def test_covariates_are_those_of_the_panel():
    axes = Axes((1993, 1995, 2021, 2023), ("CAN", "CHN", "MEX", "RUS", "USA"))
    held = axes.filled(agreements(axes.years))
    assert held[:, 2, 4].tolist() == [0, 1, 1, 1]  # NAFTA from 1994
    assert held[:, 1, 4].sum() == 0
    assert np.array_equal(held, held.swapaxes(1, 2))
    hard = axes.filled(sanction_parts(axes.years), "intensity")
    assert hard[3, 0, 3] > hard[2, 0, 3] > 0  # Canada and Russia before and after 2022
    assert np.array_equal(hard, hard.swapaxes(1, 2))


def test_a_cube_keeps_the_largest_of_a_cell_and_leaves_out_strangers():
    axes = Axes((2000, 2001), ("A", "B"))
    frame = pd.DataFrame(
        {"year": [2000, 2000, 2001, 1999], "exporter": list("AAZA"), "importer": list("BBAB")}
    ).assign(value=[1.0, 3.0, 5.0, 7.0])
    cube = axes.filled(frame, "value")
    assert cube[0, 0, 1] == 3.0
    assert cube.sum() == 3.0
