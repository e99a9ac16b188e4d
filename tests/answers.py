"""Synthetic results for tests: a pair of datasets of any size, drawn from a seed."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

from worldorder.results.measures import SIZE_CLASSES
from worldorder.variables import variables

REFERENCE, SCENARIO = "baseline", "withdrawal"
YEARS = np.arange(2025, 2046)


def small_pair(
    states: int = 6, bodies: int = 5, runs: int = 20, seed: int = 0
) -> dict[str, xr.Dataset]:
    """A job of two scenarios: the leading state leaves the bodies in focus in 2027."""
    reference = _dataset(REFERENCE, states, bodies, runs, seed, _world(states, bodies, runs, seed))
    after = _withdrawn(_world(states, bodies, runs, seed), reference, seed)
    return {REFERENCE: reference, SCENARIO: _dataset(SCENARIO, states, bodies, runs, seed, after)}


def _walk(draw, start, spread, runs, entities):
    steps = draw.normal(0, spread, (runs, YEARS.size, entities))
    steps[:, 0] = 0
    return start + steps.cumsum(axis=1)


def _world(states, bodies, runs, seed):
    draw = np.random.default_rng(seed)
    gdp = np.sort(draw.lognormal(5, 1.5, states))[::-1]
    trust = 1 / (1 + np.exp(-_walk(draw, draw.normal(0, 0.7, states), 0.08, runs, states)))
    trust[:, :, 0] = np.nan
    paid = draw.lognormal(2, 1, states) * (gdp / gdp.mean()) ** 0.5
    revenue = draw.lognormal(4, 1, bodies)
    growth = np.exp(_walk(draw, 0, 0.01, runs, states) + 0.02 * (YEARS - 2025)[:, None])
    joint = np.full((runs, YEARS.size, states), float(bodies))
    joint[:, :, 0] = 0
    return {
        "gdp": gdp * growth,
        "real_income": np.exp(_walk(draw, 0, 0.002, runs, states)),
        "trade": 0.5 * gdp * growth,
        "power_share": np.broadcast_to(gdp / gdp.sum(), joint.shape),
        "ideal_point": _walk(draw, np.linspace(2, -2, states), 0.06, runs, states),
        "trust_in_leading_state": trust,
        "joint_memberships": joint,
        "contribution": np.broadcast_to(2 * paid, joint.shape),
        "contribution_to_focus": np.broadcast_to(paid, joint.shape),
        "capacity": np.exp(_walk(draw, 0, 0.02, runs, bodies)),
        "revenue": np.broadcast_to(revenue, (runs, YEARS.size, bodies)),
        "members": np.full((runs, YEARS.size, bodies), float(states)),
        "paid_by_leading_state": np.broadcast_to(0.2 * revenue, (runs, YEARS.size, bodies)),
        "trade_residual": np.full((runs, YEARS.size), 1e-6),
        **_orders(draw, runs),
        "leading_hegemony": _share(draw, 0.8, runs),
        "opposing_power": _share(draw, 0.2, runs),
        "institution_health": _share(draw, 0.95, runs),
        "aligns_with_leading_state": _share(draw, 0.4, runs, states),
        "opposes_leading_state": _share(draw, 0.2, runs, states),
        "security": _share(draw, 0.5, runs, states),
        "standing": _share(draw, 0.3, runs, states),
    }


def _share(draw, start, runs, *entities):
    steps = draw.normal(0, 0.01, (runs, YEARS.size, *entities))
    steps[:, 0] = 0
    return np.clip(start + steps.cumsum(axis=1), 0, 1)


def _orders(draw, runs):
    starts = {
        "hegemony": 0.7,
        "concert": 0.6,
        "coalition": 0.4,
        "multilateral": 0.1,
        "fragmentation": 0.2,
    }
    return {f"order_{name}": _share(draw, start, runs) for name, start in starts.items()}


def _withdrawn(world, reference, seed):
    draw = np.random.default_rng(seed + 1)
    left = (YEARS >= 2027)[None, :, None]
    focus = reference["focus"].values[None, None, :]
    loss = draw.uniform(0.3, 0.8, focus.shape[-1]) * draw.uniform(0.8, 1.2, (focus.shape[1], 1))
    fade = 1 - np.exp(-0.5 * np.clip(YEARS - 2026, 0, None))[None, :, None]
    joint, trust = world["joint_memberships"], world["trust_in_leading_state"]
    paid = world["contribution_to_focus"].copy()
    gap = paid[:, :, :1] * left
    paid[:, :, :1] -= gap
    shift = draw.uniform(0.2, 0.6, (paid.shape[0], 1, 1)) / (paid.shape[2] - 1)
    paid[:, :, 1:] += gap * shift
    return {
        **world,
        "standing": np.clip(world["standing"] - 0.05 * fade, 0, 1),
        "order_hegemony": np.clip(world["order_hegemony"] - 0.3 * fade[:, :, 0], 0, 1),
        "capacity": world["capacity"] * (1 - focus * fade * loss),
        "revenue": world["revenue"] * (1 - 0.4 * focus * left),
        "joint_memberships": joint - left * (joint > 0) * focus.sum(),
        "trust_in_leading_state": trust * (1 - 0.1 * fade),
        "contribution_to_focus": paid,
        "paid_by_leading_state": world["paid_by_leading_state"] * (1 - focus * left),
    }


def _dataset(name, states, bodies, runs, seed, world):
    draw = np.random.default_rng(seed + 2)
    codes = [f"{chr(65 + i // 26)}{chr(65 + i % 26)}{chr(65 + i % 26)}" for i in range(states)]
    groups = np.array(["leading state", "allies", "rivals", "rest"])
    coords = {
        "run": np.arange(runs),
        "time": np.array([f"{year}-01-01" for year in YEARS], dtype="datetime64[ns]"),
        "country": codes,
        "country_name": ("country", [f"State {code}" for code in codes]),
        "country_group": ("country", groups[np.r_[0, 1 + np.arange(states - 1) % 3]]),
        "latitude": ("country", draw.uniform(-50, 65, states)),
        "longitude": ("country", draw.uniform(-170, 170, states)),
        "institution": [f"BODY{i}" for i in range(bodies)],
        "institution_name": ("institution", [f"Body for purpose {i}" for i in range(bodies)]),
        "institution_area": (
            "institution",
            ["climate", "trade"] * (bodies // 2) + ["law"] * (bodies % 2),
        ),
        "size_class": ("institution", np.resize(SIZE_CLASSES, bodies)),
        "budget_imputed": ("institution", np.arange(bodies) % 3 == 1),
        "focus": ("institution", np.arange(bodies) < (bodies + 1) // 2),
    }
    entries = variables()
    data = {
        key: (
            ("run", "time", *entries[key].dims),
            np.asarray(values, np.float32),
            {"unit": entries[key].unit, "long_name": entries[key].label},
        )
        for key, values in world.items()
    }
    return xr.Dataset(data, coords, _attrs(name, runs, seed, codes[0]))


def _attrs(name, runs, seed, leading):
    parameters = {
        "funding": {
            "replacement_elasticity": {
                "value": 0.3,
                "unit": "1",
                "distribution": "normal",
                "range": [0.0, 1.0],
                "standard_error": 0.1,
                "status": "assumed",
                "source": "Made up for a test.",
                "meaning": "Share of a gap that others fill <in the end>.",
            },
            "paralysis_threshold": {
                "value": 0.5,
                "unit": "1",
                "distribution": "uniform",
                "range": [0.4, 0.6],
                "standard_error": None,
                "status": "assumed",
                "source": "Made up for a test.",
                "meaning": "Capacity below which a body is reported as below working capacity.",
            },
        }
    }
    gdp = {
        "meaning": "Gross domestic product",
        "unit": "bn USD/year",
        "years": [1960, 2024],
        "sources": ["a-publisher"],
        "vintages": ["2024"],
        "terms": ["CC BY 4.0"],
        "flags": {"imputed": 0.1, "observed": 0.9},
    }
    manifest = {"variables": {"gdp": gdp}}
    return {
        "scenario": f"name: {name}\ntitle: What if State AAA leaves?\n",
        "reference": REFERENCE,
        "seed": seed,
        "runs": runs,
        "steps_per_year": 4,
        "parameters": json.dumps(parameters),
        "manifest": json.dumps(manifest),
        "versions": json.dumps({"worldorder": "0.1.0"}),
        "leading_state": leading,
        "rerun": f"worldorder run {name} --runs {runs} --seed {seed}",
    }
