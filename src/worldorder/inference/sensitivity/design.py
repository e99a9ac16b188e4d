"""Points to run for a screen, for swings and for Sobol indices, and what their outcomes say.

A point gives every factor a place between 0 and 1 in its distribution. Points that are compared
with each other share the number from which chance is drawn, so that a difference is the factor's
doing. In the Sobol design chance is a factor of its own, and so are all parameters that the screen
left out, together: their indices say how much of the variance is noise and how much was left out.

Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments.
Technometrics 33(2), doi:10.1080/00401706.1991.10484804.
Campolongo, F., Cariboni, J. and Saltelli, A. (2007). An effective screening design for sensitivity
analysis of large models. Environmental Modelling & Software 22(10),
doi:10.1016/j.envsoft.2006.10.004.
Saltelli, A. and others (2010). Variance based sensitivity analysis of model output. Computer
Physics Communications 181(2), doi:10.1016/j.cpc.2009.09.018.
Marrel, A., Iooss, B., Da Veiga, S. and Ribatet, M. (2012). Global sensitivity analysis of
stochastic computer models with joint metamodels. Statistics and Computing 22(3),
doi:10.1007/s11222-011-9274-8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from worldorder.errors import InputError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

CHANCE: Final = "chance"
REST: Final = "all other parameters"
LEVELS: Final = 4
CONFIDENCE: Final = 0.95
RESAMPLES: Final = 1000
TAIL: Final = 0.05  # the screen and the swings go from this place in a distribution to its mirror
LOW_HIGH: Final = (TAIL, 1 - TAIL)
NUMBERS: Final = 2**20  # from which chance, or the rest, is drawn


@dataclass(frozen=True)
class Design:
    """Points to run: places of the named factors, and the numbers that decide all else.

    `places` has shape (row, factor); `chance` and `rest` have shape (row,), `rest` -1 where all
    parameters that are not named stand at their central values. `block` rows belong together.
    """

    names: tuple[str, ...]
    places: Matrix
    chance: NDArray[np.int64]
    rest: NDArray[np.int64]
    block: int

    @property
    def rows(self) -> int:
        """Number of points."""
        return len(self.places)

    @property
    def digest(self) -> str:
        """What decides the points."""
        text = repr((self.names, self.block)).encode()
        arrays = (self.places, self.chance, self.rest)
        return hashlib.sha256(text + b"".join(a.tobytes() for a in arrays)).hexdigest()[:16]

    def between(self, first: int, last: int) -> Design:
        """Some of the points."""
        part = slice(first, last)
        return Design(self.names, self.places[part], self.chance[part], self.rest[part], self.block)

    def whole_blocks(self, rows: int) -> Design:
        """The points of the blocks that the first `rows` rows hold whole."""
        return self.between(0, rows // self.block * self.block)


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def screen_design(names: Sequence[str], trajectories: int, seed: int) -> Design:
    """Trajectories of Morris through all factors, each with a chance of its own."""
    from SALib.sample import morris

    unit = morris.sample(_problem(names), trajectories, LEVELS, seed=seed)
    block = len(names) + 1
    chance = np.repeat(np.arange(trajectories), block)
    places = TAIL + (1 - 2 * TAIL) * unit
    return Design(tuple(names), places, chance, np.full(len(unit), -1), block)


def screen_table(design: Design, outcome: Vector, seed: int) -> pd.DataFrame:
    """Elementary effects by factor, the largest first.

    `mean_size` is the mean absolute effect (mu*) of a factor moved from the low to the high end,
    with the half width of its 95 % interval; `mean` keeps the sign, `spread` over trajectories
    tells of interactions and bends.
    """
    from SALib.analyze import morris

    unit = (design.places - TAIL) / (1 - 2 * TAIL)
    found = morris.analyze(
        _problem(design.names), unit, outcome, RESAMPLES, CONFIDENCE, num_levels=LEVELS, seed=seed
    )
    table = pd.DataFrame(
        {
            "factor": design.names,
            "mean_size": np.asarray(found["mu_star"], float),
            "half_width": np.asarray(found["mu_star_conf"], float),
            "mean": np.asarray(found["mu"], float),
            "spread": np.asarray(found["sigma"], float),
        }
    )
    return table.sort_values(["mean_size", "factor"], ascending=[False, True], ignore_index=True)


def kept_factors(table: pd.DataFrame, most: int, least: float) -> list[str]:
    """Factors whose mean size is at least the share `least` of the largest, `most` at the most.

    Raises:
        InputError: no factor moves the outcome.
    """
    largest = float(table["mean_size"].iloc[0])
    if not largest > 0:
        raise InputError(
            "no parameter moves this outcome",
            "Ask for another outcome, or a later year.",
        )
    return table.loc[table["mean_size"] >= least * largest, "factor"].head(most).tolist()


def swing_design(names: Sequence[str], repeats: int) -> Design:
    """Each factor low and high with the others central, all with the same numbers of chance."""
    centre = np.full((1, len(names)), 0.5)
    rows = [centre]
    for place in range(len(names)):
        for end in LOW_HIGH:
            one = centre.copy()
            one[0, place] = end
            rows.append(one)
    once = np.concatenate(rows)
    places = np.tile(once, (repeats, 1))
    chance = np.repeat(np.arange(repeats), len(once))
    return Design(tuple(names), places, chance, np.full(len(places), -1), len(once))


def swing_table(design: Design, outcome: Vector) -> pd.DataFrame:
    """Mean outcome at the centre and at both ends of each factor, the widest swing first.

    `low_error` and `high_error` are standard errors of the change from the centre, over chance.
    """
    runs = outcome.reshape(-1, design.block)
    centre = runs[:, 0]
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(design.names):
        low, high = (runs[:, 1 + 2 * place + end] - centre for end in (0, 1))
        rows.append(
            {
                "factor": name, "centre": centre.mean(), "low": centre.mean() + low.mean(),
                "high": centre.mean() + high.mean(), "low_error": _error(low),
                "high_error": _error(high),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    width = (table["high"] - table["low"]).abs()
    return table.iloc[np.argsort(-width.to_numpy(), kind="stable")].reset_index(drop=True)


def _error(values: Vector) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def sobol_design(names: Sequence[str], samples: int, seed: int) -> Design:
    """Saltelli's design over the named factors, the rest together, and chance.

    `samples` is a power of two, as the Sobol sequence needs.
    """
    from SALib.sample import sobol

    problem = _problem([*names, REST, CHANCE])
    unit = sobol.sample(problem, samples, calc_second_order=False, seed=seed)
    numbers = np.minimum((unit[:, -2:] * NUMBERS).astype(np.int64), NUMBERS - 1)
    inside = np.clip(unit[:, :-2], 1e-9, 1 - 1e-9)
    return Design(tuple(names), inside, numbers[:, 1], numbers[:, 0], len(names) + 4)


def sobol_table(design: Design, outcome: Vector, seed: int) -> pd.DataFrame:
    """First-order and total indices with 95 % half widths, the largest total first.

    Indices are shares of the variance of the outcome over runs; that of `chance` is the share of
    noise and of cells that are imputed anew in each run. `of_parameters` is the total index as a
    share of what is left without chance.

    Raises:
        InputError: the outcome is the same in all runs.
    """
    from SALib.analyze import sobol

    if np.ptp(outcome) == 0:
        raise InputError("the outcome is the same in all runs", "Ask for another, or a later year.")
    names = [*design.names, REST, CHANCE]
    found = sobol.analyze(
        _problem(names), outcome, calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=CONFIDENCE, seed=seed,
    )  # fmt: skip
    table = pd.DataFrame(
        {
            "factor": names,
            "first_order": np.asarray(found["S1"], float),
            "first_order_half_width": np.asarray(found["S1_conf"], float),
            "total": np.asarray(found["ST"], float),
            "total_half_width": np.asarray(found["ST_conf"], float),
        }
    )
    noise = float(np.clip(table["total"].iloc[-1], 0, 1))
    left = (table["total"] / (1 - noise)).where(table["factor"] != CHANCE) if noise < 1 else np.nan
    table = table.assign(of_parameters=left, samples=len(outcome) // design.block)
    return table.sort_values(["total", "factor"], ascending=[False, True], ignore_index=True)
