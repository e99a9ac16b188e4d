import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from rich.console import Console

from answers import REFERENCE, SCENARIO, small_pair
from worldorder.errors import ResultError
from worldorder.inference.hindcast.shipped import shipped_caveats
from worldorder.plots.flows import power_flows
from worldorder.plots.numbers import interval, signed
from worldorder.report.bodies import largest_bodies, largest_payers
from worldorder.report.new_bodies import new_bodies
from worldorder.report.table import below_line, print_answer, print_summary
from worldorder.report.trust import trust_in_words, trust_rows, verdict_of
from worldorder.report.votes import condemning_votes
from worldorder.report.words import (
    LIKELIHOOD,
    answer,
    change_in_words,
    likelihood,
    percent,
    verdict,
)
from worldorder.report.write import report_page, write_report
from worldorder.results.compare import Band
from worldorder.results.measures import LEADING, measure_of, state_mask
from worldorder.results.summary import summarise

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """What a browser would see: balance of tags, ids, addresses, headers, text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.addresses, self.starts, self.words = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.starts.append((tag, found))
        self.ids += [found["id"]] if "id" in found else []
        self.addresses += [found[key] for key in ("src", "href", "xlink:href") if key in found]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def job():
    return small_pair()


@pytest.fixture(scope="module")
def text(job):
    return report_page(job)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def summary(job):
    return summarise(job[SCENARIO], job[REFERENCE], SCENARIO)


def test_page_is_well_formed(page):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_page_loads_nothing(page, text):
    assert all(address.startswith(("#", "data:image/png;base64,")) for address in page.addresses)
    assert "http" not in text
    assert "@import" not in text
    assert not any(tag in ("script", "iframe", "link") for tag, _ in page.starts)


def test_inner_addresses_lead_somewhere(page):
    inner = {address[1:] for address in page.addresses if address.startswith("#")}
    assert inner
    assert inner <= set(page.ids)


def test_every_number_of_the_table_has_year_unit_and_bands(text, summary):
    plain = html.unescape(text)
    for row in summary.rows:
        start = plain.index(f">{row.title}<")
        entry = plain[start : plain.index("</tbody>", start)]
        assert str(row.year) in entry
        assert re.search(r'<span class="unit">\S', entry)
        factor = 100 if row.unit == "share" else 1
        digits = 2 if row.unit == "count" else 3
        found = row.difference
        assert signed(factor * found.median, digits) in entry
        assert interval(factor * found.low_80, factor * found.high_80, digits) in entry
        assert interval(factor * found.low_95, factor * found.high_95, digits) in entry


def test_pictures_have_names(page):
    pictures = [attrs for tag, attrs in page.starts if tag == "svg"]
    assert len(pictures) > 10
    for attrs in pictures:
        assert attrs["role"] == "img"
        assert set(attrs["aria-labelledby"].split()) <= set(page.ids)


def test_headers_have_scope_and_regions_have_names(page):
    assert all("scope" in attrs for tag, attrs in page.starts if tag == "th")
    regions = [attrs for _, attrs in page.starts if attrs.get("role") == "region"]
    assert all(attrs["aria-label"] and attrs["tabindex"] == "0" for attrs in regions)
    assert page.starts[0][1]["lang"] == "en"


def test_page_says_how_it_was_made(text, job):
    plain = html.unescape(text)
    assert job[SCENARIO].attrs["rerun"] in plain
    assert "Made up for a test." in plain
    assert "<in the end>" not in text
    assert "a-publisher (2024)" in plain
    assert "observed 90\u00a0%, imputed 10\u00a0%" in plain
    assert "budget" in plain


def test_report_is_written_whole(job, tmp_path):
    path = write_report(job, tmp_path / "report.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(ResultError):
        write_report({REFERENCE: job[REFERENCE]}, tmp_path / "other.html")
    with pytest.raises(ResultError):
        write_report(job, path / "report.html")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_words_of_likelihood_are_tied_to_numbers():
    assert likelihood(1.0) == "virtually certain"
    assert likelihood(0.9) == "very likely"
    assert likelihood(0.5) == "about as likely as not"
    assert likelihood(0.0) == "exceptionally unlikely"
    lowest = [share for share, _ in LIKELIHOOD]
    assert lowest == sorted(lowest, reverse=True)
    assert percent(0.999) == "over 99\u00a0%"
    assert percent(0.25) == "25\u00a0%"


def test_answer_follows_the_numbers(job, summary):
    """The trust of others falls in every run; turned round, it rises."""
    row = summary.row("trust_in_leading_state", "all other states", 2045)
    assert "a fall of" in verdict(row)
    assert "virtually certain: all runs" in verdict(row)
    turned = summarise(job[REFERENCE], job[SCENARIO].assign_attrs(reference=""), SCENARIO)
    assert "a rise of" in verdict(turned.row("trust_in_leading_state", "all other states", 2045))
    assert any("no change in any run" in sentence for sentence in answer(summary, "State AAA"))


def test_unclear_difference_is_called_unclear(job, summary):
    row = summary.row("gdp", "allies", 2045)
    noisy = {name: one.copy(deep=True) for name, one in job.items()}
    noisy[SCENARIO]["gdp"] += np.linspace(-1, 1.1, 20, dtype=np.float32)[:, None, None]
    unclear = summarise(noisy[SCENARIO], noisy[REFERENCE]).row("gdp", "allies", 2045)
    assert verdict(row).startswith("no change in any run: no mechanism")
    assert verdict(unclear).startswith("no clear change (+")


def test_one_is_singular_and_what_reads_as_zero_is_no_change(summary):
    row = summary.row("below_working_capacity", "bodies in question", 2045)
    one = Band(*(1.0,) * 5, 1.0, 0.0)
    assert change_in_words(replace(row, difference=one)).startswith("a rise of 1 body (")
    trust = summary.row("trust_in_leading_state", "all other states", 2045)
    small = replace(trust, difference=Band(*(-1e-6,) * 5, 0.0, 1.0))
    for said in (verdict(small), change_in_words(small)):
        assert said.startswith("no change to speak of (under 0.001\u00a0% points")
    wide = replace(trust, difference=Band(-1e-6, -0.1, 0.0, -0.1, 0.0, 0.0, 1.0))
    assert "a fall of under 0.001\u00a0% points" in change_in_words(wide)


def test_hegemony_stands_once_where_the_leading_state_is_the_strongest(job):
    alike = {name: one.assign(leading_hegemony=one["order_hegemony"]) for name, one in job.items()}
    for pair, rows in ((alike, 0), (job, 2)):
        found = summarise(pair[SCENARIO], pair[REFERENCE])
        assert sum(row.measure == "leading_hegemony" for row in found.headline) == rows
        assert found.row("leading_hegemony", "world", 2045) is not None


def test_the_first_screen_answers_and_says_how_far_to_trust_it(job, summary):
    console = Console(width=80, record=True)
    print_answer(summary, "State AAA", console)
    shown = console.export_text()
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80
    assert trust_in_words(summary.rows) in " ".join(shown.split())
    page = report_page(job)
    assert 0 < page.index("How far to trust it.") < page.index('<ul class="key">')


def test_table_on_the_command_line(summary):
    console = Console(width=110, record=True)
    print_summary(summary, console)
    shown = console.export_text()
    for theme in ("INSTITUTIONS", "MONEY", "ALIGNMENT", "TRADE AND REAL INCOME"):
        assert theme in shown
    assert "Who fills the gap" in shown
    assert "Below working capacity in 2045" in shown
    assert "BODY1*" in below_line(summary, 2045)


def test_power_by_supplies_is_shown_with_the_most_exposed(text, page):
    assert "supplies" in page.ids
    assert "What the largest economies could cost each other" in text
    part = text.split('id="supplies"')[1].split('id="parameters"')[0]
    rows = re.findall(r'scope="row">[^<]+</th><td>[^<]+</td><td>([0-9.]+)\s%', part)
    losses = [float(loss) for loss in rows]
    assert len(losses) == 15
    assert losses == sorted(losses, reverse=True)


def test_welfare_by_group_is_the_mean_weighted_by_gdp(job):
    result = job[SCENARIO]
    mask = state_mask(result, "allies")
    gdp, effect = (result[name].values[:, :, mask] for name in ("gdp", "real_income"))
    found = measure_of(result, "real_income", "allies").path
    assert np.allclose(found, (gdp * effect).sum(2) / gdp.sum(2), rtol=1e-6)


def test_every_quantity_says_what_its_hindcast_was_worth(text, summary):
    shown = {row.label for row in summary.rows}
    rows = trust_rows(summary.rows)
    assert [row.quantity for row in rows] == list(dict.fromkeys(row.label for row in summary.rows))
    assert {row.quantity for row in rows} == shown
    assert text.count("hindcast: ") >= len(summary.headline) / len(summary.years)
    known = shipped_caveats()
    said = html.unescape(text).replace("\u00a0", " ")
    assert known["ideal_point"]["sentence"] in said
    assert verdict_of("never heard of") == "never scored"


def test_causes_in_the_folder_are_shown(job, tmp_path):
    assert "Not computed for this job" in report_page(job, tmp_path)
    share = {"mean": -0.3, "standard_error": 0.02, "runs": {"low_80": -0.5, "high_80": -0.1}}
    found = {
        "reading": {"quantity": "gdp", "of": ["USA"], "measured": "sum"},
        "year": 2045,
        "whole": {"median": -0.31, "low_80": -0.5, "high_80": -0.1},
        "shares": [{"name": "tariffs <of 2025>", **share}],
        "sets": 2,
        "exact": True,
    }
    (tmp_path / "causes-gdp.json").write_text(json.dumps(found))
    page = report_page(job, tmp_path)
    assert "tariffs &lt;of 2025&gt;" in page
    assert "gdp, USA, 2045 (bn USD/year)" in page
    (tmp_path / "causes-gdp.json").write_text("{")
    with pytest.raises(ResultError, match="cannot be read as what worldorder causes writes"):
        report_page(job, tmp_path)


def test_power_that_changes_sides_is_all_power_of_others(job):
    result = job[SCENARIO]
    flows = power_flows(result, 2025, 2045)
    others = ~state_mask(result, LEADING)
    power = result["power_share"].values[:, -1][:, others].sum(1)
    np.testing.assert_allclose(flows.sum(axis=(1, 2)), power, rtol=1e-6)
    swapped = result.assign(opposes_leading_state=result["opposes_leading_state"].copy())
    swapped["opposes_leading_state"][:, -1] = 0.99
    swapped["aligns_with_leading_state"] = 0.005 + 0 * result["aligns_with_leading_state"]
    np.testing.assert_allclose(power_flows(swapped, 2025, 2045)[:, :, 2].sum(1), power, rtol=1e-6)


def with_new_bodies(dataset, without):
    """A result in which so many bodies were founded without the leading state, in two areas."""
    shape = (dataset.sizes["run"], dataset.sizes["time"])
    by_area = np.broadcast_to(np.asarray(without, float), (*shape, 2))
    seats = np.broadcast_to(np.arange(dataset.sizes["country"], dtype=float), (*shape, 6))
    total, dims = np.full(shape, float(sum(without))), ("run", "time")
    return dataset.assign_coords(area=["energy", "trade"]).assign(
        bodies_founded=(dims, total + 1),
        bodies_founded_without_leader=(dims, total),
        new_bodies_ended=(dims, 0 * total),
        new_body_revenue=((*dims, "area"), 10 * by_area),
        new_bodies_without_leader=((*dims, "area"), by_area),
        new_bodies=((*dims, "area"), by_area),
        paid_to_new_bodies=((*dims, "country"), seats),
        new_seats_without_leader=((*dims, "country"), seats),
    )


def test_bodies_founded_without_the_leading_state_are_listed(job):
    result, reference = (
        with_new_bodies(job[n], w) for n, w in ((SCENARIO, (2, 5)), (REFERENCE, (1, 4)))
    )
    found = new_bodies(result, reference)
    assert found is not None
    assert [row.name for row in found.areas] == ["trade", "energy"]
    assert found.areas[0].change == signed(1.0)
    assert found.totals[0].scenario.startswith("8 ")
    assert found.totals[3].reference.startswith("50 ")
    assert found.founders[0].name == str(result["country_name"].values[-1])
    page = Page(report_page({SCENARIO: result, REFERENCE: reference}))
    assert "without the leading state, by area of work" in " ".join(page.words)
    assert new_bodies(job[SCENARIO], job[REFERENCE]) is None  # of before they were recorded


def with_votes(dataset, yes, mark=3):
    """A result in which so many of the states voted yes in the year before a mark, one no."""
    shape = (dataset.sizes["run"], dataset.sizes["time"], dataset.sizes["country"])
    said_yes, said_no = np.zeros(shape), np.zeros(shape)
    said_yes[:, mark, :yes], said_no[:, mark, yes : yes + bool(yes)] = 1, 1
    left = np.zeros(shape[:2])
    left[:, mark] = shape[2] - yes - 1 if yes else 0
    return dataset.assign(
        votes_yes=(("run", "time"), said_yes.sum(2)),
        votes_no=(("run", "time"), said_no.sum(2)),
        votes_abstained=(("run", "time"), left),
        voted_yes=(("run", "time", "country"), said_yes),
        voted_no=(("run", "time", "country"), said_no),
    )


def test_condemning_votes_are_counted_and_voters_named(job):
    result, reference = with_votes(job[SCENARIO], 3), with_votes(job[REFERENCE], 0)
    found = condemning_votes(result, reference)
    assert found is not None
    assert [row.name for row in found.counts] == [
        "yes, 2027", "abstained or absent, 2027", "no, 2027",
    ]  # fmt: skip
    assert found.counts[0].scenario.startswith("3 ")
    assert {row.reference for row in found.counts} == {"no vote"}
    assert [row.yes for row in found.voters].count("100\u00a0%") == 3
    page = Page(report_page({SCENARIO: result, REFERENCE: reference}))
    assert "earlier votes let one expect 87 yes where 140 came" in " ".join(page.words)
    assert condemning_votes(reference, reference) is None  # nobody called
    assert condemning_votes(job[SCENARIO], job[REFERENCE]) is None  # of before they were recorded


def test_institutions_and_payers_are_listed_with_their_bands(job):
    pair = job[SCENARIO], job[REFERENCE]
    bodies, payers = largest_bodies(*pair), largest_payers(*pair)
    assert len(bodies) == pair[0].sizes["institution"]
    assert all(" to " in row.capacity_inner and " to " in row.leader_after for row in bodies)
    assert all(" to " in row.reference for row in payers)
