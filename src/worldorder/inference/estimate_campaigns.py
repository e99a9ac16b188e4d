"""Who joins a campaign: estimated on campaigns before the one that is scored.

Run: `worldorder evidence campaigns --raw DIR` (three minutes).

Two models: joining sanctions that the United States leads (cases of the Global Sanctions Database
with at least three joiners) and voting for a resolution about a named state. The sample was
narrowed, and covariates were then chosen by Brier score on 2004-2013 with estimates to 2003
(sanctions, nine sets on two samples) and on 2008-2013 with estimates to 2007 (votes, seven sets),
after a first look at the replays of 2014 and 2022: those scores are not of unseen data. Alliances,
dependence and past votes on the target were added to votes later, for ES-11/1: six sets were tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from worldorder.inference.campaign_samples import (
    PANEL_DISTANCE,
    SENDER,
    Evidence,
    condemning_votes,
    covariates,
    known_rows,
    read_evidence,
    sanction_campaigns,
    vote_rows,
)

if TYPE_CHECKING:
    from statsmodels.discrete.discrete_model import BinaryResultsWrapper

FIRST_SANCTIONS, FIRST_VOTES, LAST = 1975, 1992, 2021
LEAST_JOINERS = 3
SANCTIONS = (
    "distance_sender",
    "distance_target",
    "ally_sender",
    "ally_target",
    "trade_target",
    "trade_sender",
    "regime",
    "log_gdp",
    "log_km",
    "neighbours",
    "already",
    "in_bloc",
)
VOTES_WITHOUT_PAST = (
    "distance_sender",
    "distance_target",
    "regime",
    "ally_sender",
    "ally_target",
    "trade_target",
)
VOTES = (*VOTES_WITHOUT_PAST, "past", "no_past")
RIVALS = {
    "ideal-point logit": ("distance_sender",),
    "panel's ideal points": (PANEL_DISTANCE,),
    "alliance only": ("ally_sender",),
    "base rate": (),
}
RESOLUTIONS = {"A/RES/68/262": 2014, "A/RES/ES-11/1": 2022}
COALITIONS = {"iraq-1990-91": 1990, "iraq-2003": 2003}


@dataclass(frozen=True)
class Replay:
    """A campaign, its states and the sample before it."""

    name: str
    rows: pd.DataFrame  # covariates and event
    sample: pd.DataFrame
    covariates: tuple[str, ...]


def _design(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    import statsmodels.api as sm

    return pd.DataFrame(sm.add_constant(rows[list(names)], has_constant="add"))


def fit(rows: pd.DataFrame, names: Sequence[str]) -> BinaryResultsWrapper:
    """Logit with errors clustered by campaign."""
    import statsmodels.api as sm

    groups = pd.factorize(rows["campaign"])[0]
    model = sm.Logit(rows["event"], _design(rows, names))
    return model.fit(disp=0, maxiter=200, cov_type="cluster", cov_kwds={"groups": groups})


def chance(sample: pd.DataFrame, rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Probability of each row from a fit to the sample."""
    return fit(sample, names).predict(_design(rows, names))


def area_under_curve(rows: pd.DataFrame, expected: pd.Series) -> float:
    """Chance that a joiner has the higher probability; ties count one half."""
    from scipy.stats import mannwhitneyu

    joined = rows["event"] == 1
    found = mannwhitneyu(expected[joined], expected[~joined])
    return float(found.statistic / (joined.sum() * (~joined).sum()))


def multilateral(rows: pd.DataFrame) -> pd.DataFrame:
    """Campaigns with joiners enough to be one."""
    joiners = rows.groupby("campaign")["event"].transform("sum")
    return rows[joiners >= LEAST_JOINERS]


def scores(replay: Replay) -> pd.DataFrame:
    """AUC, Brier score and expected number of the model and its rivals."""
    known = known_rows(replay.rows)
    table = {}
    for name, names in ({"model": replay.covariates} | RIVALS).items():
        rows, sample = (one.dropna(subset=list(names)) for one in (known, replay.sample))
        if not len(rows) or not len(sample):
            continue  # the panel has no origin before the campaign
        expected = chance(sample, rows, names)
        level = at_recorded_level(expected, rows["event"])
        table[name] = {
            "AUC": area_under_curve(rows, expected),
            "Brier": float(((expected - rows["event"]) ** 2).mean()),
            "Brier at level": float(((level - rows["event"]) ** 2).mean()),
            "expected": float(expected.sum()),
            "states": len(rows),
        }
    return pd.DataFrame(table).T


