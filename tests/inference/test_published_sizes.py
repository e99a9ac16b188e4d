"""Estimates of security beside the literature: none is left out, the page says what is held."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from worldorder.inference.published import (
    Finding,
    estimated,
    page,
    read_published,
    uncovered,
    verdict,
)
from worldorder.parameters.loader import Parameter

FOLDER = Path(__file__).parents[2] / "docs" / "validation"


def test_every_estimate_has_a_finding_or_a_reason():
    assert uncovered(read_published(FOLDER)) == []


def test_every_row_names_an_estimate_and_what_it_rests_on():
    found, ours = read_published(FOLDER), estimated()
    for row in (*found.findings, *found.without):
        for name in row.parameters:
            assert any(fnmatch(one, name) for one in ours), name
    for finding in found.findings:
        assert finding.size
        assert finding.read != "recalled" or finding.doi is None or finding.doi_recalled


def test_the_page_is_written_from_the_table():
    assert (FOLDER / "published.md").read_text("utf-8") == page(read_published(FOLDER)), (
        "write it anew: python -m worldorder.inference.published"
    )


@pytest.mark.parametrize(
    ("sign", "size", "value", "said"),
    [
        ("lowers", None, -0.5, "same sign"),
        ("raises", None, -0.5, "**opposite sign**"),
        ("raises", None, 0.1, "not told from nothing here (same sign)"),
        ("none", None, 0.1, "none here either"),
        ("lowers", -0.6, -0.5, "same sign; the published size is within our error"),
        ("lowers", -0.9, -0.5, "same sign; the published size is outside our error"),
    ],
)
def test_verdicts_compare_sign_and_size(sign, size, value, said):
    ours = Parameter(
        value=value, unit="1", distribution="normal", range=(-2, 2), standard_error=0.1,
        status="estimated", source="a test of verdicts", sample=(1950, 2000), meaning="an effect",
    )  # fmt: skip
    finding = Finding(
        parameters=("disputes.onset_pact",), sign=sign, size="", value=size, reference="x",
        sample="", read="text",
    )  # fmt: skip
    assert verdict(finding, "disputes.onset_pact", ours) == said
