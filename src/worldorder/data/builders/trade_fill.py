"""Goods trade of the states that the matrix of 2023 lacks, scaled from older tables.

Rule, for an absent state a, a partner p and the years 2023 (matrix) and t0 (older table): a's
exports to p grow as p's imports grew from t0 to 2023, and a's imports from p as p's exports grew,
both summed over the economies that the two tables share. Trade among absent states grows as the
world's. Taiwan comes from the Inter-Country Input-Output tables of 2022 where they have the
partner and from the UNCTAD matrix of 2015 elsewhere; the others from UNCTAD.
"""

from __future__ import annotations

import re

import pandas as pd

from worldorder.data.builders.trade import YEAR
from worldorder.data.countries import iso3_of_names
from worldorder.data.flags import IMPUTED
from worldorder.data.sources import Raw, expect

UNCTAD = "unctad-trade-matrix"
ICIO = "oecd-icio-2011-2022"
ABSENT = ("AND", "CUB", "NRU", "PRK", "PSE", "SMR", "STP", "TUV", "TWN", "WSM")
UNPLACED = "SintBonaire"  # Bonaire, Sint Eustatius and Saba: no partner of an absent state
FORMER = {
    "NetherlandsAntilles": "ANT",
    "SerbiaandMontenegro": "SCG",
    "Indonesia2002": "IDN",
    "Sudan2011": "SDN",
}
HOSTS = {"LIE": "CHE", "MCO": "FRA"}  # customs unions: the host's published flows contain them
TWIN = {"XKX": "ALB"}  # no table has Kosovo: flows of Albania, in proportion to GDP


def _iso3_by_name(names: list[str]) -> dict[str, str]:
    spaced = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in names]
    spaced = [
        "Taiwan" if name == "ChinaTaiwanProvince" else spaced[i] for i, name in enumerate(names)
    ]
    return dict(zip(names, iso3_of_names(spaced), strict=True))


def unctad_flows(matrix: pd.DataFrame) -> pd.DataFrame:
    """Flows of 1995, 2005 and 2015 by code, thousand USD."""
    rows = matrix[(matrix["exporter"] != UNPLACED) & (matrix["importer"] != UNPLACED)]
    names = sorted((set(rows["exporter"]) | set(rows["importer"])) - set(FORMER))
    iso3 = _iso3_by_name(names) | FORMER
    return pd.DataFrame(
        {
            "exporter": rows["exporter"].map(iso3),
            "importer": rows["importer"].map(iso3),
            "year": rows["year"],
            "value": rows["value_kusd"],
        }
    )


def icio_goods(flows: pd.DataFrame) -> pd.DataFrame:
    """Goods flows between the economies of the input-output tables by year, thousand USD."""
    rows = flows[flows["exporter"] != flows["importer"]]
    rows = rows[(rows["exporter"] != "ROW") & (rows["importer"] != "ROW")]
    value = rows[["agri", "manuf", "mining"]].sum(axis=1) * 1e3
    return rows.assign(value=value)[["exporter", "importer", "year", "value"]]


def _of_year(flows: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = flows[flows["year"] == year]
    return rows[["exporter", "importer", "value"]]


def _growth(old: pd.DataFrame, new: pd.DataFrame, side: str) -> pd.Series:
    """Growth of each economy's imports (or exports), over the partners that both tables share."""
    shared = set(new["exporter"]) & set(old["exporter"]) - set(ABSENT)

    def total(table: pd.DataFrame) -> pd.Series:
        both = table[table["exporter"].isin(shared) & table["importer"].isin(shared)]
        return both.groupby(side)["value"].sum()

    return (total(new) / total(old)).dropna()


def scaled(old: pd.DataFrame, new: pd.DataFrame, absent: tuple[str, ...]) -> pd.DataFrame:
    """Flows of the absent states in `old`, grown to the year of `new`."""
    buying, selling = _growth(old, new, "importer"), _growth(old, new, "exporter")
    shared = set(buying.index) & set(selling.index)
    inside = old[old["exporter"].isin(shared) & old["importer"].isin(shared)]["value"].sum()
    now = new[new["exporter"].isin(shared) & new["importer"].isin(shared)]["value"].sum()
    rows = old[old["exporter"].isin(absent) | old["importer"].isin(absent)]
    sold = rows["importer"].map(buying).where(rows["exporter"].isin(absent))
    bought = rows["exporter"].map(selling).where(rows["importer"].isin(absent))
    among = rows["exporter"].isin(absent) & rows["importer"].isin(absent)
    factor = sold.fillna(bought).where(~among, now / inside)
    return rows.assign(value=rows["value"] * factor).dropna(subset=["value"])


def _as_filled(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    kept = rows[["exporter", "importer", "value"]]
    return kept.assign(year=YEAR, flag=IMPUTED, source=source)


def _split_host(flows: pd.DataFrame, part: str, host: str, share: float) -> pd.DataFrame:
    """Flows with `share` of the host's given to the part of its customs territory."""
    touched = (flows["exporter"] == host) | (flows["importer"] == host)
    theirs = flows[touched].replace({"exporter": {host: part}, "importer": {host: part}})
    theirs = theirs.assign(value=theirs["value"] * share, flag=IMPUTED)
    left = flows.assign(value=flows["value"].where(~touched, flows["value"] * (1 - share)))
    return pd.concat([left, theirs], ignore_index=True)


def filled(matrix: pd.DataFrame, raw: Raw, gdp: pd.Series) -> pd.DataFrame:
    """The matrix of 2023 with the absent states.

    Args:
        matrix: flows of 2023 as published.
        raw: the raw folder.
        gdp: GDP of 2023 by ISO3, bn USD.
    """
    unctad = raw.table(UNCTAD, "flows")
    icio = raw.table(ICIO, "flows")
    total = unctad[unctad["year"] == 2015]["value_kusd"].sum()
    expect(UNCTAD, "world trade in 2015, trillion USD", total * 1e-9, 16.36, 1e-3)
    older = _of_year(unctad_flows(unctad), 2015)
    older = older[~((older["exporter"] == "VAT") | (older["importer"] == "VAT"))]
    recent = scaled(_of_year(icio_goods(icio), 2022), matrix, ("TWN",))
    rest = scaled(older, matrix, ABSENT)
    both = pd.concat([_as_filled(recent, ICIO), _as_filled(rest, UNCTAD)])
    flows = pd.concat([matrix, both], ignore_index=True)
    flows = flows.drop_duplicates(["exporter", "importer"], keep="first")
    for part, host in HOSTS.items():
        flows = _split_host(flows, part, host, gdp[part] / (gdp[part] + gdp[host]))
    for state, twin in TWIN.items():
        touched = (flows["exporter"] == twin) | (flows["importer"] == twin)
        theirs = flows[touched].replace({"exporter": {twin: state}, "importer": {twin: state}})
        theirs = theirs.assign(value=theirs["value"] * gdp[state] / gdp[twin], flag=IMPUTED)
        flows = pd.concat([flows, theirs], ignore_index=True)
    flows = flows[flows["value"] > 0]
    return flows.sort_values(["exporter", "importer"], ignore_index=True)
