"""The project's own tables: states, territories, institutions, corrections, treaty changes."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@functools.cache
def own_table(name: str) -> pd.DataFrame:
    """A table of `data/tables` as text; an empty cell is an empty string."""
    import pandas as pd

    with resources.files("worldorder.data").joinpath(f"tables/{name}.csv").open("rb") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def state_codes() -> list[str]:
    """ISO3 codes of the states of the panel, in array order."""
    return own_table("states")["iso3"].tolist()


def cow_to_iso3() -> dict[int, str]:
    """Correlates of War number to ISO3 for the states of today."""
    states = own_table("states")
    pairs = zip(states["cow"], states["iso3"], strict=True)
    return {int(code): iso3 for code, iso3 in pairs if code}
