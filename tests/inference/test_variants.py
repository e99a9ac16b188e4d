"""What a mechanism adds: paired scores, with uncertainty, resumed where the study was stopped."""

import numpy as np
import pytest

from worldorder.errors import InputError
from worldorder.inference.hindcast import variants
from worldorder.inference.hindcast.cells import MODEL, Cells, Unscored
from worldorder.inference.hindcast.run import asked_for
from worldorder.inference.hindcast.variants_page import variants_page
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.parameters.loader import load_parameters, override

STATES = np.array([f"S{k:03d}" for k in range(300)])


def made_cells(origin, shift):
    """A forecast that is off by `shift`."""
    draw = np.random.default_rng(origin)
    observed = draw.standard_normal(len(STATES))
    ensemble = shift + draw.standard_normal((len(STATES), 40))
    forecasts = {MODEL: ensemble, "persistence": np.zeros((len(STATES), 1))}
    return Cells("gdp", origin, 5, STATES, observed, forecasts)


@pytest.fixture
def simulator(monkeypatch):
    """A stand-in: growth helps, trust does nothing, threat harms, disputes are off at 2000."""
    ran = []

    class Job:
        def __init__(self, ready):
            self.ready = ready
            self.digest = repr((ready.year, sorted(ready.switches.items()), ready.fixed))

    class Ready:
        def __init__(self, year, switches, fixed=()):
            self.year, self.switches, self.fixed = year, switches, fixed

    def setout(year, without=()):
        off = {"disputes": False} if year == 1999 else {}
        return Ready(year, off | dict.fromkeys(without, False)), {}

    def simulated(job, horizons):
        ran.append(job.digest)
        on = {name: job.ready.switches.get(name, True) for name in CATALOGUE}
        arms = job.ready.switches.get("arming", False)  # ships switched off, and harms
        shift = 0.5 * (not on["growth"]) + 0.8 * on["threat"] + 0.6 * arms
        return {"shift": shift}, job.ready.year

    def cells_of(name, case, switches, refused):
        forecast, year = case
        return [made_cells(year, forecast["shift"])] if name == "gdp" else Unscored(name, year, "")

    def changed(ready, variant):
        switches = {**ready.switches, **dict.fromkeys(variant.off, False)}
        switches |= dict.fromkeys(variant.on, True)
        return Ready(ready.year, switches, variant.fixed)

    monkeypatch.setattr(variants, "setout", setout)
    monkeypatch.setattr(variants, "job_from", lambda ready, *_: Job(ready))
    monkeypatch.setattr(variants, "simulated", simulated)
    monkeypatch.setattr(variants, "case_of", lambda ready, forecast, *_, **__: forecast)
    monkeypatch.setattr(variants, "cells_of", cells_of)
    monkeypatch.setattr(variants, "changed", changed)
    return ran


ASKED = asked_for([2000, 2005], ["gdp", "dispute"], 4, 1)
NAMES = ["no-growth", "no-trust", "no-threat", "no-disputes"]


def test_what_helps_adds_what_harms_takes_away_and_what_does_nothing_is_seen(simulator):
    table = variants.contributions(ASKED, variants.chosen_variants(NAMES)).set_index("variant")
    assert table.loc["no-growth", "low"] > 0
    assert table.loc["no-threat", "high"] < 0
    width = table.loc["no-growth", "high"] - table.loc["no-growth", "low"]
    assert table.loc["no-growth", "standard_error"] == pytest.approx(width / 3.92, rel=0.15)
    assert table.loc["no-trust", ["added", "low", "high"]].tolist() == [0, 0, 0]
    assert not table.loc["no-trust", "moved"]
    assert table.loc["no-growth", "cells"] == 2 * len(STATES)
    assert table.loc["no-disputes", "cells"] == len(STATES)  # off at the other origin anyway
    assert set(table["target"]) == {"gdp"}


def test_a_mechanism_that_ships_off_is_judged_as_the_others_are(simulator):
    table = variants.contributions(ASKED, variants.chosen_variants(["with-arming"]))
    assert (table["high"] < 0).all()  # below 0: forecasts are better without it


def test_a_stopped_study_goes_on_and_gives_the_same_table(simulator, tmp_path):
    wanted = variants.chosen_variants(NAMES)
    done = []

    def stop(_):
        done.append(1)
        if len(done) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        variants.contributions(ASKED, wanted, tmp_path, stop)
    before = len(simulator)
    resumed = variants.contributions(ASKED, wanted, tmp_path)
    assert len(simulator) == 9  # each part once: 5 at the first origin less one, and 5
    assert before >= 3
    simulator.clear()
    whole = variants.contributions(ASKED, wanted)
    assert whole.equals(resumed)


def test_the_page_leads_with_what_adds_nothing(simulator):
    table = variants.contributions(ASKED, variants.chosen_variants(NAMES))
    record = {"origins": (2000, 2005), "runs": 4, "seed": 1, "version": "0", "made": "2026-01-01"}
    page = variants_page(table, record)
    assert "**No clear gain on any target**: no-trust, no-threat, no-disputes." in page
    assert "**No forecast moved at all**: no-trust, no-disputes." in page
    assert page.index("No clear gain") < page.index("| variant |")


def test_variants_are_switches_of_mechanisms_and_rival_forms_within_their_ranges():
    switched = {name for variant in variants.VARIANTS.values() for name in variant.off}
    running = {name for name, mechanism in CATALOGUE.items() if mechanism.on}
    unscored = {"capability", "orders", "votes"}  # rival forms; move nothing
    assert switched == running - unscored - {"assessment"}  # off at all origins: a rule of today
    for variant in variants.VARIANTS.values():
        assert set(variant.off) <= set(CATALOGUE)
        assert variant.off or variant.fixed or variant.on
        assert not any(CATALOGUE[name].on for name in variant.on)
        override(load_parameters(), dict(variant.fixed))
    with pytest.raises(InputError, match="no-trust"):
        variants.chosen_variants(["no-trus"])
