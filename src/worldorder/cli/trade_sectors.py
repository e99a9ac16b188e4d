"""worldorder trade shock --sectors: the shipped sectors, and which of them measures fall on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from worldorder.trade import SectorBaseline


def sector_world(
    applied: bool, horizon: str, chains: bool
) -> tuple[SectorBaseline, dict[str, Any]]:
    """80 economies and 28 sectors in 2022, and the settings that go with them."""
    from worldorder.trade import (
        applied_tariffs,
        first_year_elasticity,
        make_sector_baseline,
        value_added_2022,
        world_2022_sectors,
    )

    flows, theta = world_2022_sectors()
    names = [str(name) for name in flows["exporter"].to_numpy()]
    base = make_sector_baseline(flows, tariffs=applied_tariffs(names) * applied)
    if horizon == "short":
        theta = theta.map(first_year_elasticity)
    settings: dict[str, Any] = {"elasticity": theta}
    if chains:
        settings["value_added"] = value_added_2022()
    return base, settings


def sectors_hit(only: list[str], sectors: Sequence[str]) -> list[str]:
    """Codes of the sectors that are named, by themselves or by their group; all if none is."""
    from worldorder.data.panel import table
    from worldorder.errors import InputError, did_you_mean

    rows = table("sector_supply")[["sector", "group"]].drop_duplicates().astype(str)
    groups = {str(name): list(part["sector"]) for name, part in rows.groupby("group")}
    known = {**{name: [name] for name in sectors}, **groups}
    if unknown := [name for name in only if name not in known]:
        near = did_you_mean(unknown[0], known) or f"Use {', '.join(known)}."
        raise InputError(f"unknown sector {unknown[0]!r}", near)
    return sorted({code for name in only for code in known[name]}) or list(sectors)


def costs_by_sector(
    costs: Mapping[Any, float], hit: Sequence[str], mean: float, theta: Any
) -> dict[tuple[str, ...], float]:
    """A cost factor c at elasticity m cuts trade as c^(m / theta) does at theta."""
    return {
        (*pair, sector): factor ** (mean / theta[sector])
        for sector in hit
        for pair, factor in costs.items()
    }
