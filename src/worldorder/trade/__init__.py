"""Trade in general equilibrium, on a user's own matrix or on the shipped one of 2023."""

from worldorder.trade.barriers import embargo_costs, finance_costs, joined, sanction_costs
from worldorder.trade.baseline import (
    applied_tariffs,
    distribution_margins,
    with_home_sales,
    world_2023,
)
from worldorder.trade.coercion import (
    convexity,
    cut_off_cost,
    exposure,
    pair_table,
    sector_power,
    supply_power,
)
from worldorder.trade.gravity import gravity
from worldorder.trade.limits import solve_with_limits
from worldorder.trade.measures import (
    european_union,
    pairs_of,
    parse_measure,
    read_measures,
    split_costs,
)
from worldorder.trade.model import TradeModel, first_year_elasticity, ilms_2025
from worldorder.trade.retaliation import best_tariff, nash_tariffs, retaliated, tariffs_of
from worldorder.trade.sector_flows import value_added_2022, world_2022_sectors
from worldorder.trade.sector_model import SectorModel
from worldorder.trade.sectors import SectorBaseline, make_sector_baseline, solve_sectors
from worldorder.trade.solving import Baseline, make_baseline, solve, solve_many
from worldorder.trade.splits import camps, split_table

__all__ = [
    "Baseline",
    "SectorBaseline",
    "SectorModel",
    "TradeModel",
    "applied_tariffs",
    "best_tariff",
    "camps",
    "convexity",
    "cut_off_cost",
    "distribution_margins",
    "embargo_costs",
    "european_union",
    "exposure",
    "finance_costs",
    "first_year_elasticity",
    "gravity",
    "ilms_2025",
    "joined",
    "make_baseline",
    "make_sector_baseline",
    "nash_tariffs",
    "pair_table",
    "pairs_of",
    "parse_measure",
    "read_measures",
    "retaliated",
    "sanction_costs",
    "sector_power",
    "solve",
    "solve_many",
    "solve_sectors",
    "solve_with_limits",
    "split_costs",
    "split_table",
    "supply_power",
    "tariffs_of",
    "value_added_2022",
    "with_home_sales",
    "world_2022_sectors",
    "world_2023",
]
