"""Speed of the trade engine, and beside gegravity in one process: same answer, time, ratio.

gegravity is no dependency. Install it beside worldorder in an environment of your own:

    pip install gegravity==0.3
    python benchmarks/trade_solver.py --gegravity

Both are called by turns in the same process. Wall time and processor time are the least of several
repeats, so that other load on the machine counts little. Figures stand in docs/mechanisms/trade.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jax
import numpy as np
import pandas as pd

import worldorder as wo

CASES = Path(__file__).parents[1] / "tests" / "cases"
AGREEMENT = 0.4711383  # coefficient of a trade agreement in gegravity's documentation
DISTANCE, BORDER, ABROAD = -0.3898623, 0.891577, -3.412584  # likewise
SIGMA, ELASTICITY = 5.0, 4.0
SCENARIOS = 1000
TOLERANCE = 1e-10


@dataclass(frozen=True)
class Times:
    """Wall time and processor time, seconds."""

    wall: float
    processor: float

    @staticmethod
    def now() -> Times:
        """The clocks."""
        return Times(time.perf_counter(), time.process_time())

    def since(self) -> Times:
        """What has passed."""
        now = Times.now()
        return Times(now.wall - self.wall, now.processor - self.processor)


def least(call: Callable[[], object], repeats: int) -> float:
    """Least wall time of a call, seconds, after one that compiles."""
    call()
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        jax.block_until_ready(call())
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def sample_30() -> pd.DataFrame:
    """gegravity's sample: 30 countries, 2006."""
    told = pd.read_csv(CASES / "gegravity_30_countries_2006_results.csv", comment="#")
    told = told.set_index("country")
    rows = pd.read_csv(CASES / "gegravity_30_countries_2006.csv", comment="#")
    return rows.assign(
        year=2006,
        trade=1.0,
        Y=rows["exporter"].map(told["output"]),
        E=rows["importer"].map(told["expenditure"]),
        log_cost=np.log(rows["cost"]),
    )


def world_194() -> pd.DataFrame:
    """The 194 largest economies of 2023, at costs of distance and borders."""
    flows = wo.trade.world_2023()
    names = flows.sum().nlargest(194).index.sort_values()
    flows = flows.loc[names, names]
    pairs = wo.panel("geography")
    back = pairs.rename(columns={"state_a": "state_b", "state_b": "state_a"})
    both = pd.concat([pairs, back]).drop_duplicates(["state_a", "state_b"])
    both = both[both["state_a"].isin(names) & both["state_b"].isin(names)]
    abroad = both["state_a"] != both["state_b"]
    cost = DISTANCE * np.log(both["km"].clip(lower=1)) + BORDER * (abroad & both["land_border"])
    return pd.DataFrame(
        {
            "exporter": both["state_a"],
            "importer": both["state_b"],
            "year": 2006,
            "trade": 1.0,
            "Y": both["state_a"].map(flows.sum(axis=1)),
            "E": both["state_b"].map(flows.sum(axis=0)),
            "log_cost": cost + ABROAD * abroad,
        }
    ).sort_values(["exporter", "importer"], ignore_index=True)


