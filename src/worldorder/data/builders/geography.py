"""Distances and land borders: CEPII and COW, capitals where CEPII has no state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from worldorder.data.flags import ESTIMATED, IMPUTED, OBSERVED
from worldorder.data.own_tables import cow_to_iso3, state_codes
from worldorder.data.sources import Raw, expect

CEPII = "cepii-geodist"
COW = "cow-geography"
OLD_CODES = {"COD": "ZAR", "ROU": "ROM", "TLS": "TMP", "SRB": "YUG", "PSE": "PAL"}
RAMALLAH = {"iso3": "PSE", "lat": 31.90, "lng": 35.20}  # has no COW number
EARTH_RADIUS = 6371.0  # km


def great_circle(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Distances in km between points given in degrees."""
    lat, lon = np.radians(lat), np.radians(lon)
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


Kilometres = dict[tuple[str, str], float]


def _pairs(codes: list[str], km: np.ndarray) -> Kilometres:
    return {(a, b): float(km[i, j]) for i, a in enumerate(codes) for j, b in enumerate(codes)}


def _last_capitals(capitals: pd.DataFrame) -> pd.DataFrame:
    last = capitals.sort_values("enddate").drop_duplicates("ccode", keep="last")
    last = last.assign(iso3=last["ccode"].map(cow_to_iso3())).dropna(subset=["iso3"])
    return pd.concat([last, pd.DataFrame([RAMALLAH])])


def capitals(raw: Raw) -> pd.DataFrame:
    """Latest capital of each state of the panel, degrees."""
    last = _last_capitals(raw.table(COW, "capitals"))
    named = last.rename(columns={"lat": "latitude", "lng": "longitude"})
    known = named[named["iso3"].isin(state_codes())]
    frame = known[["iso3", "latitude", "longitude"]].assign(flag=OBSERVED, source=COW)
    return frame.sort_values("iso3", ignore_index=True)


def _capital_distances(capitals: pd.DataFrame) -> Kilometres:
    last = _last_capitals(capitals)
    km = great_circle(last["lat"].to_numpy(float), last["lng"].to_numpy(float))
    return _pairs(last["iso3"].tolist(), km)


def _cepii_distances(dyads: pd.DataFrame) -> Kilometres:
    weighted = pd.to_numeric(dyads["distw"], errors="coerce")  # "." for some small territories
    km = weighted.fillna(dyads["dist"])
    return dict(zip(zip(dyads["iso_o"], dyads["iso_d"], strict=True), km, strict=True))


def _borders(contiguity: pd.DataFrame, cepii: pd.DataFrame) -> set[tuple[str, str]]:
    """Pairs with a land border: COW 2016, and CEPII for what COW has no number of."""
    iso3 = cow_to_iso3()
    land = contiguity[(contiguity["conttype"] == 1) & (contiguity["enddate"] >= "2016")]
    numbered = zip(land["ccode1"], land["ccode2"], strict=True)
    pairs = {(iso3[a], iso3[b]) for a, b in numbered if a in iso3 and b in iso3}
    palestine = cepii[(cepii["iso_o"] == OLD_CODES["PSE"]) & (cepii["contig"] == 1)]
    pairs |= {("PSE", str(code)) for code in palestine["iso_d"]}
    return pairs | {(b, a) for a, b in pairs}


def tidy(dyads: pd.DataFrame, contiguity: pd.DataFrame, capitals: pd.DataFrame) -> pd.DataFrame:
    """Symmetric pairs: distance in km, land border, and where the distance is from."""
    cepii, capital = _cepii_distances(dyads), _capital_distances(capitals)
    borders = _borders(contiguity, dyads)
    codes = state_codes()
    inside = float(np.median([km for (a, b), km in cepii.items() if a == b]))
    rows: list[tuple[str, str, float, bool, str, str]] = []
    for i, a in enumerate(codes):
        for b in codes[i:]:
            old = OLD_CODES.get(a, a), OLD_CODES.get(b, b)
            if old in cepii:
                km, flag, source = cepii[old], OBSERVED, CEPII
            elif a == b:
                km, flag, source = inside, IMPUTED, CEPII
            else:
                km, flag, source = capital[a, b], ESTIMATED, COW
            rows.append((a, b, km, (a, b) in borders, flag, source))
    names = ["state_a", "state_b", "km", "land_border", "flag", "source"]
    return pd.DataFrame(rows, columns=names)


def build(raw: Raw) -> pd.DataFrame:
    """Distances and land borders between the states of the panel."""
    dyads, contiguity = raw.table(CEPII, "dyads"), raw.table(COW, "contiguity")
    expect(CEPII, "economies", dyads["iso_o"].nunique(), 224)
    expect(COW, "land border spells", (contiguity["conttype"] == 1).sum(), 948)
    return tidy(dyads, contiguity, raw.table(COW, "capitals"))
