"""The page of calibration: what gradients found, what they are worth, what is recovered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from worldorder.inference.calibration.fit import Calibrated
from worldorder.inference.calibration.recovery import BINS, LEAST_P
from worldorder.parameters.loader import load_parameters
from worldorder.results.files import write_whole


def calibrated_table(found: Sequence[Calibrated]) -> pd.DataFrame:
    """Value and standard error by form and quantity, beside the shipped value."""
    shipped = load_parameters()["alignment"] | load_parameters()["funding"]
    rows: list[dict[str, object]] = []
    for one in found:
        for name, value, error in zip(one.names, one.value, one.standard_error, strict=True):
            held = shipped.get(name.removeprefix("log_"))
            level = held.value if held else np.nan
            rows.append(
                {
                    "form": one.form, "quantity": name, "value": float(value),
                    "standard_error": float(error),
                    "shipped": np.log(level) if name.startswith("log_") else level,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def markdown(frame: pd.DataFrame, digits: int = 3) -> str:
    """A frame as a table of the page."""
    head = "| " + " | ".join(str(c).replace("_", " ") for c in frame.columns) + " |"
    rule = "|" + "---|" * len(frame.columns)
    lines = [
        "| " + " | ".join(_cell(value, digits) for value in row) + " |"
        for row in frame.itertuples(index=False)
    ]
    return "\n".join([head, rule, *lines])


def _cell(value: object, digits: int) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.{digits}f}"
    return str(value)


def recovery_page(verdicts: pd.DataFrame, gradients: pd.DataFrame, picture: str) -> str:
    """The page, in Markdown, what failed first."""
    lost = verdicts[verdicts["verdict"] == "not recovered"]
    kept = verdicts[verdicts["verdict"] == "recovered"]
    refused = verdicts[verdicts["refused"] > 0]
    lines = [
        "# Are known parameters recovered?",
        "",
        "Written by `worldorder calibrate --check`. Parameters are drawn, worlds are made with "
        "them, and the estimators that the model uses see those worlds. Where the truth falls in "
        f"what an estimator says must be uniform: chi-square over {BINS} bins, Holm's correction "
        f"over all quantities, not recovered below p = {LEAST_P}, as set before the first run.",
        "",
        f"**{len(kept)} of {len(verdicts)} quantities are recovered, {len(lost)} are not, "
        f"{len(verdicts) - len(kept) - len(lost)} have too few worlds to say.**",
        "",
    ]
    if len(lost):
        lines += ["Not recovered:", ""]
        lines += [
            f"- {one['case']}, {one['quantity']} ({one['kind']}): the 95 % band held the truth in "
            f"{one['within_95']:.0%} of {one['worlds']} worlds."
            for one in lost.to_dict("records")
        ]
        lines.append("")
    if len(refused):
        few = refused.groupby("case")["refused"].max()
        lines += [
            "Refused, and so not counted: "
            + ", ".join(f"{case} {count}" for case, count in few.items()) + " of its worlds.",
            "",
        ]  # fmt: skip
    lines += [_coverage(verdicts), ""]
    shown = ["case", "kind", "quantity", "worlds", "within_80", "within_95", "p", "p_holm",
             "verdict"]  # fmt: skip
    lines += [
        f"![Histograms of the place of the truth]({picture})", "",
        markdown(verdicts[shown]), "",
        "## Gradients beside the simulated mean", "",
        "Derivative after ten years by central differences over runs with the same chance on both "
        "sides (`difference`, and its Monte Carlo `error`), and by reverse mode: through mean and "
        "covariance of positions (`gradient`), and through the path without chance. The band is "
        "the standard deviation over runs. A ratio is left empty where the difference lies within "
        "twice its error of none.", "",
        markdown(gradients), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _coverage(verdicts: pd.DataFrame) -> str:
    """What the bands held by kind of estimator, and how little so few worlds can tell."""
    told = verdicts[verdicts["verdict"] != "too few worlds"]
    mean = told.groupby("kind", sort=False)[["within_80", "within_95"]].mean()
    parts = [f"{kind} {one['within_80']:.1%} and {one['within_95']:.1%}"
             for kind, one in mean.iterrows()]  # fmt: skip
    fewest = int(told["worlds"].min()) if len(told) else 0
    error = np.sqrt(0.8 * 0.2 / max(fewest, 1))
    return (
        f"Bands of 80 % and 95 % held the truth, on average over quantities: {'; '.join(parts)}. "
        f"With {fewest} worlds the share of one quantity in its 80 % band has a standard error of "
        f"{error:.1%}, so that only gross faults are seen."
    )


def write_page(path: Path, text: str) -> None:
    """Write a page whole."""

    def write(file: Path) -> None:
        file.write_text(text, "utf-8")

    write_whole(path, write)
