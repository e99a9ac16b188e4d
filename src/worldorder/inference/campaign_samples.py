"""Who could have joined a campaign and who did: sanctions led by a sender, and condemning votes.

Positions are our own one-dimensional scaling of the votes of the years before a campaign, so no
later vote can be in them. States are those of today; a former state stands for itself only where
its code is today's (Russia for the Soviet Union).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.data.own_tables import state_codes
from worldorder.data.panel import panel, table

Array = NDArray[np.float64]

VOTES = {"Y": 1.0, "A": 0.0, "N": -1.0}
VOTE_YEARS = 4  # years of votes before a campaign that positions rest on
LEAST_VOTES = 20
LONGEST_SILENCE = 10  # years for which a state keeps its last position
FIRST_VOTES = 1946
OLDEST_ORIGIN = 5  # years: older estimates of the panel say too little of a campaign
SENDER = "USA"
UNIVERSAL = ("UN",)  # binding on all: no recruitment
BLOC = "EU"
NEAREST = 10
PANEL_DISTANCE = "panel_distance_sender"  # a rival's covariate; missing before the first origin


@dataclass(frozen=True)
class Evidence:
    """Arrays over today's states, and the votes."""

    codes: list[str]
    votes: pd.DataFrame  # undl_id, iso3, vote as number, year
    resolutions: pd.DataFrame
    sanctions: pd.DataFrame

    @functools.cache  # noqa: B019
    def positions(self, before: int) -> Array:
        """Positions on the eve of a year; for a state that did not vote, its last ones."""
        found = self._scaled(before)
        for back in range(1, LONGEST_SILENCE + 1):
            if np.isnan(found).any() and before - back > FIRST_VOTES + VOTE_YEARS:
                found = np.where(np.isnan(found), self._scaled(before - back), found)
        return found

    @functools.cache  # noqa: B019
    def _scaled(self, before: int) -> Array:
        """First dimension of the votes of the years before; the sender on the positive side."""
        held = self.votes[self.votes["year"].between(before - VOTE_YEARS, before - 1)]
        wide = held.pivot_table(index="iso3", columns="undl_id", values="vote")
        wide = wide.loc[wide.notna().sum(axis=1) >= LEAST_VOTES]
        centred = wide.sub(wide.mean(axis=0), axis=1).fillna(0.0).to_numpy()
        left, size, _ = np.linalg.svd(centred, full_matrices=False)
        place = pd.Series(left[:, 0] * size[0], index=wide.index)
        place = (place - place.mean()) / place.std() * np.sign(place.get(SENDER, 1.0))
        return place.reindex(self.codes).to_numpy(float)

    @functools.cache  # noqa: B019
    def panel_positions(self, before: int) -> Array:
        """The panel's ideal points from votes to the last origin before a year, standardised.

        NaN throughout where the last origin is more than five years back.
        """
        rows = table("ideal_points_by_origin")
        known = rows[(rows["issue"] == "all") & (rows["origin"] < before)]
        known = known[known["origin"] >= before - OLDEST_ORIGIN]
        latest = known[known["origin"] == known["origin"].max()]
        latest = latest.sort_values("year").drop_duplicates("iso3", keep="last")
        place = latest.set_index("iso3")["ideal_point"].reindex(self.codes).to_numpy(float)
        return (place - np.nanmean(place)) / np.nanstd(place) if len(latest) else place

    @functools.cache  # noqa: B019
    def pacts(self, year: int) -> Array:
        """1 where the row owes the column defence on some day of the year."""
        rows = table("alliances")
        rows = rows[rows["variable"] == "defence_pact"]
        rows = rows[(rows["begin"] <= year) & (rows["end"].fillna(9999) >= year)]
        return self._matrix(rows["actor"], rows["partner"], np.ones(len(rows)))

    @functools.cache  # noqa: B019
    def dependence(self, year: int) -> Array:
        """Goods trade of the row with the column over the row's GDP; NaN where not known."""
        rows = panel("trade", year=max(year, 1962))
        flows = self._matrix(rows["exporter"], rows["importer"], rows["value"].to_numpy() / 1e6)
        gdp = self.state("gdp", year)
        return (flows + flows.T) / gdp[:, None]

    @functools.cache  # noqa: B019
    def state(self, variable: str, year: int) -> Array:
        """A variable of the panel by state; the last value of the five years before else."""
        rows = panel(variable, year=range(year - 5, year + 1)).sort_values("year")
        last = rows.drop_duplicates("iso3", keep="last").set_index("iso3")["value"]
        return last.reindex(self.codes).to_numpy(float)

    @functools.cached_property
    def distance(self) -> Array:
        """Population-weighted distance, km."""
        rows = table("geography")
        one = self._matrix(rows["state_a"], rows["state_b"], rows["km"].to_numpy())
        return np.maximum(one, one.T)

    @functools.cached_property
    def near(self) -> Array:
        """1 / NEAREST for each of a state's nearest states."""
        apart = self.distance + np.where(np.eye(len(self.codes)) > 0, np.inf, 0.0)
        rank = apart.argsort(axis=1).argsort(axis=1)
        return (rank < NEAREST) / NEAREST

    @functools.cache  # noqa: B019
    def in_bloc(self, year: int) -> Array:
        """1 where the state is in the bloc that acts as one in the year, by its own sanctions."""
        rows = self.sanctions[self.sanctions["body"] == BLOC]
        rows = rows[(rows["begin"] <= year) & (rows["observed_until"] >= year)]
        return np.isin(self.codes, rows["sender"].unique()).astype(float)

    @functools.cache  # noqa: B019
    def sanctioning(self, target: str, year: int) -> Array:
        """1 where the state sanctions the target in the year of its own will."""
        rows = self._voluntary(target)
        rows = rows[(rows["begin"] <= year) & (rows["observed_until"] >= year)]
        return np.isin(self.codes, rows["sender"].unique()).astype(float)

    def joined(self, target: str, year: int) -> Array:
        """1 where the state begins a case of its own against the target in the year or the next."""
        rows = self._voluntary(target)
        rows = rows[rows["begin"].between(year, year + 1)]
        return np.isin(self.codes, rows["sender"].unique()).astype(float)

    def _voluntary(self, target: str) -> pd.DataFrame:
        rows = self.sanctions
        return rows[(rows["target"] == target) & ~rows["body"].isin(UNIVERSAL) & ~rows["persons"]]

    def _matrix(self, row: pd.Series, column: pd.Series, value: Array) -> Array:
        place = {code: i for i, code in enumerate(self.codes)}
        i, j = row.map(place).to_numpy(float), column.map(place).to_numpy(float)
        known = ~np.isnan(i) & ~np.isnan(j)
        filled = np.zeros((len(place), len(place)))
        filled[i[known].astype(int), j[known].astype(int)] = value[known]
        return filled

    __hash__ = object.__hash__


