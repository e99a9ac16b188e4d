"""Estimates as files: parameters in the form of the shipped ones, and their covariance."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from worldorder.errors import ResultError
from worldorder.inference.door.estimates import Estimates
from worldorder.parameters.loader import Parameter
from worldorder.results.files import write_whole

DIGITS = 5  # significant, in the file


def _plain(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _outward(low: float, high: float, value: float) -> list[float]:
    """The range in few digits, with the value inside."""
    return [min(_plain(low), value), max(_plain(high), value)]


def entry(parameter: Parameter) -> dict[str, Any]:
    """A parameter as it stands in a file."""
    kept = parameter.model_dump(mode="json", exclude_none=True)
    kept["value"] = _plain(parameter.value)
    kept["range"] = _outward(*parameter.range, kept["value"])
    if parameter.standard_error:
        kept["standard_error"] = _plain(parameter.standard_error)
    for name in ("range", "sample", "correlation"):
        if name in kept:
            kept[name] = _on_one_line(kept[name])
    if not parameter.correlation:
        del kept["correlation"]
    return kept


def _on_one_line(value: Any) -> Any:
    held = CommentedMap(value) if isinstance(value, Mapping) else CommentedSeq(value)
    held.fa.set_flow_style()
    return held


def parameter_text(found: Iterable[Estimates], command: str) -> str:
    """The YAML of a vintage: mechanism, name, entry."""
    tree = {e.mechanism: {n: entry(p) for n, p in e.parameters.items()} for e in found}
    writer = YAML()
    writer.width = 96
    stream = io.StringIO()
    stream.write(f"# Written by `{command}`, {datetime.date.today().isoformat()}.\n")
    writer.dump(tree, stream)
    return stream.getvalue()


def read_text(path: Path) -> Mapping[str, Any]:
    """Entries of a vintage by mechanism; empty where there is no file.

    Raises:
        ResultError: it is no file of estimates.
    """
    if not path.exists():
        return {}
    try:
        return YAML(typ="safe").load(path.read_text("utf-8")) or {}
    except Exception as error:
        raise ResultError(f"cannot be read: {error}", "Remove it.", file=path) from None


def write_covariance(found: Estimates, folder: Path, to: int) -> Path:
    """Covariance of the estimates on the scale on which runs draw, one CSV a mechanism."""
    frame = pd.DataFrame(found.covariance, index=found.names, columns=found.names)
    path = folder / f"{found.mechanism}-{to}-covariance.csv"
    return write_whole(path, lambda file: frame.to_csv(file, index_label="parameter") and None)
