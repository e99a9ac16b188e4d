"""Publishers' own files, brought to the shape in which the builders read them.

A source may be given under the name and in the layout of its publisher's download (unpacked). Each
reader here makes of it the table that `sources.yaml` counts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

Reader = Callable[[Path], pd.DataFrame]
MISSING = -9  # Correlates of War
WORLD = "WLD"
FIRST_MEMBERSHIP = 1945
MEMBERSHIPS = (1, 2, 3)  # full, associate, observer


def _csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def capabilities(path: Path) -> pd.DataFrame:
    """NMC-70-abridged.csv: -9 is missing, shares of the index included."""
    frame = _csv(path).drop(columns=["stateabb", "version"], errors="ignore")
    return frame.mask(frame == MISSING)


def state_spells(path: Path) -> pd.DataFrame:
    """statelist2016.csv, majors2016.csv: column names in any case."""
    return _csv(path).rename(columns=str.lower)


def contiguity(path: Path) -> pd.DataFrame:
    """contdir.csv: each pair once, months as YYYYMM; given both ways, months as their first day."""
    frame = _csv(path)
    there = pd.DataFrame(
        {
            "ccode1": frame["statelno"],
            "ccode2": frame["statehno"],
            "conttype": frame["conttype"],
            "stdate": _month(frame["begin"]),
            "enddate": _month(frame["end"]),
        }
    )
    back = there.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
    both = pd.concat([there, back[there.columns]], ignore_index=True)
    return both.sort_values(["ccode1", "ccode2", "stdate"], ignore_index=True)


def _month(months: pd.Series) -> pd.Series:
    text = months.astype(int).astype(str)
    return text.str[:4] + "-" + text.str[4:6] + "-01"


def alliances(path: Path) -> pd.DataFrame:
    """atop5_1ddyr.csv: directed dyad-years with the obligations under ATOP's own names."""
    frame = _csv(path).rename(columns=str.lower)
    kinds = ["defense", "offense", "neutral", "nonagg", "consul"]
    names = {"statea": "ccode1", "stateb": "ccode2"} | {kind: f"atop_{kind}" for kind in kinds}
    return frame[["statea", "stateb", "year", *kinds]].rename(columns=names)


def distances(path: Path) -> pd.DataFrame:
    """dist_cepii.dta, or dist_cepii.csv saved from the spreadsheet."""
    return pd.read_stata(path) if path.suffix == ".dta" else _csv(path)


def ideal_points(path: Path) -> pd.DataFrame:
    """IdealpointsJuly2025.dta of the Dataverse deposit."""
    frame = pd.read_stata(path, convert_categoricals=False)
    texts = ["iso3c", "countryname"]
    return frame.assign(**{name: frame[name].where(frame[name] != "") for name in texts})


def development_indicators(path: Path) -> pd.DataFrame:
    """WDICSV.csv of the bulk download: one row an economy and indicator, one column a year."""
    from worldorder.data.countries import known_codes

    frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
    frame = frame.rename(columns={"Country Code": "iso3", "Indicator Code": "indicator"})
    years = [column for column in frame.columns if str(column).isdigit()]
    frame = frame[frame["iso3"].isin([*known_codes(), WORLD])]
    long = frame.melt(["iso3", "indicator"], years, var_name="year")
    wide = long.pivot(index=["iso3", "year"], columns="indicator", values="value")
    wide["gdp_ppp_current_intl"] = wide["NY.GDP.PCAP.PP.CD"] * wide["SP.POP.TOTL"]
    wide = wide.rename_axis(columns=None).reset_index()
    return wide.astype({"year": int}).sort_values(["iso3", "year"], ignore_index=True)


def organizations(path: Path) -> pd.DataFrame:
    """state_year_formatv3.csv: one column an organization; memberships since 1945 as rows."""
    frame = _csv(path).rename(columns=str.lower).drop(columns="state", errors="ignore")
    frame = frame[frame["year"] >= FIRST_MEMBERSHIP]
    long = frame.melt(["ccode", "year"], var_name="ioname", value_name="status")
    kept = long[long["status"].isin(MEMBERSHIPS)].astype({"status": int})
    return kept.sort_values(["ccode", "year", "ioname"], ignore_index=True)


def troops(path: Path) -> pd.DataFrame:
    """troopdata-rebuild-country-year.csv: state-years with active personnel."""
    frame = _csv(path)
    branches = [f"{branch}_ad" for branch in ("troops", "army", "navy", "air_force")]
    columns = ["countryname", "year", "ccode", "iso3c", *branches, "marine_corps_ad"]
    return frame[frame["troops_ad"] > 0][columns].reset_index(drop=True)


AS_PUBLISHED: dict[tuple[str, str], dict[str, Reader]] = {
    ("cow-capabilities", "panel"): {"NMC-70-abridged.csv": capabilities},
    ("cow-states", "states"): {"statelist2016.csv": state_spells, "states2016.csv": state_spells},
    ("cow-states", "majors"): {"majors2016.csv": state_spells},
    ("cow-geography", "contiguity"): {"contdir.csv": contiguity},
    ("atop-alliances", "dyads"): {"atop5_1ddyr.csv": alliances},
    ("cepii-geodist", "dyads"): {"dist_cepii.dta": distances, "dist_cepii.csv": distances},
    ("un-ideal-points", "panel"): {"IdealpointsJuly2025.dta": ideal_points},
    ("cow-igo", "memberships"): {"state_year_formatv3.csv": organizations},
    ("gsdb-sanctions", "cases"): {"GSDB_V4.csv": _csv},
    ("us-troops-abroad", "troops"): {"troopdata-rebuild-country-year.csv": troops},
    ("worldbank-wdi", "panel"): {"WDICSV.csv": development_indicators},
}


def publishers_names(source: str, file: str) -> list[str]:
    """Names under which the publisher gives a file out, where they are read."""
    return list(AS_PUBLISHED.get((source, file), {}))


def reader_of(source: str, file: str, name: str) -> Reader | None:
    """The reader of a publisher's file, or None where it already has the builders' shape."""
    return AS_PUBLISHED.get((source, file), {}).get(name)
