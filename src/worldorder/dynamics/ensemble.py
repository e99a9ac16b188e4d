"""Many runs: in chunks of one shape, shared out over the devices of this machine.

On processors each device takes its runs one after the other, so that one run's state stays in
cache; on accelerators the runs of a chunk go through the step together. A device takes the same
number of runs in every chunk, so that a new number of runs compiles nothing, and a run's figures
depend neither on their number nor on that of the devices.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jax
import numpy as np
from jax import Array, lax
from jax.sharding import Mesh, PartitionSpec
from numpy.typing import NDArray

from worldorder.dynamics.levers import Levers
from worldorder.dynamics.metrics import measure
from worldorder.dynamics.programs import program
from worldorder.dynamics.simulate import Measure, simulate
from worldorder.dynamics.step import Run
from worldorder.mechanisms.catalogue import CATALOGUE, is_on
from worldorder.parameters.loader import Draws
from worldorder.random import stream_salt
from worldorder.state import Setting, World

RUNS_PER_DEVICE: Final = 8  # one shape for the compiled step, whatever the number of devices

Metrics = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Ensemble:
    """All that a set of runs needs: arrays only, no names and no files."""

    world: World
    setting: Setting
    levers: Levers
    focus: Array  # bool by institution
    draws: Draws  # mechanism -> name -> (runs,)
    switches: Mapping[str, bool]
    seed: int
    steps_per_year: int
    measured_as: Measure = measure  # what is kept at each mark
    chance: NDArray[np.int64] | None = None  # number that a run's chance is drawn by; None: its own

    @property
    def runs(self) -> int:
        """Number of runs for which parameters are drawn."""
        return next(len(values) for named in self.draws.values() for values in named.values())


def chunk_size() -> int:
    """Runs of a full chunk on the devices of this process."""
    return RUNS_PER_DEVICE * len(jax.local_devices())


def chunk_starts(runs: int) -> range:
    """Number of the first run of each chunk."""
    return range(0, runs, chunk_size())


def drawn_parameters(
    ensemble: Ensemble, numbers: NDArray[np.int64]
) -> dict[str, dict[str, NDArray[np.float32]]]:
    """Drawn parameters of the runs of a chunk, by mechanism and name."""
    return {
        mechanism: {
            name: values[numbers].astype(np.float32)
            for name, values in ensemble.draws[mechanism].items()
        }
        for mechanism in CATALOGUE
    }


def switches_and_salts(
    ensemble: Ensemble,
) -> tuple[dict[str, NDArray[np.bool_]], dict[str, NDArray[np.uint32]]]:
    """Switches and salts, the same for all runs."""
    switches = {name: np.asarray(is_on(name, ensemble.switches)) for name in CATALOGUE}
    names = [*CATALOGUE, "imputation", "politics_start"]
    return switches, {name: stream_salt(ensemble.seed, name) for name in names}


@functools.cache
def _chunk(steps_per_year: int, devices: tuple[Any, ...], measured_as: Measure) -> Any:
    """The chunk function for these devices, jitted."""
    together = devices[0].platform != "cpu"

    def one(world: World, setting: Setting, levers: Levers, focus: Array, run: Run) -> Any:
        return simulate(world, setting, levers, focus, run, steps_per_year, measured_as)

    def chunk(
        world: World,
        setting: Setting,
        levers: Levers,
        focus: Array,
        shared: tuple[dict[str, Array], dict[str, Array]],
        each: tuple[Array, dict[str, dict[str, Array]]],
    ) -> Any:
        def run(own: tuple[Array, dict[str, dict[str, Array]]]) -> Any:
            number, drawn = own
            parameters = {name: m.parameters(**drawn[name]) for name, m in CATALOGUE.items()}
            return one(world, setting, levers, focus, Run(number, parameters, *shared))

        return jax.vmap(run)(each) if together else lax.map(run, each)

    whole, split = PartitionSpec(), PartitionSpec("run")
    shared_out = jax.shard_map(
        chunk,
        mesh=Mesh(np.asarray(devices), ("run",)),
        in_specs=(whole, whole, whole, whole, whole, split),
        out_specs=split,
        check_vma=False,
    )
    return jax.jit(shared_out)


def _name(steps_per_year: int, measured_as: Measure) -> str | None:
    """What the chunk function depends on besides this package; None where that cannot be told."""
    name = getattr(measured_as, "__qualname__", "<")
    ours = str(getattr(measured_as, "__module__", "")).startswith("worldorder.")
    return f"{steps_per_year} {name}" if ours and "<" not in name else None


def run_chunk(ensemble: Ensemble, first: int) -> Metrics:
    """Quantities of the runs from number `first` to the end of its chunk.

    Shapes: (runs of the chunk, marks, ...). A last chunk that is not full is filled up with its
    last run, which is dropped again.
    """
    last = min(first + chunk_size(), ensemble.runs)
    numbers = np.minimum(np.arange(first, first + chunk_size()), last - 1)
    chance = numbers if ensemble.chance is None else ensemble.chance[numbers]
    each = (chance.astype(np.uint32), drawn_parameters(ensemble, numbers))
    arguments = (
        ensemble.world,
        ensemble.setting,
        ensemble.levers,
        ensemble.focus,
        *jax.device_put((switches_and_salts(ensemble), each)),
    )
    chunk = _chunk(ensemble.steps_per_year, tuple(jax.local_devices()), ensemble.measured_as)
    name = _name(ensemble.steps_per_year, ensemble.measured_as)
    done = program(name, chunk, arguments)(*arguments)
    return {name: np.asarray(values)[: last - first] for name, values in done.items()}


def run_ensemble(ensemble: Ensemble) -> Iterator[Metrics]:
    """Chunks of the ensemble, one after the other."""
    for first in chunk_starts(ensemble.runs):
        yield run_chunk(ensemble, first)
