"""Rows at risk of sanctions that begin or end, by actor, target and year.

Actors are the leading state, the Union as one, every other state by itself, and two African bodies
against their own members. Covariates are those of the year before, but for what the leading state
and the Union begin in the year itself: the leading state decides first, then the Union, then the
rest. Sanctions of the Security Council bind all; a target under them is not at risk.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.own_tables import state_codes
from worldorder.data.polities import as_of_today
from worldorder.data.vintage import Read, positions_known
from worldorder.inference.door.points import PUBLISHED_TO

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEADER, BLOC, COUNCIL = "USA", "EU", "UN"
REGIONAL = ("AU", "ECOWAS")  # bodies that sanction their own members
BEFORE = {BLOC: "EEC", "AU": "OAU"}  # what a body was before
FIRST_YEAR, LAST_YEAR = 1975, 2023  # of events
LEAST_KM = 50.0


@dataclass(frozen=True)
class SanctionRecord:
    """The panel's tables as arrays over today's states."""

    codes: list[str]
    read: Read
    to: int  # last year that may be known

    __hash__ = object.__hash__

    @functools.cached_property
    def leader(self) -> int:
        """Place of the leading state."""
        return self.codes.index(LEADER)

    @functools.cached_property
    def spells(self) -> pd.DataFrame:
        """Spells of sanctions; former states count for those that continue them."""
        rows = self.read("sanctions").astype({"sender": str, "target": str, "body": str})
        rows = as_of_today(rows[rows["begin"] <= self.to], ["sender", "target"])
        known = rows["sender"].isin(self.codes) & rows["target"].isin(self.codes)
        return rows[known & (rows["sender"] != rows["target"])]

    def matrix(self, one: pd.Series, other: pd.Series, value: float | Array = 1.0) -> Array:
        """Row by column, 0 where the table has no row of the pair."""
        place = {code: i for i, code in enumerate(self.codes)}
        i, j = one.astype(str).map(place), other.astype(str).map(place)
        known = (i.notna() & j.notna()).to_numpy(bool)
        filled = np.zeros((len(place), len(place)))
        values = np.broadcast_to(np.asarray(value, float), known.shape)[known]
        np.maximum.at(filled, (i[known].to_numpy(int), j[known].to_numpy(int)), values)
        return filled

    @functools.cache  # noqa: B019
    def held(self, year: int, through: str | None = None) -> Mask:
        """Sanctions in force on some day of a year, sender by target.

        `through` is a body, "" for a state's own, None for all but those of the Council.
        """
        rows = self.spells[(self.spells["begin"] <= year) & (self.spells["end"] >= year)]
        body = rows["body"]
        rows = rows[body != COUNCIL] if through is None else rows[body == through]
        return self.matrix(rows["sender"], rows["target"]) > 0

    @functools.cache  # noqa: B019
    def mandated(self, year: int) -> Mask:
        """Targets under sanctions of the Council in a year."""
        return np.asarray(self.held(year, COUNCIL).any(axis=0))

    @functools.cache  # noqa: B019
    def wide(self, variable: str) -> pd.DataFrame:
        """A variable by state and year, gaps filled with the state's last value."""
        rows = self.read("state_year")
        rows = rows[(rows["variable"] == variable) & (rows["year"] <= self.to)]
        if variable == "ideal_point" and self.to < PUBLISHED_TO:
            rows = positions_known(self._origin, self.read)
        table = rows.pivot(index="iso3", columns="year", values="value")
        return table.reindex(self.codes).ffill(axis=1)

    @property
    def _origin(self) -> int:
        origins = self.read("ideal_points_by_origin")["origin"].unique()
        return int(max(year for year in origins if year <= self.to))

    def state(self, variable: str, year: int) -> Array:
        """A variable in a year, or the last one on record before."""
        table = self.wide(variable)
        return table[min(year, int(table.columns.max()))].to_numpy(float)

    def position(self, year: int) -> Array:
        """Ideal points less their mean, over their spread."""
        point = self.state("ideal_point", year)
        return (point - np.nanmean(point)) / np.nanstd(point)

    @functools.cache  # noqa: B019
    def members(self, body: str, year: int) -> Mask:
        """Full members of a body at the end of a year."""
        rows = self.read("membership_spells")
        named = rows["institution"].isin([body, BEFORE.get(body, body)])
        rows = rows[named & (rows["status"] == "full")]
        rows = rows[(rows["begin"] <= year) & (rows["end"].fillna(9999) >= year)]
        return np.isin(self.codes, rows["iso3"].astype(str))

    def pair(self, name: str, year: int) -> Array:
        """Rivalry or defence pact of pairs in a year, symmetric, 1 where there is one."""
        table, one, other = {
            "rivalry": ("rivalries", "state_a", "state_b"),
            "ally": ("alliances", "actor", "partner"),
        }[name]
        rows = self.read(table)
        rows = rows[(rows["begin"] <= year) & (rows["end"].fillna(9999) >= year)]
        rows = rows[rows["variable"] == "defence_pact"] if name == "ally" else rows
        found = self.matrix(rows[one], rows[other])
        return np.maximum(found, found.T)

    @functools.cache  # noqa: B019
    def trade_by_year(self) -> dict[int, pd.DataFrame]:
        """Flows by year."""
        rows = self.read("trade")
        return {int(str(year)): part for year, part in rows.groupby("year")}

    def dependence(self, year: int) -> Array:
        """Goods trade of the row with the column over the row's GDP."""
        rows = self.trade_by_year()[year]
        flows = self.matrix(rows["exporter"], rows["importer"], rows["value"].to_numpy() / 1e6)
        return (flows + flows.T) / self.state("gdp", year)[:, None]

    @functools.cached_property
    def log_km(self) -> Array:
        """Log of population-weighted distance over 1,000 km."""
        rows = self.read("geography")
        one = self.matrix(rows["state_a"], rows["state_b"], rows["km"].to_numpy())
        return np.log(np.maximum(np.maximum(one, one.T), LEAST_KM) / 1000.0)


