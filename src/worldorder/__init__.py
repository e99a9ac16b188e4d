"""worldorder: an open simulator of the international order."""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# What stands at the front door, and where it lives; loaded when first asked for.
_DOORS = {
    "Scenario": ("worldorder.scenarios", "Scenario"),
    "bargain": ("worldorder.bargaining", "bargain"),
    "blocs": ("worldorder.blocs", None),
    "common_memberships": ("worldorder.data.common_memberships", "common_memberships"),
    "compare": ("worldorder.results.compare", "compare"),
    "country": ("worldorder.data.countries", "country"),
    "decide": ("worldorder.results.deciding", "decide"),
    "load_scenario": ("worldorder.scenarios", "load_scenario"),
    "members": ("worldorder.data.institutions", "members"),
    "open_results": ("worldorder.results.files", "open_results"),
    "panel": ("worldorder.data.panel", "panel"),
    "run": ("worldorder.results.run", "run"),
    "run_pair": ("worldorder.results.run", "run_pair"),
    "states": ("worldorder.data.polities", "states"),
    "trade": ("worldorder.trade", None),
    "widened": ("worldorder.inference.widened", "widened"),
}


def __getattr__(name: str) -> Any:
    if name not in _DOORS:
        raise AttributeError(f"module 'worldorder' has no attribute {name!r}")
    module, attribute = _DOORS[name]
    found = importlib.import_module(module)
    return found if attribute is None else getattr(found, attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *_DOORS})
