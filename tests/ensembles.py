"""Small ensembles for tests."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from worldorder.dynamics.ensemble import Ensemble, run_ensemble
from worldorder.dynamics.levers import BodyLever, DyadLever, Levers
from worldorder.parameters.loader import draw_parameters, load_parameters
from worlds import small_world

STATES, BODIES = 6, 5


def levers(steps, dyads=(), bodies=(), leaders=(), elections=None):
    """Levers from tuples: dyads (step, kind, actor, partner, value), bodies (step, kind, actor,
    institution, value), leaders (step, state). One lever of each kind a step at the most."""
    width = 4
    dyad = [np.full((steps, width), fill) for fill in (0, STATES, 0)] + [np.zeros((steps, width))]
    body = [np.full((steps, width), fill) for fill in (0, STATES, 0)] + [np.zeros((steps, width))]
    for table, entries in ((dyad, dyads), (body, bodies)):
        used = dict.fromkeys(range(steps), 0)
        for step, *entry in entries:
            for column, value in zip(table, entry, strict=True):
                column[step, used[step]] = value
            used[step] += 1
    change = np.zeros((steps, STATES), bool)
    for step, state in leaders:
        change[step, state] = True
    arrays = [
        jnp.asarray(a, jnp.int32 if i % 4 < 3 else jnp.float32) for i, a in enumerate(dyad + body)
    ]
    votes = jnp.zeros((steps, STATES), jnp.int32)
    return Levers(
        *arrays,
        call_sender=jnp.full((steps, 1), STATES),
        call_target=jnp.full((steps, 1), STATES),
        call_intensity=jnp.zeros((steps, 1)),
        call_pressure=jnp.zeros((steps, 1)),
        leader_change=jnp.asarray(change),
        election=votes if elections is None else jnp.asarray(elections, jnp.int32),
        election_ahead=jnp.zeros((steps, STATES)),
        tit_for_tat=jnp.zeros((steps, STATES)),
        reactive=jnp.zeros((steps, STATES)),
    )


def ensemble(runs=4, years=4, steps_per_year=4, seed=3, switches=None, world=None, **acts):
    steps = years * steps_per_year
    start, setting = world or small_world(STATES, BODIES, years=years, steps=steps)
    return Ensemble(
        world=start,
        setting=setting,
        levers=levers(steps, **acts),
        focus=jnp.arange(BODIES) < 2,
        draws=draw_parameters(load_parameters(), seed, runs),
        switches=switches or {},
        seed=seed,
        steps_per_year=steps_per_year,
    )


def run(**settings):
    """Quantities of a small ensemble, runs stacked."""
    chunks = list(run_ensemble(ensemble(**settings)))
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


TARIFF_WAR = {"dyads": [(4, DyadLever.TARIFF, 0, 1, 0.5), (4, DyadLever.TARIFF, 1, 0, 0.5)]}
WITHDRAWAL = {
    "bodies": [(2, BodyLever.NOTICE, 0, 1, 0.0), (6, BodyLever.EXIT, 0, 1, 0.0)],
}