def read_record(read: Read, to: int) -> SanctionRecord:
    """The record as known at the end of a year."""
    return SanctionRecord(state_codes(), read, to)


def _log_count(held: Mask, axis: int) -> Array:
    return np.log1p(held.sum(axis=axis).astype(float))


def fields(record: SanctionRecord, year: int) -> dict[str, Array]:
    """Covariates of the events of a year, sender by target."""
    before, shape = year - 1, (len(record.codes),) * 2
    held = record.held(before) & ~record.mandated(before)
    place = record.position(before)
    regime, gdp = record.state("regime", before) - 0.5, record.state("gdp", before)
    size = np.log(gdp / np.nansum(gdp))
    bloc = np.asarray(record.held(before, BLOC).any(axis=0))
    begins = np.asarray(record.held(year, BLOC).any(axis=0) & ~bloc)
    lead, lead_before = record.held(year)[record.leader], held[record.leader]

    def sender(values: Array) -> Array:
        return np.broadcast_to(values[:, None], shape)

    def target(values: Array) -> Array:
        return np.broadcast_to(values[None, :].astype(float), shape)

    return {
        "gap": np.abs(place[:, None] - place[None, :]),
        "gap_leader": sender(np.abs(place - place[record.leader])),
        "size_sender": sender(size) + 6.0,
        "size_target": target(size) + 6.0,
        "regime_sender": sender(regime),
        "regime_target": target(regime),
        "log_km": np.broadcast_to(record.log_km, shape) - 1.5,
        "rivalry": record.pair("rivalry", before),
        "ally": record.pair("ally", before),
        "dependence": np.sqrt(np.clip(record.dependence(before), 0.0, 1.0)),
        "sent": sender(_log_count(held, 1)),
        "received": target(_log_count(held, 0)),
        "leader_holds": target(lead_before),
        "leader_begins": target(lead & ~lead_before),
        "bloc_holds": target(bloc.astype(float)),
        "bloc_begins": target(begins.astype(float)),
        "in_bloc": sender(record.members(BLOC, before).astype(float)),
    }


