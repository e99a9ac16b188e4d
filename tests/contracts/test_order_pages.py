"""The pages of the order indices say what the parameters are."""

import re
from pathlib import Path

import pytest

from worldorder.parameters.loader import load_parameters
from worldorder.results.orders import ORDERS

DOCS = Path(__file__).parents[2] / "docs" / "orders"
ROW = re.compile(r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) to ([\d.]+) \|", re.MULTILINE)


@pytest.mark.parametrize("order", ORDERS)
def test_thresholds_on_the_page_are_those_that_are_drawn(order):
    rows = ROW.findall((DOCS / f"{order}.md").read_text("utf-8"))
    assert rows
    for name, value, low, high in rows:
        known = load_parameters()["orders"][name]
        assert (float(value), (float(low), float(high))) == (known.value, tuple(known.range))
