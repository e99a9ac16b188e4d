"""The page of the replay of money: written from its scores, whichever way they fall."""

from __future__ import annotations

from typing import Final, TypedDict

import numpy as np
import pandas as pd

from worldorder.inference.money_replay import FORECASTERS, MECHANISM, ORIGIN, YEARS, Replay

RIVALS: Final = ("persistence", "cut, nobody answers", "cut, growth")
RESAMPLES: Final = 4000
BAND: Final = 0.8


class Difference(TypedDict):
    """Mean CRPS of the mechanism less that of a rival; below zero the mechanism is better."""

    mean: float
    low_95: float
    high_95: float
    entities_better: int
    entities: int


class Summary(TypedDict):
    """Numbers of the page."""

    origin: int
    years: list[int]
    unit: str
    large_cuts: int
    crps: dict[str, dict[str, float]]  # by forecaster, entities with a US cut and others
    crps_by_entity: dict[str, dict[str, float]]
    differences: dict[str, Difference]
    inside_80: dict[str, float]
    elasticities: dict[str, dict[str, float]]


def difference(scores: pd.DataFrame, rival: str, seed: int = 1) -> Difference:
    """Mechanism less rival over entities with a US cut; the interval resamples whole entities."""
    own = scores[scores["us_cut"]].pivot_table(index="entity", columns="forecaster", values="crps")
    by_entity = (own[MECHANISM] - own[rival]).to_numpy(float)
    draw = np.random.default_rng(seed).choice(by_entity, (RESAMPLES, len(by_entity)))
    low, high = np.quantile(draw.mean(axis=1), [0.025, 0.975])
    return Difference(
        mean=float(by_entity.mean()),
        low_95=float(low),
        high_95=float(high),
        entities_better=int((by_entity < 0).sum()),
        entities=len(by_entity),
    )


def summary(found: Replay) -> Summary:
    """What the replay shows."""
    scores = found.scores
    kind = scores["us_cut"].map({True: "entities with a US cut", False: "other entities"})
    mean = scores.groupby([scores["forecaster"], kind])["crps"].mean().unstack()
    cut = scores[scores["us_cut"]]
    by_entity = cut.pivot_table(index="entity", columns="forecaster", values="crps")
    ours = scores[scores["forecaster"] == MECHANISM]
    inside = ours["observed"].between(ours["low_80"], ours["high_80"]).groupby(kind).mean()
    used = {e: found.elasticities[e] for e in by_entity.index}
    return Summary(
        origin=ORIGIN,
        years=list(YEARS),
        unit="log points x 100",
        large_cuts=len(found.cuts),
        crps=_nested(mean.loc[list(FORECASTERS)]),
        crps_by_entity=_nested(by_entity[list(FORECASTERS)]),
        differences={rival: difference(scores, rival) for rival in RIVALS},
        inside_80={str(k): float(v) for k, v in inside.items()},
        elasticities={
            e: {"value": r.elasticity, "standard_error": r.standard_error, "us_cuts": r.cases}
            for e, r in used.items()
        },
    )


def _nested(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        str(row): {str(column): float(value) for column, value in values.items()}
        for row, values in frame.to_dict("index").items()
    }


def verdict(said: Difference, rival: str) -> str:
    """One sentence on who foresaw better."""
    band = f"{said['mean']:+.1f} (95 % {said['low_95']:+.1f} to {said['high_95']:+.1f})"
    count = f"better in {said['entities_better']} of {said['entities']} entities"
    if said["high_95"] < 0:
        word = "beats"
    elif said["low_95"] > 0:
        word = "loses to"
    else:
        word = "cannot be told from"
    return f"- The mechanism **{word} {rival}**: CRPS {band}, {count}."