def _rows(
    year: int, open_pairs: Mask, columns: Mapping[str, NDArray[np.float64 | np.bool_]]
) -> pd.DataFrame:
    i, j = np.nonzero(open_pairs)
    held = {name: values[i, j].astype(np.float32) for name, values in columns.items()}
    return pd.DataFrame({"year": np.full(len(i), year, np.int16), "a": i, "b": j, **held})


def _as_one(columns: dict[str, Array], members: Mask) -> dict[str, Array]:
    """Covariates of a body: means over its members that are known, one row."""

    def mean(values: Array) -> Array:
        known = np.isfinite(values).sum(axis=0, keepdims=True)
        total = np.nansum(values, axis=0, keepdims=True)
        return np.where(known > 0, total / np.maximum(known, 1), np.nan)

    return {name: mean(values[members]) for name, values in columns.items()}


def of_year(record: SanctionRecord, year: int) -> dict[str, pd.DataFrame]:
    """Rows of onset and end of each kind of actor in a year; `event` is 1 where it happened."""
    columns, everyone = fields(record, year), np.arange(len(record.codes))
    before, now = record.held(year - 1), record.held(year)
    own, free = record.held(year, ""), ~record.mandated(year - 1)
    others = (everyone != record.leader)[:, None] & free & ~np.eye(len(everyone), dtype=bool)
    lead = np.zeros_like(others)
    lead[record.leader] = free & (everyone != record.leader)
    found = {
        "leader onset": _rows(year, lead & ~before, columns | {"event": now}),
        "leader end": _rows(year, lead & before, columns | {"event": ~now}),
        "state onset": _rows(year, others & ~before, columns | {"event": own}),
        "state end": _rows(
            year, others & record.held(year - 1, "") & ~_through_bodies(record, year - 1),
            columns | {"event": ~now},
        ),
    }  # fmt: skip
    return found | _bloc_rows(record, year, columns, free) | _regional_rows(record, year, columns)


def _through_bodies(record: SanctionRecord, year: int) -> Mask:
    return record.held(year) & (record.held(year, BLOC) | _regional(record, year))


def _regional(record: SanctionRecord, year: int) -> Mask:
    return np.any([record.held(year, body) for body in REGIONAL], axis=0)


def _bloc_rows(
    record: SanctionRecord, year: int, columns: dict[str, Array], free: Mask
) -> dict[str, pd.DataFrame]:
    members = record.members(BLOC, year - 1)
    before, now = (np.asarray(record.held(y, BLOC).any(axis=0)) for y in (year - 1, year))
    whole, target = _as_one(columns, members), (free & ~members)[None, :]
    return {
        "bloc onset": _rows(year, target & ~before, whole | {"event": now[None, :]}),
        "bloc end": _rows(year, target & before, whole | {"event": ~now[None, :]}),
    }


def _regional_rows(
    record: SanctionRecord, year: int, columns: dict[str, Array]
) -> dict[str, pd.DataFrame]:
    found: dict[str, list[pd.DataFrame]] = {"regional onset": [], "regional end": []}
    for number, body in enumerate(REGIONAL):
        members = record.members(body, year - 1)
        before, now = (np.asarray(record.held(y, body).any(axis=0)) for y in (year - 1, year))
        regime = columns["regime_target"][:1]
        for kind, risk, event in (("onset", ~before, now), ("end", before, ~now)):
            held = {"regime_target": regime, "event": event[None, :]}
            rows = _rows(year, (risk & members)[None, :], held)
            found[f"regional {kind}"].append(rows.assign(a=number))
    return {name: pd.concat(parts) for name, parts in found.items()}


def sanction_rows(record: SanctionRecord, years: range) -> dict[str, pd.DataFrame]:
    """Rows of all years by process, without those that have a covariate missing."""
    parts = [of_year(record, year) for year in years]
    return {
        name: pd.concat([part[name] for part in parts], ignore_index=True).dropna()
        for name in parts[0]
    }
