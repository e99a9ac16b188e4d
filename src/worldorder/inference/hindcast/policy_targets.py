"""Targets of what states decide in money and pressure: currencies of reserves, sanctions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.builders.sanctions import in_force
from worldorder.inference import baselines
from worldorder.inference.hindcast.cells import MODEL, Case, Cells
from worldorder.inference.hindcast.event_targets import event_probability

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

FOLDED = {"CNY": "other"}  # told apart from 2016 only
MANDATED = "UN"  # sanctions of the Security Council bind all members: no state's own decision
LAST_SANCTIONS = 2023  # of the record


def _log_odds(share: pd.DataFrame) -> pd.DataFrame:
    return (share / (1 - share)).apply(np.log)


def world_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Shares of currencies in the world's reserves, currency by consecutive years."""
    rows = frame[(frame["holder"] == "world") & frame["flag"].isin(("observed", "estimated"))]
    currency = rows["currency"].astype(str).replace(FOLDED)
    wide = rows["value"].groupby([currency, rows["year"]]).sum(min_count=1).unstack()
    return wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))


def _composition(case: Case, shares: Matrix) -> Matrix:
    """World shares from those of groups of holders, last dims (holder, currency)."""
    group, weight = case.arrays["holder_group"], case.arrays["reserve_weight"]
    held = np.array([weight[group == k].sum() for k in range(shares.shape[-2])], float)
    return np.einsum("h,...hc->...c", held / held.sum(), shares)


def _folded(case: Case, shares: Matrix) -> dict[str, Matrix]:
    """Shares by currency, those that the record does not tell apart together."""
    found: dict[str, Matrix] = {}
    for place, code in enumerate(case.arrays["currency"].tolist()):
        name = FOLDED.get(str(code), str(code))
        found[name] = found.get(name, np.zeros(shares.shape[:-1])) + shares[..., place]
    return found


def reserve_share(case: Case, horizon: int) -> Cells:
    """Log odds of each currency's share in the world's reserves.

    Shares move from those published for the world at the origin as the simulated ones move from
    their start, which rests on weights of holders that are partly imputed.
    """
    record = world_shares(case.known("reserve_shares")).loc[:, : case.origin]
    came = world_shares(case.outcome("reserve_shares"))
    start = _folded(case, _composition(case, case.arrays["reserve_share"].astype(float)))
    later = _folded(case, case.at("reserve_share", horizon).astype(float))
    names = [name for name in record.index if name in later and name in came.index]
    now = record.loc[names].iloc[:, -1].to_numpy(float)
    moved = np.stack([now[k] * later[name] / start[name] for k, name in enumerate(names)])
    share = np.clip(moved / moved.sum(axis=0), 1e-6, 1 - 1e-6)
    levels = _log_odds(record.loc[names])
    forecasts: dict[str, Matrix] = {
        "persistence": baselines.persistence(levels.iloc[:, -1].to_numpy(float)),
        "persistence_spread": baselines.persistence_spread(levels, horizon),
        "ar1": baselines.ar1(levels, horizon),
        MODEL: np.log(share / (1 - share)),
    }
    observed = _log_odds(came.loc[names]).reindex(columns=[case.origin + horizon]).iloc[:, 0]
    return Cells(
        "reserve_share", case.origin, horizon, np.array(names, str),
        observed.to_numpy(float), forecasts,
    )  # fmt: skip


def _sanctions(case: Case, frame: pd.DataFrame, mandated: bool) -> Callable[[int], Mask]:
    """Sanctions in force by year, sender by target: of the Security Council, or all others."""
    rows = frame[(frame["body"].astype(str) == MANDATED) == mandated]
    place = {code: i for i, code in enumerate(case.states)}

    def held(year: int) -> Mask:
        now = in_force(rows, year)
        a, b = now["sender"].map(place), now["target"].map(place)
        known = (a.notna() & b.notna() & (now["intensity"] > 0)).to_numpy(bool)
        matrix = np.zeros((len(place), len(place)), bool)
        matrix[a[known].to_numpy(int), b[known].to_numpy(int)] = True
        return matrix

    return held


def _known_sanctions(case: Case) -> pd.DataFrame:
    """Cases begun by the origin; when one will end does not show."""
    frame = case.known("sanctions")
    frame = frame[frame["begin"] <= case.origin]
    return frame.assign(end=frame["end"].clip(upper=case.origin))


def sanction(case: Case, horizon: int) -> Cells:
    """Sanctions of a state on another in force at the horizon, of its own or of its body.

    Pairs under sanctions of the Security Council at the origin are left out. Cells are named after
    the target first, since it is targets that come under sanctions of many at once.
    """
    known = _known_sanctions(case)
    held = _sanctions(case, known, mandated=False)
    size = len(case.states)
    open_pairs = ~np.eye(size, dtype=bool)
    open_pairs &= ~_sanctions(case, known, mandated=True)(case.origin)

    def covariates(year: int) -> Matrix:
        now = held(year)
        sent, received = np.log1p(now.sum(1)), np.log1p(now.sum(0))
        shape = (size, size)
        parts = [now, np.broadcast_to(sent[:, None], shape), np.broadcast_to(received, shape)]
        return np.column_stack([part[open_pairs] for part in parts]).astype(float)

    now = held(case.origin)[open_pairs]
    share = case.at("sanction", horizon).mean(axis=0)[open_pairs]
    forecasts: dict[str, Matrix] = {
        "persistence": now.astype(float),
        "base_rate": baselines.base_rate(now, int(open_pairs.sum())),
        "logit": baselines.logit(
            covariates(case.origin - horizon), now, covariates(case.origin)
        ),
        MODEL: event_probability(share, len(case.at("sanction", horizon))),
    }  # fmt: skip
    came = _sanctions(case, case.outcome("sanctions"), mandated=False)(case.origin + horizon)
    observed = came[open_pairs].astype(float)
    if case.origin + horizon > LAST_SANCTIONS:
        observed = np.full_like(observed, np.nan)
    row, column = np.nonzero(open_pairs)
    unit = np.array(
        [f"{case.states[j]}/{case.states[i]}" for i, j in zip(row, column, strict=True)]
    )
    return Cells("sanction", case.origin, horizon, unit, observed, forecasts)