def at_recorded_level(expected: pd.Series, event: pd.Series) -> pd.Series:
    """Probabilities with their log odds shifted so that as many are expected as joined.

    It tells who from how many: the gravity of the occasion is in no covariate.
    """
    from scipy.optimize import brentq
    from scipy.special import expit, logit

    odds = logit(expected.clip(1e-9, 1 - 1e-9))
    shift = brentq(lambda x: expit(odds + x).sum() - event.sum(), -30.0, 30.0)
    return expit(odds + shift)


def misses(replay: Replay) -> tuple[list[str], list[str]]:
    """States that joined below the cut and stayed away above it.

    The cut is the rank at which as many states lie above it as joined.
    """
    known = known_rows(replay.rows)
    expected = chance(replay.sample, known, replay.covariates)
    above = expected.rank(ascending=False, method="first") <= known["event"].sum()
    joined = known["event"] == 1
    return sorted(known.index[joined & ~above]), sorted(known.index[~joined & above])


def replays(evidence: Evidence, raw: Path) -> list[Replay]:
    """The campaigns that are scored, each with the sample before it."""
    led = multilateral(sanction_campaigns(evidence, FIRST_SANCTIONS, LAST))
    voted = condemning_votes(evidence, FIRST_VOTES, LAST)
    found = []
    for year in (2014, 2022):
        rows = covariates(evidence, SENDER, "RUS", year)
        joined = pd.Series(evidence.joined("RUS", year), index=evidence.codes)
        rows = rows.assign(event=joined.reindex(rows.index))
        found.append(
            Replay(f"sanctions on Russia {year}", rows, led[led["year"] < year], SANCTIONS)
        )
    symbols = evidence.resolutions.set_index("symbol")["undl_id"]
    for symbol, year in RESOLUTIONS.items():
        rows = vote_rows(evidence, int(symbols[symbol]), "RUS", year)
        found.append(Replay(symbol, rows, voted[voted["year"] < year], VOTES))
    listed = pd.read_csv(raw / "campaigns" / "coalitions.csv")
    for name, year in COALITIONS.items():
        rows = covariates(evidence, SENDER, "IRQ", year)
        joiners = listed[listed["campaign"] == name]["iso3"]
        rows = rows.assign(event=rows.index.isin(joiners).astype(float))
        found.append(Replay(name, rows, led[led["year"] < year], SANCTIONS))
    return found


def lapses(sanctions: pd.DataFrame) -> Mapping[str, float]:
    """Yearly rate at which a joiner ends its case while that of the sender goes on."""
    own = sanctions[~sanctions["persons"] & (sanctions["body"] != "UN")]
    led = own[own["sender"] == SENDER]
    pairs = own[own["sender"] != SENDER].merge(led, on="target", suffixes=("", "_led"))
    pairs = pairs[pairs["begin"].between(pairs["begin_led"], pairs["begin_led"] + 1)]
    pairs = pairs.sort_values("end_led").drop_duplicates(["case", "sender", "target"], keep="last")
    last = sanctions["observed_until"].max()
    open_until = pairs["observed_until_led"].clip(upper=last)
    at_risk = (
        pairs[["observed_until"]].assign(led=open_until).min(axis=1) - pairs["begin"] + 1
    ).sum()
    ended = (pairs["observed_until"] < open_until).sum()
    return {"joiners": len(pairs), "years": float(at_risk), "ended": int(ended)}


def report(raw: Path) -> None:
    """Print estimates, scores and misses."""
    evidence = read_evidence(raw)
    for replay in replays(evidence, raw):
        known = known_rows(replay.rows)
        gone = replay.rows.index.difference(known.index)
        lost = sorted(gone[replay.rows.loc[gone, "event"] == 1])
        count = replay.sample["campaign"].nunique()
        print(f"\n{replay.name}: {len(known)} states, {int(known['event'].sum())} joined, "
              f"estimated on {count} campaigns")  # fmt: skip
        print(scores(replay).round(3).to_string())
        without, above = misses(replay)
        print(
            f"joined, not expected: {' '.join(without)}\nexpected, stayed away: {' '.join(above)}"
        )
        print(f"joined, covariates missing: {' '.join(lost) or 'none'}")
    for name, rows, names in (
        ("sanctions", multilateral(sanction_campaigns(evidence, FIRST_SANCTIONS, LAST)), SANCTIONS),
        ("votes", condemning_votes(evidence, FIRST_VOTES, LAST), VOTES),
    ):
        fitted = fit(rows, names)
        print(f"\n{name}: {rows['campaign'].nunique()} campaigns, {len(rows)} rows, to {LAST}")
        print(pd.DataFrame({"value": fitted.params, "s.e.": fitted.bse}).round(3).to_string())
    held = lapses(evidence.sanctions)
    rate = held["ended"] / held["years"]
    error = np.sqrt(held["ended"]) / held["years"]
    print(f"\nlapse: {held}, {rate:.4f} a year (s.e. {error:.4f})")
