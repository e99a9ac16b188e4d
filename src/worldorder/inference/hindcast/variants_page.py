"""The page on what each mechanism adds, written from the table of variants."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from worldorder.inference.hindcast.variants import VARIANTS

HEAD = """# What each mechanism adds to skill

Written by `worldorder hindcast --variants` from its own output; not edited by hand. From 1 January
of each origin ({origins}) the model was run whole and without each mechanism, or in a rival form,
with the same draws: {runs} runs, seed {seed}, version {version}, {made}. *Added* is the share by
which the mechanism lowers the mean score (CRPS, or log score of events) of the model without it, on
ensembles as simulated; below 0, forecasts are better without it. Intervals (95 %) resample whole
states; with {tested} comparisons about one in forty is clear by chance on either side.
"""


def _name(target: str) -> str:
    return target.replace("_", " ")


def _rows(frame: pd.DataFrame) -> list[Any]:
    return [SimpleNamespace(**{str(k): v for k, v in r.items()}) for r in frame.to_dict("records")]


def _what(rows: pd.DataFrame) -> str:
    """Targets and horizons in a few words, the largest effect first."""
    ordered = rows.reindex(rows["added"].abs().sort_values(ascending=False).index)
    parts = [
        f"{_name(r.target)} {r.horizon} y {r.added:+.1%} ({r.low:+.1%} to {r.high:+.1%})"
        for r in _rows(ordered.head(4))
    ]
    more = len(rows) - 4
    return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")


def _line(name: str, own: pd.DataFrame) -> str:
    better, worse = own[own["low"] > 0], own[own["high"] < 0]
    cells = [
        name, VARIANTS[name].meaning, str(len(own)), str(int(own["moved"].sum())),
        _what(better) or "nothing clear", _what(worse) or "nothing clear",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def variants_page(table: pd.DataFrame, record: dict[str, Any]) -> str:
    """The page as Markdown.

    Args:
        table: from `contributions`.
        record: `origins`, `runs`, `seed`, `version` and `made`.
    """
    names = list(dict.fromkeys(table["variant"]))
    idle = [
        name for name in names if not (table[table["variant"] == name]["low"] > 0).any()
    ]  # fmt: skip
    still = [name for name in names if not table[table["variant"] == name]["moved"].any()]
    head = HEAD.format(**{**record, "origins": ", ".join(str(o) for o in record["origins"])},
                       tested=len(table))  # fmt: skip
    lines = [
        "| variant | what is different | compared | moved | better with it | better without it |",
        "|---|---|---|---|---|---|",
        *(_line(name, table[table["variant"] == name]) for name in names),
    ]
    parts = [
        head,
        "**No clear gain on any target**: " + (", ".join(idle) or "none") + ".",
        "**No forecast moved at all**: " + (", ".join(still) or "none") + ".",
        "",
        "\n".join(lines),
        "\nEvery comparison is in `variants.csv`.",
    ]
    return "\n".join(parts) + "\n"
