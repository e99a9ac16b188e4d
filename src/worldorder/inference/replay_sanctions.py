"""What a run of `sanctions-russia-2022` says beside what happened: who joined, and trade to 2023.

Run: `worldorder evidence replay-sanctions` (some minutes). It rests on the shipped
panel. Who joined is scored as the draws of a simulated campaign, from the world and parameters of
1 January 2022; trade is Russia's with the recorded joiners and with all others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array
from numpy.typing import NDArray

from worldorder.data.panel import table
from worldorder.data.vintage import trade_known
from worldorder.inference.estimate_campaigns import area_under_curve, at_recorded_level
from worldorder.results.job import Job, prepare_together
from worldorder.results.run import execute
from worldorder.scenarios.loader import changed, load_scenario
from worldorder.scenarios.schema import Scenario

SCENARIO: Final = "sanctions-russia-2022"
TARGET: Final = "RUS"
SENDER: Final = "USA"
YEARS: Final = (2022, 2023)  # in which a joiner begins a case of its own
LAST_TRADE: Final = 2023
UNIVERSAL: Final = "UN"
VARIANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "no campaign": (),
    "campaign": ("campaign-of-2022",),
    "recorded senders": ("recorded-senders",),
    "call for a full embargo": ("full-embargo",),
}
GROUPS: Final = ("campaign-of-2022", "recorded-senders", "full-embargo")
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Simulated:
    """Runs of one variant, by run, year's end from 2021 and state."""

    sanction: Numbers  # of each state on the target, share of a full embargo
    trade: Numbers  # of each state with the target, both ways, bn USD/year


def variant(on: Sequence[str], until: int) -> Scenario:
    """The scenario with some of its groups on."""
    switches = {group: "on" if group in on else "off" for group in GROUPS}
    loaded = changed(load_scenario(SCENARIO), switches=switches, until=f"{until}-01-01")
    return loaded.model_copy(update={"name": "+".join(on) or "none", "reference": None})


def _with_target(job: Job, place: int) -> Job:
    """The job that keeps what concerns the target alone."""

    def kept(world: Any, seen: Any, *_: Any) -> dict[str, Array]:
        flows = seen.dependence * seen.gdp[:, None]
        return {
            "sanction": world.sanction[:, place],
            "trade": flows[:, place],
            "gdp": seen.gdp,
            "ideal_point": world.ideal_point,
            "capacity": jnp.asarray(world.capacity),
        }

    return replace(job, ensemble=replace(job.ensemble, measured_as=kept))


def simulated(runs: int, seed: int = 1, until: int = LAST_TRADE + 1) -> dict[str, Simulated]:
    """Every variant, paired run by run."""
    scenarios = [variant(on, until) for on in VARIANTS.values()]
    jobs = prepare_together(scenarios, runs, seed, None, None)
    place = codes_of(jobs[0]).index(TARGET)
    done = execute([_with_target(job, place) for job in jobs])
    return {
        name: Simulated(*(done[job.name][key].astype(float) for key in ("sanction", "trade")))
        for name, job in zip(VARIANTS, jobs, strict=True)
    }


def codes_of(job: Job) -> list[str]:
    """Codes of the states of a job."""
    return [str(code) for code in job.frame.coordinates["country"][1]]


def joined(codes: Sequence[str]) -> pd.Series:
    """1 where a state began a case of its own against the target in 2022 or 2023."""
    rows = table("sanctions")
    rows = rows[(rows["target"] == TARGET) & ~rows["persons"] & (rows["body"] != UNIVERSAL)]
    senders = set(rows[rows["begin"].between(*YEARS)]["sender"].astype(str))
    return pd.Series([float(code in senders) for code in codes], index=list(codes))


def chance_of_joining(found: Simulated) -> Numbers:
    """Share of runs in which a state sanctions the target harder at the end than at the start."""
    return (found.sanction[:, -1] > found.sanction[:, 0] + 1e-4).mean(axis=0)


