"""Who could cost whom how much by a stop of supplies, in the trade that a run starts from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import xarray as xr

from worldorder.data.reference import TRADE_YEAR
from worldorder.mechanisms.trade.coercion import supply_cut_loss
from worldorder.parameters.loader import load_parameters
from worldorder.plots.power import plot_power
from worldorder.plots.svg import svg
from worldorder.report.charts import Chart

_LARGEST = 12
_MOST_EXPOSED = 15


@dataclass(frozen=True)
class Exposed:
    """A state, who could cost it most, and what it could cost that one in return, as text."""

    name: str
    to: str
    loss: str
    in_return: str


@dataclass(frozen=True)
class Supplies:
    """Figure of the largest economies and list of the most exposed states."""

    figure: Chart
    rows: list[Exposed]


def supplies(first_day: datetime.date) -> Supplies:
    """Power by a stop of supplies at the start of a run."""
    from worldorder.data.worlds import world_on

    start = world_on(first_day)
    share = jnp.asarray(start.setting.trade_share)
    theta = load_parameters()["trade"]["elasticity"].value
    loss = np.asarray(supply_cut_loss(share, jnp.asarray(theta, share.dtype)))
    codes, names = start.entities.country, start.entities.country_name
    trade_year = min(first_day.year - 1, TRADE_YEAR)
    largest = np.argsort(-np.asarray(start.setting.expenditure))[:_LARGEST]
    dims = ("country", "partner")
    labelled = xr.DataArray(loss, {dim: list(codes) for dim in dims}, dims)
    by, most = loss.argmax(0), loss.max(0)
    rows = [
        Exposed(names[j], names[by[j]], _percent(float(most[j])), _percent(float(loss[j, by[j]])))
        for j in np.argsort(-most)[:_MOST_EXPOSED]
    ]
    return Supplies(_figure(labelled, [codes[i] for i in largest], theta, trade_year), rows)


def _figure(loss: xr.DataArray, shown: list[str], theta: float, year: int) -> Chart:
    title = "What the largest economies could cost each other"
    caption = (
        "Per cent of the real income of the state in the column that is lost when the state in the "
        f"row stops selling to it; goods trade of {year}, elasticity {theta:g}, wages as they are."
    )
    return Chart(svg(plot_power(loss, shown), "supplies", title, caption), title, caption)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
