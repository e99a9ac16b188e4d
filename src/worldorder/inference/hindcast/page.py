"""The page "How far to trust it", written from the record of a hindcast."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pandas as pd

from worldorder.inference.hindcast.targets import TARGETS

HEAD = """# How far to trust it

Written by `worldorder hindcast` from its own output; not edited by hand. The simulator was set out
from 1 January of each origin ({origins}) with what was known then, run to {last} and scored beside
naive forecasts. {runs} runs an origin, seed {seed}, version {version}, {made}.

**Gates: {lost} lost, {passed} passed, {unjudged} not judged.** They were written before the first
hindcast ([gates.yaml](gates.yaml)); a gate is passed where the model beats the best naive forecast
by the stated margin, or where a band holds its nominal share. {changes}
"""

WIDENED = """
Bands are widened for the error of the model's structure, by what the other origins asked for.
As simulated, without that, {lost} gates would be lost and {passed} passed.
"""

AFTER_THE_FIRST = """- Four whole hindcasts were read before this one, the fifth, was made. Before
  the second, bands were widened and more mechanisms had estimates for the origins; how reserve
  shares, sanctions and votes are scored was written before their scores were seen. Since the
  second, years of peace that are on record at an origin are no longer drawn again (a fault seen in
  the code), the level of disputes is that of the origin's own world, foundings, ends of bodies and
  trade have estimates for all origins, trust runs from 2005, estimates for origins are drawn
  together, and the simulator went on. Since the third, sanctions begin and end by themselves
  (built because they were the worst target), and members of a body that ends in a run no longer
  count as leaving it, against what the target says (a fault seen in the scores).
- Since the fourth: positions are drawn by their calibration, with its spread; groups of neighbours
  found defence pacts. Forecasts of votes use how each state
  voted the last time, as the naive ones did before (the worst target; one form was tried, looked
  at from 2000 and 2010 and checked from 2005 and 2015). Trade of a pair is scored only where both
  directions are reported: what was not reported had counted as nothing, which made 2014 look like
  a collapse of trade (a fault seen in the scores). Much of it was chosen by people who had read
  the scores; gates, margins, scores and naive forecasts stayed.
"""

CAUTION = """## What these scores do not say

- An origin is 1 January; a horizon of one year is the end of that year. Four origins share most of
  their years, so a pandemic or a financial crisis counts in several. Intervals come from resampling
  states whole and see neither; the true uncertainty is larger.
- Nothing after an origin enters a forecast (a test plants a future value), but the *form* of each
  mechanism was chosen by people who knew these years, and values are those of today's releases, not
  those printed at the time. No vintage of the IMF outlook is in the panel: growth is expected from
  the record alone, so GDP here tests less than the product has from 2025 on.
- Nobody's levers are pulled: tariffs, exits and sanctions that governments chose come as surprises.
- Mechanisms whose parameters were not estimated on data to an origin are off there.
- Memberships are scored in the yearly record, to 2014; trade in reported flows, so to 2015 and in
  2023; sanctions to 2023, those of states and their bodies without pairs under sanctions of the
  Security Council; shares of currencies for the world, the renminbi among the others; votes on
  resolutions that come back under a title that is the only one of its kind in its year; ideal
  points against estimates from all votes, put on the scale of the origin's.
- While the code was written, runs of 4 to 16 on some origins, first with parameters that knew later
  years and with the origin at the end of the year, were looked at to find faults. After one of them
  the ends of bodies, which had been counted as exits, were taken out. No gate, margin, score,
  naive forecast or mechanism was changed after them.
