"""How well gaps in the trade table are filled: hide years that are reported and fill them.

    python benchmarks/trade_gaps.py RAW

Hides 2007-2013 of the Observatory's table (as long a gap as 2015 to 2023) for all pairs, and
2012-2013 for the pairs of the input-output tables. Prints the median absolute log error over
flows above 1 mn USD, and the error of the sum over flows, for the rule and for plain lines.
"""

from __future__ import annotations

import sys

import numpy as np

from worldorder.data.builders import trade_history as history
from worldorder.data.panel import panel
from worldorder.data.sources import Raw


def error(truth: history.Array, made: history.Array, hidden: history.Array) -> str:
    """Median and value-weighted absolute log error where both are there."""
    both = hidden & (truth > 1e3) & np.isfinite(made) & (made > 0)
    off = np.abs(np.log(made[both] / truth[both]))
    weighted = np.average(off, weights=truth[both])
    return f"{both.sum():>7,} flows  median {np.median(off):.3f}  by value {weighted:.3f}"


def main(folder: str) -> None:
    """Print the errors."""
    raw = Raw.of(folder)
    flows = history.observatory(raw)
    cube = history.Cube.of(sorted(set(flows["exporter"]) | set(flows["importer"])))
    history._laid(cube, flows, history.OEC)
    imports = history.goods_imports(raw, cube.codes)
    tables = history._tables_of(raw, cube)
    nothing = np.full(tables.shape, np.nan)
    year = np.arange(history.FIRST, history.LAST + 1)[:, None, None]
    in_tables = np.isfinite(tables).any(axis=0)
    for title, hidden in (
        ("2007-2013, all pairs", (year >= 2007) & (year <= 2013) & np.isfinite(cube.value)),
        ("2012-2013, pairs of the tables", (year >= 2012) & (year <= 2013) & in_tables),
    ):
        kept = np.where(hidden, np.nan, cube.value)
        print(title)
        for name, size, guide in (
            ("  plain line", np.ones_like(imports), nothing),
            ("  with imports", imports, nothing),
            ("  with imports and tables", imports, tables),
        ):
            made, _, _ = history.completed(kept, size, guide)
            print(f"{name:<28}{error(cube.value, made, hidden)}")


if __name__ == "__main__":
    print(f"panel: {len(panel('trade')):,} rows")
    main(sys.argv[1])
