"""What moved one state in one run: terms and happenings in the order of time, with their sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from worldorder.dynamics.trace import PARTS, STANCE_TERMS, Path, traced_run
from worldorder.errors import InputError, did_you_mean
from worldorder.results.compare import Draws
from worldorder.results.job import Job

if TYPE_CHECKING:
    import pandas as pd

UNITS: Final = {
    "stance": "probability to align less that to oppose",
    "align": "log odds of aligning over hedging",
    "oppose": "log odds of opposing over hedging",
    "ideal_point": "ideal point",
    "trust": "logit",
    "gdp": "% (log points) of GDP",
    "approval": "share",
    "orientation": "-1 to 1",
}
TOWARD: Final = ("stance", "align", "oppose", "trust")  # quantities that a state has toward another
REST: Final = "what the terms leave"
_WORDS: Final = {
    "was_aligned": "pact in force",
    "was_opposed": "rivalry or dispute",
    "affinity_gap": "distance in votes",
    "regime_gap": "distance in regime",
    "distance": "distance on the map",
    "dependence": "dependence in trade",
    "aligned_neighbours": "neighbours that align",
    "opposed_neighbours": "neighbours that oppose",
    "menace": "remembered threats",
}
_KINDS: Final = {"events": "acts and chance", "drift": "drift"}
_SAME: Final = 1e-9
_WAY: Final = 200  # points along the way of a step


@dataclass(frozen=True)
class Happening:
    """A dated fact of a run, and its size."""

    when: float  # year, with its fraction
    what: str
    size: float
    unit: str


@dataclass(frozen=True)
class Trace:
    """Path of a quantity of one state in one run, and the terms that its changes are made of."""

    scenario: str
    run: int
    state: str
    toward: str
    quantity: str
    unit: str
    when: Draws  # year of each level, with its fraction
    level: Draws
    terms: dict[str, Draws]  # change over the step that begins at `when`, one less than levels
    happenings: tuple[Happening, ...]

    @property
    def years(self) -> NDArray[np.int64]:
        """Calendar years that the run passes through."""
        return np.unique(np.floor(self.when[:-1] + 1e-6).astype(np.int64))

    def by_year(self) -> dict[str, Draws]:
        """Terms summed over the steps of each year."""
        year = np.floor(self.when[:-1] + 1e-6).astype(np.int64)
        return {
            name: np.array([steps[year == one].sum() for one in self.years])
            for name, steps in self.terms.items()
        }

    def total(self) -> dict[str, float]:
        """Terms over the whole run, the largest first."""
        whole = {name: float(steps.sum()) for name, steps in self.terms.items()}
        return dict(sorted(whole.items(), key=lambda one: -abs(one[1])))


def trace(job: Job, run: int, country: str, toward: str, quantity: str = "stance") -> Trace:
    """Trace one state through one run.

    Args:
        job: the scenario, made ready.
        run: its number, from 0.
        country: code of the state.
        toward: code of the great power that stance and trust are toward, and whose acts are listed.
        quantity: one of `UNITS`.

    Raises:
        InputError: an unknown quantity, run or state, or a power that is not a great power.
    """
    codes = [str(code) for code in job.frame.coordinates["country"][1]]
    names = [str(name) for name in job.frame.coordinates["country_name"][1]]
    _check(job, run, quantity)
    state, power = codes.index(country), codes.index(toward)
    powers = np.asarray(job.ensemble.setting.great_power).tolist()
    if power not in powers:
        known = ", ".join(codes[one] for one in powers)
        raise InputError(f"{toward} is not among the great powers", f"Take one of {known}.")
    if state == power:
        raise InputError(f"{country} is traced toward itself", "Give another with --toward.")
    path = traced_run(job.ensemble, run, state, powers.index(power))
    when = job.scenario.start.year + np.arange(len(path["gdp"])) / job.scenario.steps_per_year
    taken = {"stance": _stance, "align": _odds, "oppose": _odds}.get(quantity, _moved)
    level, terms = taken(path, quantity)
    return Trace(
        job.name,
        run,
        names[state],
        names[power],
        quantity,
        UNITS[quantity],
        when,
        level,
        {name: steps for name, steps in terms.items() if np.abs(steps).max(initial=0) > _SAME},
        tuple(_happenings(path, when, names[state], names[power])),
    )


def trace_table(found: Trace) -> pd.DataFrame:
    """All of a trace as one long table: when, kind, name, value, unit."""
    import pandas as pd

    rows: list[tuple[float, str, str, float, str]] = [
        (float(when), "level", found.quantity, float(level), found.unit)
        for when, level in zip(found.when, found.level, strict=True)
    ]
    for name, steps in found.terms.items():
        moved = zip(found.when[:-1], steps, strict=True)
        rows += [(float(when), "term", name, float(step), found.unit) for when, step in moved]
    rows += [(one.when, "happening", one.what, one.size, one.unit) for one in found.happenings]
    kinds = ["level", "term", "happening"]
    ordered = sorted(rows, key=lambda row: (row[0], kinds.index(row[1])))
    return pd.DataFrame(ordered, columns=["year", "kind", "name", "value", "unit"])


def _check(job: Job, run: int, quantity: str) -> None:
    if quantity not in UNITS:
        near = did_you_mean(quantity, UNITS)
        listed = f"Known: {', '.join(UNITS)}."
        raise InputError(f"cannot trace {quantity!r}", f"{near} {listed}" if near else listed)
    if not 0 <= run < job.ensemble.runs:
        raise InputError(f"no run {run}", f"Runs are 0 to {job.ensemble.runs - 1}.")


def _stance(path: Path, _quantity: str) -> tuple[Draws, dict[str, Draws]]:
    """Net stance, and its change by term of the utilities.

    The change over a step is followed along the straight line between its utilities, and each
    term counts with the slope on the way (Aumann and Shapley 1974, Values of Non-Atomic Games): the
    terms sum to the change.
    """
    terms = path["stance_terms"].astype(np.float64)  # (step, align or oppose, term)
    level = path["align"].astype(np.float64) - path["oppose"]
    utility, moved = terms.sum(axis=2), np.diff(terms, axis=0)
    slopes = np.zeros((len(moved), 2))
    for share in (np.arange(_WAY) + 0.5) / _WAY:
        slopes += _slopes(utility[:-1] + share * np.diff(utility, axis=0)) / _WAY
    return level, _by_term((moved * slopes[:, :, None]).sum(axis=1))


def _slopes(utility: Draws) -> Draws:
    """Of the net stance in the utilities of aligning and of opposing, shape (step, 2)."""
    align, hedge, oppose = (
        np.exp(one - utility.max(axis=1).clip(0.0))
        for one in (utility[:, 0], 0.0 * utility[:, 0], utility[:, 1])
    )
    total = align + hedge + oppose
    align, oppose = align / total, oppose / total
    net = align - oppose
    return np.stack([align * (1.0 - net), -oppose * (1.0 + net)], axis=1)


def _odds(path: Path, quantity: str) -> tuple[Draws, dict[str, Draws]]:
    """Log odds of a stance over hedging, which is the sum of its terms."""
    terms = path["stance_terms"][:, ("align", "oppose").index(quantity)].astype(np.float64)
    return terms.sum(axis=1), _by_term(np.diff(terms, axis=0))


def _by_term(moved: Draws) -> dict[str, Draws]:
    return {
        _WORDS.get(name, name.replace("_", " ")): moved[:, place]
        for place, name in enumerate(STANCE_TERMS)
    }


def _moved(path: Path, quantity: str) -> tuple[Draws, dict[str, Draws]]:
    """Level of a quantity that is stepped, and its change by mechanism."""
    level, parts = path[quantity].astype(np.float64), path[f"part_{quantity}"].astype(np.float64)
    if quantity == "gdp":
        level, parts = 100.0 * np.log(level), 100.0 * parts
    named = {f"{name}: {_KINDS[kind]}": parts[:-1, i] for i, (name, kind) in enumerate(PARTS)}
    rest = np.diff(level) - parts[:-1].sum(axis=1)
    label = "trade and its costs" if quantity == "gdp" else REST
    return level, {**named, label: np.where(np.abs(rest) > 1e-5, rest, 0.0)}


def _happenings(path: Path, when: Draws, state: str, power: str) -> list[Happening]:
    said = {
        "tariff": ("% points", 100.0, "changes tariffs on"),
        "threat": ("intensity", 1.0, "threatens"),
        "exercise": ("intensity", 1.0, "holds exercises against"),
        "sanction": ("share of an embargo", 1.0, "changes sanctions on"),
        "recognition": ("strength", 1.0, "recognises the sphere of"),
    }
    found: list[Happening] = []
    for name, (unit, factor, does) in said.items():
        received = f"{power} {does} {state}", path[f"{name}_received"]
        sent = f"{state} {does} {power}", path[f"{name}_sent"]
        for what, values in (received, sent):
            found += _dated(what, when, factor * values, unit)
    counts: dict[str, tuple[str, Any]] = {
        f"dispute of {state} and {power} changes level": ("level", path["dispute"]),
        f"defence pact of {state} and {power} begins (1) or ends (-1)": ("1", path["pact"]),
        f"{state} leaves bodies": ("bodies", path["left"]),
        f"{power} leaves bodies": ("bodies", path["left_by_power"]),
        f"{state} joins bodies": ("bodies", path["joined"]),
        f"new government in {state}": ("1", path["leader"]),
        f"new government in {power}": ("1", path["leader_of_power"]),
    }
    for what, (unit, values) in counts.items():
        found += _dated(what, when, values, unit)
    return sorted(found, key=lambda one: one.when)


def _dated(what: str, when: Draws, values: Any, unit: str) -> list[Happening]:
    return [
        Happening(float(when[place]), what, float(values[place]), unit)
        for place in np.flatnonzero(np.abs(values[:-1]) > 1e-4)
    ]
