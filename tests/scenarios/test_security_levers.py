"""Levers of security compile to what they say, and bad ones say what is wrong and where."""

import numpy as np
import pytest

from catalogues import panel_catalogue
from worldorder.dynamics.levers import BodyLever, DyadLever
from worldorder.errors import ScenarioError
from worldorder.scenarios import load_scenario
from worldorder.scenarios.compile import compile_scenario


def acts(tmp_path, text, **switches):
    """Last value of each dyad by kind of lever."""
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    catalogue = panel_catalogue()
    levers = compile_scenario(load_scenario(path), catalogue).levers
    names = catalogue.entities.country
    found = {}
    for step, slot in zip(*np.nonzero(np.asarray(levers.dyad_actor) < len(names)), strict=True):
        pair = (
            names[int(levers.dyad_actor[step, slot])],
            names[int(levers.dyad_partner[step, slot])],
        )
        kind = DyadLever(int(levers.dyad_kind[step, slot]))
        found[kind, *pair] = (int(step), float(levers.dyad_value[step, slot]))
    return found


@pytest.mark.parametrize(("switch", "strength"), [("on", 1.0), ("off", 0.0)])
def test_a_concert_is_symmetric_and_each_part_is_switchable(tmp_path, switch, strength):
    found = acts(tmp_path, f"extends: concert\nswitches: {{consultation: {switch}}}\n")
    consults = {k[1:]: v for k, v in found.items() if k[0] == DyadLever.CONSULTATION}
    assert consults.get(("USA", "DEU"), (0, 0.0))[1] == strength
    assert consults.get(("DEU", "USA")) == consults.get(("USA", "DEU"))
    vetoes = {k[1:] for k in found if k[0] == DyadLever.VETO}
    assert vetoes == {(c, c) for c in ("USA", "RUS", "CHN")}
    recognised = {k[1:] for k in found if k[0] == DyadLever.RECOGNITION}
    assert ("USA", "RUS") in recognised
    assert not any(a == b for a, b in recognised)


def test_mediation_ends_and_pacts_go_both_ways(tmp_path):
    found = acts(
        tmp_path,
        "extends: baseline\nlevers:\n"
        "  - {type: mediation, actor: TUR, target: [RUS, UKR],"
        " date: 2026-01-01, until: 2027-01-01}\n"
        "  - {type: pact, actor: USA, target: SAU, date: 2026-01-01}\n"
        "  - {type: pact, actor: USA, target: PHL, date: 2026-01-01, ends: on, mutual: off}\n"
        "  - {type: exercise, actor: [USA, PHL], target: CHN, intensity: 0.5, date: 2026-04-01}\n",
    )
    assert found[DyadLever.MEDIATION, "TUR", "UKR"] == (8, 0.0)
    assert found[DyadLever.PACT, "SAU", "USA"] == found[DyadLever.PACT, "USA", "SAU"] == (4, 1.0)
    assert found[DyadLever.PACT, "USA", "PHL"] == (4, 0.0)
    assert (DyadLever.PACT, "PHL", "USA") not in found
    assert found[DyadLever.EXERCISE, "PHL", "CHN"] == (5, 0.5)


def test_a_pact_that_ends_is_a_breach_unless_it_is_agreed(tmp_path):
    found = acts(
        tmp_path,
        "extends: baseline\nlevers:\n"
        "  - {type: pact, actor: USA, target: JPN, ends: on, date: 2026-01-01}\n"
        "  - {type: pact, actor: USA, target: KOR, ends: on, agreed: on, date: 2026-01-01}\n",
    )
    breaches = {k[1:] for k in found if k[0] == DyadLever.BREACH}
    assert breaches == {("USA", "JPN")}


@pytest.mark.parametrize(("scenario", "notices"), [("hostile", 1), ("amicable", 0)])
def test_only_a_hostile_separation_breaks_promises(scenario, notices):
    compiled = compile_scenario(load_scenario(f"{scenario}-separation"), panel_catalogue()).levers
    states = len(panel_catalogue().entities.country)
    acts = np.asarray(compiled.body_actor) < states
    kinds = np.asarray(compiled.body_kind)[acts]
    america = panel_catalogue().entities.country.index("USA")
    nato = panel_catalogue().entities.institution.index("NATO")
    body = np.asarray(compiled.body_institution)[acts]
    actor = np.asarray(compiled.body_actor)[acts]
    from_nato = kinds[(body == nato) & (actor == america)]
    assert (from_nato == BodyLever.NOTICE).sum() == notices
    assert (from_nato == BodyLever.EXIT).sum() == 1


@pytest.mark.parametrize(
    ("lever", "complaint"),
    [
        ("{type: consultation, actor: USA, date: 2027-01-01}", "two or more"),
        ("{type: mediation, actor: TUR, target: RUS, date: 2027-01-01}", "two or more"),
        ("{type: consultation, actor: [USA, CHM], date: 2027-01-01}", "CHM"),
        ("{type: pact, actor: USA, target: SAU, agreed: on, date: 2027-01-01}", "agreed"),
        ("{type: exercise, actor: USA, target: CHN, intensity: 2, date: 2027-01-01}", "intensity"),
    ],
)
def test_a_bad_lever_says_where(tmp_path, lever, complaint):
    with pytest.raises(ScenarioError, match=complaint) as told:
        acts(tmp_path, f"extends: baseline\nlevers:\n  - {lever}\n")
    assert "mine.yaml" in str(told.value)
    assert told.value.line == 3
