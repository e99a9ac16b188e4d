"""What reports say beside each quantity: the hindcast of this version, read without its engine."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

CAVEATS: Final = "caveats.json"


@cache
def shipped_caveats() -> dict[str, Any]:
    """How each quantity did in the hindcast of this version, by target; empty before one is made.

    Each target has `meaning`, `skill_by_horizon` (over the best naive forecast), `best_baseline`,
    `share_in_80_band` and a `sentence` for readers.
    """
    file = resources.files("worldorder.inference.hindcast") / CAVEATS
    return json.loads(file.read_text("utf-8"))["targets"] if file.is_file() else {}