def by_gegravity(rows: pd.DataFrame, rescale: float) -> tuple[Times, pd.DataFrame]:
    """Times of one simulation, its baseline not counted, and its results by country."""
    import gegravity as ge

    after = rows.copy()
    two = rows["exporter"].isin(["CAN", "JPN"]) & rows["importer"].isin(["CAN", "JPN"])
    after.loc[two & (rows["exporter"] != rows["importer"]), "log_cost"] += AGREEMENT
    table = pd.DataFrame([{"var": "log_cost", "coeff": 1.0, "ste": 0.1}])
    names = {"identifier_col": "var", "coeff_col": "coeff", "stderr_col": "ste"}
    coefficients = ge.CostCoeffs(table, **names)
    held = ge.BaselineData(
        rows.copy(),
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    model = ge.OneSectorGE(
        held,
        year="2006",
        expend_var_name="E",
        output_var_name="Y",
        reference_importer="DEU",
        sigma=5,
        cost_variables=["log_cost"],
        cost_coeff_values=coefficients,
        quiet=True,
    )
    model.build_baseline(omr_rescale=rescale, mr_max_iter=20000)
    model.define_experiment(after)
    begin = Times.now()
    model.simulate(ge_max_iter=20000)
    return begin.since(), model.country_results


def by_worldorder(rows: pd.DataFrame) -> Callable[[], object]:
    """The same experiment by `wo.trade.gravity`, labels, checks and baseline included."""
    costs = np.exp(rows.pivot(index="exporter", columns="importer", values="log_cost"))
    after = costs.copy()
    for one, other in (("CAN", "JPN"), ("JPN", "CAN")):
        after.loc[one, other] *= np.exp(AGREEMENT)
    output = rows.drop_duplicates("exporter").set_index("exporter")["Y"]
    spent = rows.drop_duplicates("importer").set_index("importer")["E"]
    return lambda: wo.trade.gravity(
        costs, after, output, spent, SIGMA, "DEU", method="baseline shares"
    )


def beside_gegravity(large: bool) -> None:
    """Both on 30 and, where asked for, on 194 countries, by turns."""
    cases = [("30 countries", sample_30(), 100.0, 7)]
    cases += [("194 countries", world_194(), 1.0, 1)] if large else []
    for name, rows, rescale, repeats in cases:
        call = by_worldorder(rows.assign(year=2006))
        prices = call()["factory_price"].to_pandas()  # pyright: ignore
        theirs, ours, found = [], [], pd.DataFrame()
        for _ in range(repeats):
            taken, found = by_gegravity(rows.assign(year="2006"), rescale)
            theirs.append(taken)
            for _ in range(20):
                begin = Times.now()
                jax.block_until_ready(call())
                ours.append(begin.since())
        told = 1 + pd.to_numeric(found["factory gate price change (percent)"]) / 100
        gap = float(np.abs(prices - told.reindex(prices.index)).max())
        print(f"{name}, {repeats} by turns, largest difference of factory prices {gap:.1e}")
        for what in ("wall", "processor"):
            one, two = (min(getattr(t, what) for t in times) for times in (theirs, ours))
            print(f"  {what}: {one:.3f} s, here {1000 * two:.2f} ms, ratio {one / two:,.0f}")


def random_tariffs(base: wo.trade.Baseline, number: int) -> dict[str, np.ndarray]:
    """Tariffs of up to 60 percent by one importer on a random third of its partners."""
    draw = np.random.default_rng(0)
    size = len(base.names)
    found = {}
    for scenario in range(number):
        rates = np.zeros((size, size))
        importer = draw.integers(size)
        rates[:, importer] = draw.uniform(0, 0.6, size) * (draw.random(size) < 1 / 3)
        rates[importer, importer] = 0.0
        found[str(scenario)] = rates
    return found


def alone() -> None:
    """One solve and a thousand, at 194 countries, residual 1e-10, double precision."""
    flows = wo.trade.world_2023()
    names = flows.sum().nlargest(194).index
    base = wo.trade.make_baseline(flows.loc[names, names])
    settings = {"elasticity": ELASTICITY, "imbalances": "lending", "tolerance": TOLERANCE}
    war = {("USA", "CHN"): 0.6, ("CHN", "USA"): 0.6}
    seconds = least(lambda: wo.trade.solve(base, war, **settings), 50)
    residual = wo.trade.solve(base, war, **settings).attrs["residual"]
    print(
        f"one solve, labels and checks included: {1000 * seconds:.2f} ms, residual {residual:.1e}"
    )
    scenarios = random_tariffs(base, SCENARIOS)
    seconds = least(lambda: wo.trade.solve_many(base, scenarios, **settings), 3)
    worst = float(wo.trade.solve_many(base, scenarios, **settings)["residual"].max())
    print(f"{SCENARIOS} scenarios in one call: {seconds:.2f} s, largest residual {worst:.1e}")


def by_sector() -> None:
    """One solve of 28 sectors and 80 economies, plain and with inputs, scale and labour supply."""
    flows, theta = wo.trade.world_2022_sectors()
    base = wo.trade.make_sector_baseline(flows)
    war = {("USA", "CHN"): 0.6, ("CHN", "USA"): 0.6}
    plain = {"elasticity": theta, "imbalances": "lending", "tolerance": TOLERANCE}
    whole = {
        "value_added": wo.trade.value_added_2022(),
        "labour_supply": 0.5,
        "scale": theta.map(lambda elasticity: 0.67 / elasticity),
    }
    for what, settings in {"plain": plain, "all": plain | whole}.items():
        seconds = least(lambda given=settings: wo.trade.solve(base, war, **given), 30)
        print(f"28 sectors, 80 economies, {what}: {1000 * seconds:.0f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gegravity", action="store_true", help="beside gegravity 0.3")
    parser.add_argument("--large", action="store_true", help="there at 194 countries too: minutes")
    asked = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {sys.version.split()[0]}")
    alone()
    by_sector()
    if asked.gegravity:
        beside_gegravity(asked.large)


if __name__ == "__main__":
    main()