def scores_of_joining(found: Simulated, codes: Sequence[str]) -> pd.Series:
    """AUC, Brier score, also at the recorded level, and numbers expected and recorded."""
    expected = pd.Series(chance_of_joining(found), index=list(codes)).drop([TARGET, SENDER])
    event = joined(codes).drop([TARGET, SENDER])
    runs = len(found.sanction)
    smooth = (expected * runs + 0.5) / (runs + 1)  # no chance is drawn to be 0 or 1
    level = at_recorded_level(smooth, event)
    return pd.Series(
        {
            "AUC": area_under_curve(pd.DataFrame({"event": event}), expected),
            "Brier": float(((expected - event) ** 2).mean()),
            "Brier at level": float(((level - event) ** 2).mean()),
            "expected": float(expected.sum()),
            "joined": float(event.sum()),
        }
    )


def misses(found: Simulated, codes: Sequence[str]) -> tuple[list[str], list[str]]:
    """States that joined with a chance below one half, and that stayed away with one above."""
    expected = pd.Series(chance_of_joining(found), index=list(codes)).drop([TARGET, SENDER])
    event = joined(codes).drop([TARGET, SENDER]) == 1
    return sorted(expected.index[event & (expected < 0.5)]), sorted(
        expected.index[~event & (expected >= 0.5)]
    )


def deflator() -> pd.Series:
    """Prices of the United States by year, 2021 is 1: growth of nominal over real GDP."""
    frame = table("state_year")
    rows = frame[(frame["iso3"] == SENDER) & frame["year"].between(2021, LAST_TRADE)]
    wide = rows[rows["variable"].isin(["gdp", "real_growth"])].pivot(
        index="year", columns="variable", values="value"
    )
    real = (1.0 + wide["real_growth"]).where(wide.index > 2021, 1.0).cumprod()
    return wide["gdp"] / wide["gdp"].iloc[0] / real


def recorded_trade(codes: Sequence[str]) -> pd.DataFrame:
    """Trade of every state with the target in 2021 and 2023, both ways, bn USD of 2021.

    2021 is what the start has; the panel's cells of 2016-2022 are lines to the matrix of 2023 and
    would lay part of the break before it.
    """
    rows = table("trade")
    rows = pd.concat([trade_known(2021), rows[rows["year"] == LAST_TRADE]])
    rows = rows[(rows["exporter"] == TARGET) | (rows["importer"] == TARGET)]
    exporter, importer = rows["exporter"].astype(str), rows["importer"].astype(str)
    other = importer.where(exporter == TARGET, exporter)
    total = (rows["value"] * 1e-6).groupby([other, rows["year"]]).sum().unstack()
    return (total / deflator()[total.columns]).reindex(list(codes)).fillna(0.0)


def trade_table(found: Mapping[str, Simulated], codes: Sequence[str]) -> pd.DataFrame:
    """Trade of the target with those who joined and with others, bn USD of 2021: 2021 and 2023.

    Simulated figures are medians over runs.
    """
    with_joiners = joined(codes).to_numpy(bool) | (np.array(codes) == SENDER)
    record = recorded_trade(codes).to_numpy(float).T[None]
    paths = {"recorded": record} | {name: one.trade[:, [0, -1]] for name, one in found.items()}
    rows = {
        (name, group): np.median(path[:, :, mask].sum(axis=2), axis=0)
        for name, path in paths.items()
        for group, mask in (("joiners", with_joiners), ("others", ~with_joiners))
    }
    return pd.DataFrame(rows, index=[2021, LAST_TRADE]).T


def report(runs: int = 64) -> None:
    """Print scores of joining, misses and trade."""
    codes = codes_of(prepare_together([variant((), 2023)], 1, 1, None, None)[0])
    found = simulated(runs)
    print(f"{runs} runs; share of runs in which a state sanctions {TARGET} harder by 2024")
    scored = {name: scores_of_joining(one, codes) for name, one in found.items()}
    print(pd.DataFrame(scored).round(3).to_string())
    share = pd.DataFrame({n: chance_of_joining(one) for n, one in found.items()}, index=codes)
    print(share.loc[joined(codes) == 1, "campaign"].round(2).to_dict())
    without, above = misses(found["campaign"], codes)
    print(f"joined, chance below .5: {' '.join(without)}")
    print(f"stayed away, chance .5 and more: {' '.join(above)}")
    print(trade_table(found, codes).round(1).to_string())