def read_evidence(raw: Path) -> Evidence:
    """Votes from the raw folder, the rest from the panel."""
    resolutions = pd.read_csv(raw / "un-votes" / "ga_resolutions.csv.gz")
    votes = pd.read_csv(raw / "un-votes" / "ga_votes.csv.gz", keep_default_na=False)
    votes = votes.assign(vote=votes["vote"].map(VOTES)).dropna(subset=["vote"])
    year = resolutions.set_index("undl_id")["date"].str[:4].astype(int)
    votes = votes.assign(year=votes["undl_id"].map(year))
    return Evidence(state_codes(), votes, resolutions, table("sanctions"))


def covariates(evidence: Evidence, sender: str, target: str, year: int) -> pd.DataFrame:
    """What was known of each state on the eve of a campaign."""
    before = year - 1
    s, t = evidence.codes.index(sender), evidence.codes.index(target)
    place, gdp = evidence.positions(year), evidence.state("gdp", before)
    panel_place = evidence.panel_positions(year)
    trade, pact = evidence.dependence(before), evidence.pacts(before)
    held = evidence.sanctioning(target, before)
    frame = pd.DataFrame(
        {
            "distance_sender": np.abs(place - place[s]),
            "distance_target": np.abs(place - place[t]),
            PANEL_DISTANCE: np.abs(panel_place - panel_place[s]),
            "ally_sender": np.maximum(pact[:, s], pact[s]),
            "ally_target": np.maximum(pact[:, t], pact[t]),
            "trade_target": np.sqrt(np.minimum(trade[:, t], 1.0)),
            "trade_sender": np.sqrt(np.minimum(trade[:, s], 1.0)),
            "regime": evidence.state("regime", before) - 0.5,
            "log_gdp": np.log(gdp) - 4.0,
            "log_km": np.log(np.maximum(evidence.distance[:, t], 50.0)) - 8.5,
            "neighbours": np.sqrt(evidence.near @ held),
            "already": held,
            "in_bloc": evidence.in_bloc(before),
        },
        index=pd.Index(evidence.codes, name="iso3"),
    )
    frame = frame.assign(sender=sender, target=target, year=year)
    return frame.drop(index=[sender, target])


def known_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without a missing covariate, the rival's aside."""
    return rows.dropna(subset=[name for name in rows.columns if name != PANEL_DISTANCE])


