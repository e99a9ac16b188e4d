"""Small trading worlds for tests."""

from __future__ import annotations

import numpy as np
import pandas as pd


def small_flows(countries: int = 6, seed: int = 0) -> pd.DataFrame:
    """Flows with home sales, exporter by importer, of countries A, B, C and so on."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(3, 1, countries)
    flows = np.outer(size, size) * draw.lognormal(0, 0.5, (countries, countries)) / size.sum()
    np.fill_diagonal(flows, 2 * size * draw.uniform(0.5, 1.5, countries))
    names = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:countries])
    return pd.DataFrame(flows, index=names, columns=names)


def two_equal(home_share: float = 0.8) -> pd.DataFrame:
    """Two mirror images that spend `home_share` at home."""
    abroad = 1 - home_share
    flows = 100 * np.array([[home_share, abroad], [abroad, home_share]])
    return pd.DataFrame(flows, index=["A", "B"], columns=["A", "B"])


# settings of the engine that tests of one and of many sectors go through
OPTIONS = {
    "plain": {},
    "lending": {"imbalances": "lending"},
    "fixed": {"imbalances": "fixed", "anchor": "B"},
    "ratio": {"imbalances": "ratio"},
    "labour": {"labour_supply": 0.5, "scale": 0.15},
    "relief": {"labour_supply": 0.5, "revenue": "income tax"},
    "pass-through": {"pass_through": 0.7},
    "margins": {"distribution": {"A": 0.3, "C": 0.1}, "pass_through": 1.2},
    "intermediates": {"value_added": 0.5},
    "everything": {
        "labour_supply": 0.5,
        "scale": 0.1,
        "revenue": "income tax",
        "pass_through": 0.8,
        "distribution": 0.2,
        "value_added": 0.6,
    },
}