def page(found: Replay) -> str:
    """The page, in Markdown."""
    said = summary(found)
    parts = [
        "# Money after the cuts of the United States, 2017-2020",
        "",
        "Written by `worldorder bodies replay`; do not edit. Numbers: `money.json`, every "
        "forecast: `money.csv`, every cut: `large-cuts.csv`.",
        "",
        *(verdict(said["differences"][rival], rival) for rival in RIVALS),
        "",
        _how(said),
        "",
        "## By entity",
        "",
        "Mean CRPS over 2017-2020, log points x 100; lower is better.",
        "",
        *_table(said),
        "",
        f"Inside the mechanism's 80 % band: "
        f"{said['inside_80']['entities with a US cut']:.0%} of the entity-years with a US cut, "
        f"{said['inside_80']['other entities']:.0%} of the others.",
        "",
        "## Forecast and record",
        "",
        "mn USD of 2016, the mechanism's median and 80 % band.",
        "",
        *_paths(found.scores),
        "",
        "## The elasticity without the case",
        "",
        "| scored | elasticity | s.e. | US cuts left in the estimate |",
        "|---|---|---|---|",
        *(
            f"| {e} | {r['value']:.2f} | {r['standard_error']:.2f} | {r['us_cuts']:.0f} |"
            for e, r in said["elasticities"].items()
        ),
        "",
        f"## The {said['large_cuts']} large cuts of the record",
        "",
        "Rise: of all other payers over their two-year mean, log points x 100, current USD.",
        "",
        *_cuts(found.cuts),
        "",
    ]
    return "\n".join(parts)


def _how(said: Summary) -> str:
    return (
        "From what each donor paid in 2016 the funding mechanism's own kernels pay on to 2020 in "
        "quarters. The United States pays what it did pay (the replayed cut); others grow with "
        "the GDP that could be expected at the end of 2016 and compensate. Entities with a US cut "
        "are those with a large cut (rule: [funding](../../mechanisms/funding.md)) by the United "
        f"States in 2017-2021: {', '.join(said['elasticities'])}. The elasticity is that of US "
        "cuts drawn toward that of the others, estimated on 2013-2024 without the whole entity "
        "that is scored; it therefore knows what other entities lived through after 2016, and so "
        "does the income elasticity as shipped. All forecasters carry the same noise, the spread "
        "of revenue in entity-years of other entities without a large cut; the simulator itself "
        "has no such noise, so its bands on revenue are too narrow. Five entities are few. "
        "UNESCO's loss in 2019 is one of dues on paper: the United States had not paid them since "
        "2011. `cut, all replaced` is persistence wherever the United States never paid more than "
        "in 2016. One design was run."
    )


def _table(said: Summary) -> list[str]:
    names = list(FORECASTERS)
    head = ["| entity | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    rows = {**said["crps_by_entity"], "**mean**": _kind(said, "entities with a US cut")}
    rows |= {"other entities": _kind(said, "other entities")}
    return head + [
        f"| {entity} | " + " | ".join(f"{row[name]:.1f}" for name in names) + " |"
        for entity, row in rows.items()
    ]


def _kind(said: Summary, kind: str) -> dict[str, float]:
    return {name: value[kind] for name, value in said["crps"].items()}


def _paths(scores: pd.DataFrame) -> list[str]:
    ours = scores[scores["us_cut"] & (scores["forecaster"] == MECHANISM)]
    head = ["| entity | year | record | mechanism |", "|---|---|---|---|"]
    return head + [
        f"| {r['entity']} | {r['year']} | {r['observed']:,.0f} | {r['median']:,.0f} "
        f"({r['low_80']:,.0f} to {r['high_80']:,.0f}) |"
        for r in ours.to_dict("records")
    ]


def _cuts(cuts: pd.DataFrame) -> list[str]:
    head = [
        "| entity | year | revenue, mn USD | who cut | lost, % | rise | next year |",
        "|---|---|---|---|---|---|---|",
    ]
    return head + [
        f"| {r['entity']} | {r['year']} | {r['revenue']:,.0f} | {r['cutters']} | "
        f"{100 * r['lost_share']:.1f} | {_rise(r['rise'])} | {_rise(r['rise_next_year'])} |"
        for r in cuts.to_dict("records")
    ]


def _rise(value: float) -> str:
    return "" if np.isnan(value) else f"{100 * value:+.0f}"