"""


def _frame(record: dict[str, Any], name: str) -> pd.DataFrame:
    return pd.DataFrame(record["tables"][name])


def _rows(frame: pd.DataFrame) -> list[Any]:
    """Rows with their columns as attributes."""
    rows = frame.to_dict("records")
    return [SimpleNamespace(**{str(k): v for k, v in row.items()}) for row in rows]


def _table(frame: pd.DataFrame) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * len(frame.columns)]
    lines += ["| " + " | ".join(str(v) for v in row) + " |" for row in frame.to_numpy()]
    return "\n".join(lines)


def _name(target: str) -> str:
    return target.replace("_", " ")


def _gate_rows(verdicts: pd.DataFrame) -> pd.DataFrame:
    known = verdicts["value"].notna()
    band = [
        f"{low:.2f} to {high:.2f}" if k else ""
        for k, low, high in zip(known, verdicts["low"], verdicts["high"], strict=True)
    ]
    rows = pd.DataFrame(
        {
            "gate": verdicts["gate"],
            "what": [
                f"coverage {t:.0%}" if s == "coverage" else f"skill, {s}, of {t}"
                for s, t in zip(verdicts["score"], verdicts["threshold"], strict=True)
            ],
            "found": _numbers(verdicts["value"]),
            "95 % interval": band,
            "best naive forecast": verdicts["best_baseline"].fillna("").map(_name),
        }
    )
    if "value_as_simulated" in verdicts:
        rows.insert(3, "as simulated", _numbers(verdicts["value_as_simulated"]))
    return rows


def _numbers(values: pd.Series) -> list[str]:
    return [f"{value:.3f}" if pd.notna(value) else "" for value in values]


def _worst(record: dict[str, Any]) -> str:
    """What the model is bad at: targets and horizons where a naive forecast is better."""
    skill = _frame(record, "skill")
    if not len(skill):
        return "Nothing could be scored."
    rows = skill[(skill["origin"] == "all") & (skill["score"] != "brier") & (skill["skill"] <= 0)]
    lines = [
        f"- **{_name(r.target)}, {_ahead([r.horizon])}**: {_name(r.best_baseline)} is better by "
        f"{-r.skill:.0%} (95 % interval {-r.high:.0%} to {-r.low:.0%}, {r.cells:,} cells)."
        for r in _rows(rows.sort_values("skill"))
    ]
    return "\n".join(lines) or "No target is forecast worse than by the best naive forecast."


def _narrow(record: dict[str, Any]) -> str:
    """Bands that hold less or more than they say."""
    cover = _frame(record, "coverage")
    if not len(cover):
        return ""
    rows = cover[(cover["origin"] == "all") & (cover["band"] == 0.8)]
    rows = rows[(rows["high"] < 0.8) | (rows["low"] > 0.8)].sort_values("share")
    lines = [
        f"- {_name(r.target)}, {_ahead([r.horizon])}: the 80 % band held {r.share:.0%} "
        f"({r.low:.0%} to {r.high:.0%})" + _after_widening(r)
        for r in _rows(rows)
    ]
    return "\n".join(lines) or "No 80 % band differs clearly from what it says."


def _after_widening(row: Any) -> str:
    if pd.isna(row.widening):
        return "."
    if row.widening <= 1:
        return "; the other origins asked for no widening."
    return (
        f"; widened by {row.widening:.2f}, as the other origins asked, it held "
        f"{row.share_widened:.0%} ({row.low_widened:.0%} to {row.high_widened:.0%})."
    )


def _scored(record: dict[str, Any]) -> pd.DataFrame:
    scored = _frame(record, "scored")
    cells = [
        f"{h} years" if h else "no" for h in scored["horizons"].fillna("").str.replace(" ", ", ")
    ]
    wide = scored.assign(cell=cells).pivot(index="target", columns="origin", values="cell")
    wide = wide.reindex(list(dict.fromkeys(scored["target"])))
    wide.columns = [str(c) for c in wide.columns]
    return wide.rename(index=_name).reset_index()


def _why_not(record: dict[str, Any]) -> str:
    scored = _frame(record, "scored")
    scored = scored.assign(why_not=scored["why_not"].fillna(""))
    rows = scored[scored["why_not"] != ""]
    lines = [
        f"- {_name(str(target))}: "
        + "; ".join(
            f"{', '.join(str(o) for o in part['origin'])}: {why}"
            for why, part in group.groupby("why_not", sort=False)
        )
        for target, group in rows.groupby("target", sort=False)
    ]
    return "\n".join(lines)


def _better(record: dict[str, Any]) -> pd.DataFrame:
    skill = _frame(record, "skill")
    rows = skill[(skill["origin"] == "all") & (skill["score"] != "brier")] if len(skill) else skill
    return pd.DataFrame(
        {
            "target": [f"{_name(t)} ({TARGETS[t].unit})" for t in rows["target"]],
            "years ahead": rows["horizon"],
            "best naive forecast": rows["best_baseline"].map(_name),
            "skill": [f"{v:+.3f}" for v in rows["skill"]],
            "95 % interval": [
                f"{a:+.3f} to {b:+.3f}" for a, b in zip(rows["low"], rows["high"], strict=True)
            ],
            "cells": rows["cells"],
        }
    )


def trust_page(record: dict[str, Any]) -> str:
    """The page as Markdown: what the model is bad at first, then gates, then the rest."""
    verdicts, asked = _frame(record, "verdicts"), record["asked"]
    counts = verdicts["verdict"].value_counts()
    changes = record["gates"]["changes"]
    told = "; ".join(f"{c['date']}: {c['gate']} from {c['was']} to {c['now']}" for c in changes)
    widening = _widening(verdicts)
    head = HEAD.format(
        origins=", ".join(str(o) for o in asked["origins"]), last=2024, runs=asked["runs"],
        seed=asked["seed"], version=record["versions"]["worldorder"], made=record["made"],
        lost=counts.get("lost", 0), passed=counts.get("passed", 0),
        unjudged=counts.get("not judged", 0),
        changes=f"Gates changed since: {told}." if told else "No gate was changed since.",
    )  # fmt: skip
    parts = [
        head + widening, "## What it is bad at\n", _worst(record),
        "\n## Bands that, as simulated, do not hold what they say\n", _narrow(record),
        "\n## Gates lost\n", _table(_gate_rows(verdicts[verdicts["verdict"] == "lost"])),
        "\n## Gates passed\n", _table(_gate_rows(verdicts[verdicts["verdict"] == "passed"])),
        "\n## Not judged\n",
        ", ".join(verdicts[verdicts["verdict"] == "not judged"]["gate"]) or "None.",
        "\n## Skill over the best naive forecast, all origins\n", _table(_better(record)),
        "\n![Skill by horizon](skill.svg)\n\n![Place in the ensemble](pit.svg)\n",
        "## What could be scored\n", _table(_scored(record)), "\nWhy not:\n", _why_not(record),
        "\n" + (CAUTION + (AFTER_THE_FIRST if widening else "")).strip(),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _widening(verdicts: pd.DataFrame) -> str:
    """What widening did to the verdicts; nothing where bands were judged as simulated."""
    if "verdict_as_simulated" not in verdicts:
        return ""
    counts = verdicts["verdict_as_simulated"].value_counts()
    return WIDENED.format(lost=counts.get("lost", 0), passed=counts.get("passed", 0))


def caveats(record: dict[str, Any]) -> dict[str, Any]:
    """What a report says beside each quantity: how it did in the hindcast, by target."""
    skill, cover = _frame(record, "skill"), _frame(record, "coverage")
    found: dict[str, Any] = {}
    for name, target in TARGETS.items():
        own = skill[(skill["target"] == name) & (skill["origin"] == "all")] if len(skill) else skill
        own = own[own["score"] != "brier"] if len(own) else own
        held = (
            cover[(cover["target"] == name) & (cover["origin"] == "all")] if len(cover) else cover
        )
        found[name] = {
            "meaning": target.meaning,
            "skill_by_horizon": {str(r.horizon): round(r.skill, 3) for r in _rows(own)},
            "best_baseline": {str(r.horizon): r.best_baseline for r in _rows(own)},
            "share_in_80_band": {
                str(r.horizon): round(r.share, 3) for r in _rows(held) if r.band == 0.8
            },
            "sentence": _sentence(name, own, held),
        }
    return {"made": record["made"], "origins": record["asked"]["origins"], "targets": found}


def _ahead(horizons: Sequence[int]) -> str:
    years = "year" if list(horizons) == [1] else "years"
    return f"{', '.join(str(h) for h in horizons)} {years} ahead"


def _sentence(name: str, own: pd.DataFrame, held: pd.DataFrame) -> str:
    if not len(own):
        return f"Forecasts of {_name(name)} have not been scored against what happened."
    better = own[own["low"] > 0]["horizon"].tolist()
    worse = own[own["high"] < 0]["horizon"].tolist()
    parts = [
        f"{label} the best naive forecast {_ahead(horizons)}"
        for label, horizons in (("better than", better), ("worse than", worse))
        if horizons
    ]
    first = f"In hindcasts forecasts of {_name(name)} were " + (
        " and ".join(parts) if parts else "not clearly better or worse than the best naive forecast"
    )
    bands = held[held["band"] == 0.8] if len(held) else held
    share = f"; the 80 % band held {bands['share'].mean():.0%}" if len(bands) else ""
    return first + share + "."