def sanction_campaigns(evidence: Evidence, first: int, last: int) -> pd.DataFrame:
    """Rows of every campaign that the sender led: state by campaign, `event` where it joined.

    A campaign is a target and year in which the sender begins a case of its own.
    """
    rows = evidence.sanctions
    led = rows[(rows["sender"] == SENDER) & ~rows["body"].isin(UNIVERSAL) & ~rows["persons"]]
    led = led[led["begin"].between(first, last) & led["target"].isin(evidence.codes)]
    found = []
    for target, year in sorted(set(zip(led["target"], led["begin"].astype(int), strict=True))):
        frame = covariates(evidence, SENDER, target, year)
        event = pd.Series(evidence.joined(target, year), index=evidence.codes)
        found.append(frame.assign(event=event.reindex(frame.index), campaign=f"{target} {year}"))
    return known_rows(pd.concat(found))


CONDEMNED = {  # words of a title or agenda: state that a resolution is about
    "Islamic Republic of Iran": "IRN",
    "Syrian Arab Republic": "SYR",
    "Democratic People's Republic of Korea": "PRK",
    "Myanmar": "MMR",
    "Belarus": "BLR",
    "Sudan": "SDN",
    "Iraq": "IRQ",
    "Cuba": "CUB",
    "Uzbekistan": "UZB",
    "Turkmenistan": "TKM",
    "Zimbabwe": "ZWE",
    "Ukraine": "RUS",
    "Georgia": "RUS",
    "Sevastopol": "RUS",
    "Ukraine (Russian Federation)": "RUS",
}


ABOUT = "human rights in|Territorial integrity|Status of in"  # titles of the sample
ALSO_PAST = "|militarization of|Aggression against"  # further titles that past votes are read from
PAST_YEARS = 10


def about_states(resolutions: pd.DataFrame, titles: str) -> pd.DataFrame:
    """Recorded resolutions with such titles and the state that each is about, `target`."""
    found = resolutions[(resolutions["recorded"] == 1) & resolutions["title"].str.contains(titles)]
    target = [next((s for w, s in CONDEMNED.items() if w in t), None) for t in found["title"]]
    return found.assign(
        target=np.asarray(target, object), year=found["date"].str[:4].astype(int)
    ).dropna(subset=["target"])


def past_support(evidence: Evidence, resolution: int, target: str) -> pd.Series:
    """Share of yes among a state's votes on earlier resolutions about the target, ten years back.

    Only resolutions that the sender voted for; NaN for a state that cast none.
    """
    date = evidence.resolutions.set_index("undl_id")["date"][resolution]
    earlier = about_states(evidence.resolutions, ABOUT + ALSO_PAST)
    earlier = earlier[(earlier["target"] == target) & (earlier["date"] < date)]
    earlier = earlier[earlier["year"] >= int(date[:4]) - PAST_YEARS]
    cast = evidence.votes[evidence.votes["undl_id"].isin(earlier["undl_id"])]
    wide = cast.pivot_table(index="undl_id", columns="iso3", values="vote")
    wide = wide[wide[SENDER] == 1.0] if SENDER in wide else wide.iloc[:0]
    return (wide == 1.0).where(wide.notna()).mean()


def condemning_votes(evidence: Evidence, first: int, last: int) -> pd.DataFrame:
    """Rows of Assembly votes on human rights or territory of a named state: 1 where it voted yes.

    Only resolutions that the sender voted for.
    """
    about = about_states(evidence.resolutions, ABOUT)
    about = about[about["year"].between(first, last)]
    found = [
        vote_rows(evidence, row["undl_id"], row["target"], row["year"])
        for row in about.to_dict("records")
    ]
    return known_rows(pd.concat([rows for rows in found if len(rows)]))


def vote_rows(evidence: Evidence, resolution: int, target: str, year: int) -> pd.DataFrame:
    """Rows of one resolution; none where the sender did not vote for it."""
    cast = evidence.votes[evidence.votes["undl_id"] == resolution].set_index("iso3")["vote"]
    if cast.get(SENDER) != 1.0:
        return pd.DataFrame()
    frame = covariates(evidence, SENDER, target, year)
    present = frame.index.intersection(cast.index)
    event = (cast.reindex(present) == 1.0).astype(float)
    past = past_support(evidence, resolution, target).reindex(present).astype(float)
    return frame.loc[present].assign(
        event=event,
        campaign=f"{target} {resolution}",
        past=(past - 0.5).fillna(0.0),
        no_past=past.isna().astype(float),
    )
