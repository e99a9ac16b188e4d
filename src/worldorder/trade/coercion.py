"""What each country can cost each other one by cutting it off, and who is most exposed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr
from jax import Array

from worldorder.errors import InputError, did_you_mean
from worldorder.mechanisms.trade.coercion import sector_supply_cut_loss, supply_cut_loss
from worldorder.mechanisms.trade.equilibrium import Economy, Technology
from worldorder.trade import compiled
from worldorder.trade.model import TradeModel
from worldorder.trade.solving import Baseline, arrays

DIMS = ("country", "partner")
AT_ONCE = 500  # equilibria in one compiled call
SHARE_EDGES = (0.0, 0.001, 0.01, 0.03, 0.1, 0.2, 1.0)


def supply_power(base: Baseline, elasticity: float = 4.0) -> xr.DataArray:
    """Real income that the partner loses when the country stops selling to it, as a share.

    In closed form, at given wages (see `mechanisms.trade.coercion.supply_cut_loss`).
    """
    _check_one_sector(base)
    with jax.enable_x64(True):
        share = jnp.asarray(base.flows / base.flows.sum(0))
        loss = np.asarray(supply_cut_loss(share, jnp.asarray(elasticity)))
    return _by_pair(loss, base, "loss of the partner's real income if the country stops selling")


def _check_one_sector(base: Any) -> None:
    if not isinstance(base, Baseline):
        raise InputError(
            "the flows have sectors",
            "A stop of supplies by sector is `sector_power`; an end of trade, `solve` with costs "
            "of inf.",
        )


def sector_power(
    supplies: pd.DataFrame | None = None,
    elasticity: str = "elasticity",
    groups: str | None = None,
) -> xr.DataArray:
    """Real income that the partner loses when the country stops selling to it, by industry.

    Each industry is as hard to replace as its own elasticity says, and the last inputs are the
    hardest (see `mechanisms.trade.coercion.sector_supply_cut_loss`).

    Args:
        supplies: columns sector, exporter, importer, share (of what the importer spends in the
            sector), spending_share (of the sector in all it spends) and an elasticity. None is the
            shipped table: 80 economies and 28 sectors in 2022.
        elasticity: column of the trade elasticity; in the shipped table also `elasticity_low` and
            `elasticity_high`, the ends of eight published sets.
        groups: column of groups of sectors; the result then has the loss of each group alone too.

    Returns:
        Shares by (country, partner), and by group where groups are asked for ("all" is the sum).
    """
    if supplies is None:
        from worldorder.data.panel import table

        supplies = table("sector_supply")
    needed = ["sector", "exporter", "importer", "share", "spending_share", elasticity]
    if missing := [name for name in (*needed, *filter(None, [groups])) if name not in supplies]:
        raise InputError(f"supplies have no column {', '.join(missing)}", "Name the columns so.")
    names = sorted({*supplies["exporter"].astype(str), *supplies["importer"].astype(str)})
    parts = {"all": supplies}
    if groups is not None:
        parts |= {str(name): rows for name, rows in supplies.groupby(groups, observed=True)}
    losses = [_sector_loss(rows, names, elasticity) for rows in parts.values()]
    meaning = "loss of the partner's real income if the country stops selling"
    if groups is None:
        return xr.DataArray(
            losses[0], dict.fromkeys(DIMS, names), DIMS, "loss", {"long_name": meaning}
        )
    coords = {"group": list(parts), **dict.fromkeys(DIMS, names)}
    return xr.DataArray(np.stack(losses), coords, ("group", *DIMS), "loss", {"long_name": meaning})


def _sector_loss(rows: pd.DataFrame, names: list[str], elasticity: str) -> np.ndarray:
    sectors = sorted(rows["sector"].astype(str).unique())
    at = [
        pd.Categorical(rows[column].astype(str), known).codes
        for column, known in (("sector", sectors), ("exporter", names), ("importer", names))
    ]
    supply = np.zeros((len(sectors), len(names), len(names)))
    supply[tuple(at)] = rows["share"]
    spending = np.zeros((len(sectors), len(names)))
    spending[at[0], at[2]] = rows["spending_share"]
    theta = np.ones(len(sectors))
    theta[at[0]] = rows[elasticity]
    with jax.enable_x64(True):
        arrays_ = (jnp.asarray(x) for x in (np.minimum(supply, 1 - 1e-9), spending, 1 + theta))
        return np.asarray(sector_supply_cut_loss(*arrays_))


@functools.partial(jax.jit, static_argnames=("limits",))
def _cut_off(
    first: Array,
    second: Array,
    already: Array,
    base: Economy,
    technology: Technology,
    limits: compiled.Limits,
) -> tuple[Array, Array]:
    def one(pair: tuple[Array, Array]) -> tuple[Array, Array]:
        i, j = pair
        closed = jnp.ones_like(base.share).at[i, j].set(0.0).at[j, i].set(0.0)
        case = compiled.Case(already, closed, jnp.zeros_like(base.income))
        found, residual, _ = compiled.solve_case(case, already, base, technology, limits)
        return found.welfare[jnp.stack([i, j])], residual

    return jax.lax.map(one, (first, second))


def cut_off_cost(
    base: Baseline,
    pairs: Iterable[tuple[str, str]] | None = None,
    tolerance: float = 1e-8,
    progress: Callable[[int], object] = lambda pairs: None,
    **settings: Any,
) -> xr.DataArray:
    """Welfare that the partner loses when trade between it and the country ends both ways.

    In general equilibrium, each pair on its own. All pairs of 200 countries are 20,000 equilibria:
    some tens of seconds.

    Args:
        base: world before.
        pairs: unordered pairs; None is all. Others are NaN in the result.
        tolerance: of each equilibrium.
        progress: told how many pairs have been solved.
        **settings: of `TradeModel`; imbalances are "lending" unless given, since a country that is
            cut off may be unable to keep a fixed surplus.

    Returns:
        Shares by (country, partner); the partner is the one that loses. NaN where no equilibrium
        was found.
    """
    _check_one_sector(base)
    chosen: dict[str, Any] = {"imbalances": "lending", **settings}
    model = TradeModel(**chosen)
    place = {name: number for number, name in enumerate(base.names)}
    pairs = None if pairs is None else list(pairs)
    if unknown := sorted({name for pair in pairs or () for name in pair} - {*place}):
        raise InputError(f"unknown country {unknown[0]!r}", did_you_mean(unknown[0], place))
    if pairs is None:
        first, second = np.triu_indices(len(place), 1)
    else:
        wanted = np.array([(place[a], place[b]) for a, b in pairs], dtype=int)
        first, second = wanted.reshape(-1, 2).T
    loss = np.full((len(place), len(place)), np.nan)
    for part in range(0, len(first), AT_ONCE):
        some = slice(part, part + AT_ONCE)
        i, j = first[some], second[some]
        loss[[j, i], [i, j]] = _both_losses(base, model, i, j, tolerance)
        progress(len(i))
    np.fill_diagonal(loss, 0.0)
    return _by_pair(loss, base, "loss of the partner's welfare if trade with the country ends")


def _both_losses(
    base: Baseline, model: TradeModel, first: np.ndarray, second: np.ndarray, tolerance: float
) -> np.ndarray:
    """What the first and the second of each pair lose; the last pair is repeated to fill a call."""
    padded = [np.pad(place, (0, AT_ONCE - len(place)), mode="edge") for place in (first, second)]
    with jax.enable_x64(True):
        world, technology = arrays(base, model)
        both, residual = _cut_off(
            *(jnp.asarray(place) for place in padded),
            jnp.asarray(base.tariffs),
            world,
            technology,
            compiled.Limits(tolerance, 500),
        )
        solved = np.asarray(residual) <= tolerance
        welfare = np.where(solved[:, None], np.asarray(both), np.nan)
    return 1 - welfare[: len(first)].T


def pair_table(
    base: Baseline,
    pairs: Iterable[tuple[str, str]] | None = None,
    elasticity: float = 4.0,
    progress: Callable[[int], object] = lambda pairs: None,
) -> pd.DataFrame:
    """What each country could cost each partner, in closed form and in equilibrium.

    Args:
        base: world before.
        pairs: unordered pairs; None is all.
        elasticity: trade elasticity theta.
        progress: told how many pairs have been solved.

    Returns:
        One row by country (who cuts off) and partner (who loses): supply_share, of the country in
        what the partner spends; stop_of_supplies, share of real income lost (`supply_power`);
        cut_off, share of welfare lost when trade ends both ways (`cut_off_cost`); and
        own_loss, what that costs the country itself.
    """
    cut = cut_off_cost(base, pairs, elasticity=elasticity, progress=progress)
    stopped = supply_power(base, elasticity)
    columns = {
        "supply_share": base.flows / base.flows.sum(0),
        "stop_of_supplies": stopped.to_numpy(),
        "cut_off": cut.to_numpy(),
        "own_loss": cut.to_numpy().T,
    }
    index = pd.MultiIndex.from_product([base.names, base.names], names=list(DIMS))
    found = pd.DataFrame({name: held.ravel() for name, held in columns.items()}, index=index)
    abroad = index.get_level_values(0) != index.get_level_values(1)
    return found[abroad & found["cut_off"].notna()]


def convexity(pairs: pd.DataFrame, edges: Sequence[float] = SHARE_EDGES) -> pd.DataFrame:
    """Loss for each point of supply share, by size of the share: it rises where loss is convex.

    Args:
        pairs: of `pair_table`.
        edges: ends of the classes of supply_share.

    Returns:
        By class: number of pairs, and means weighted by share of stop_of_supplies and cut_off over
        supply_share.
    """
    share = pairs["supply_share"]
    held = pairs[share > 0].groupby(pd.cut(share[share > 0], edges), observed=True)
    total = held[["supply_share", "stop_of_supplies", "cut_off"]].sum()
    found = total[["stop_of_supplies", "cut_off"]].div(total["supply_share"], axis=0)
    return found.assign(pairs=held.size())[["pairs", "stop_of_supplies", "cut_off"]]


def _by_pair(loss: np.ndarray, base: Baseline, meaning: str) -> xr.DataArray:
    coords = {dim: list(base.names) for dim in DIMS}
    return xr.DataArray(loss, coords, DIMS, "loss", {"long_name": meaning})


def exposure(loss: xr.DataArray) -> pd.DataFrame:
    """Countries by the most that any one partner can cost them, the most exposed first.

    Columns: most (share lost), to (who can cost that much) and asymmetry (how many times what the
    country could cost that partner in return).
    """
    held = loss.fillna(0.0)
    to = held.idxmax("country")
    most = held.max("country")
    in_return = held.sel(country=held["partner"], partner=to)
    returned = np.diagonal(in_return.to_numpy()) if in_return.ndim == 2 else in_return.to_numpy()
    found = pd.DataFrame(
        {
            "most": most.to_numpy(),
            "to": to.to_numpy(),
            "asymmetry": most.to_numpy() / np.maximum(returned, 1e-12),
        },
        index=pd.Index(held["partner"].to_numpy(), name="country"),
    )
    return found.sort_values("most", ascending=False)
