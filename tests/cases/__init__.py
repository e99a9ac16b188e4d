"""Published results restated as small cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def case(name: str) -> Any:
    """The case in `name`.yaml."""
    return YAML(typ="safe").load((Path(__file__).parent / f"{name}.yaml").read_text("utf-8"))
