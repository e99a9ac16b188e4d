"""Cost of a whole gradient: one run of 80 quarters forward, and in reverse mode for all parameters.

Each quarter is computed again on the way back instead of being kept. Draws stand still, so the
gradient is that of a path with the same chance: it sees nothing of events that would come or go.
Run it as `python benchmarks/gradient.py`; compiling takes some minutes on a free machine.
"""

from __future__ import annotations

import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from worldorder.dynamics import simulate as simulation
from worldorder.dynamics.ensemble import Ensemble, drawn_parameters, switches_and_salts
from worldorder.dynamics.step import Run
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.results.run import prepare
from worldorder.scenarios import load_scenario

REPEATS = 5
MEBI = 2**20


def spread_at_end(ensemble: Ensemble, drawn: Any) -> jax.Array:
    """Spread of ideal points after the run, a number that most mechanisms bear on."""

    def kept(world: Any, *_: object) -> dict[str, jax.Array]:
        return {"ideal_point": world.ideal_point}

    parameters = {name: m.parameters(**drawn[name]) for name, m in CATALOGUE.items()}
    run = Run(jnp.uint32(0), parameters, *switches_and_salts(ensemble))
    found = simulation.simulate(
        ensemble.world, ensemble.setting, ensemble.levers, ensemble.focus, run,
        ensemble.steps_per_year, kept, differentiable=True,
    )  # fmt: skip
    return found["ideal_point"][-1].std()


def timed(name: str, function: Any, drawn: Any) -> Any:
    """Print seconds of processor time (median) and the memory of intermediate results."""
    compiled = jax.jit(function).lower(drawn).compile()
    made = jax.block_until_ready(compiled(drawn))
    seconds: list[float] = []
    for _ in range(REPEATS):
        begin = time.process_time()
        jax.block_until_ready(compiled(drawn))
        seconds.append(time.process_time() - begin)
    memory = compiled.memory_analysis().temp_size_in_bytes / MEBI
    print(f"{name:10} {np.median(seconds):7.3f} s {memory:8.1f} MiB")
    return made


def main() -> None:
    """Measure and print."""
    ensemble = prepare(load_scenario("baseline"), 1, seed=1).ensemble
    one = drawn_parameters(ensemble, np.array([0]))
    drawn = {m: {n: jnp.asarray(v[0]) for n, v in named.items()} for m, named in one.items()}
    timed("forward", lambda d: spread_at_end(ensemble, d), drawn)
    simulation.take_step = jax.checkpoint(simulation.take_step)
    _, slope = timed("reverse", jax.value_and_grad(lambda d: spread_at_end(ensemble, d)), drawn)
    bad = [f"{m}.{n}" for m, named in slope.items() for n, x in named.items() if not np.isfinite(x)]
    print(f"gradients that are not finite: {', '.join(bad) or 'none'}")


if __name__ == "__main__":
    main()
