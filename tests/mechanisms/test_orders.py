"""Order indices: textbook worlds, relabelling, bounds, and that each part moves its index."""

from dataclasses import fields, replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import values
from worldorder.mechanisms.order_view import (
    OrderView,
    broad_weight,
    institution_health,
    leader_absence,
    membership_likeness,
    power_mean,
    recorded_stance,
)
from worldorder.mechanisms.orders import (
    ORDERS,
    OrderParameters,
    order_indices,
    ordered_share,
    poles,
    trade_mixing,
)

N = 10
PARAMS = values(OrderParameters, "orders")


def view(power, leader=0, powers=(0, 1, 2, 3, 4), **parts):
    """A world without ties, quarrels or trade but for `parts`."""
    power = np.asarray(power, float) / np.sum(power)
    zero, member = np.zeros((N, N)), np.ones((N, N))
    held = {
        "power_share": power,
        "align": zero,
        "oppose": zero,
        "powers": powers,
        "leader": np.arange(N) == leader,
        "pact": zero,
        "dispute": zero,
        "shared_bodies": member,
        "affinity": member,
        "trade": member,
        "funding_share": power,
        "currency_share": power,
        "institution_health": 1.0,
        "leader_absence": 0.0,
    } | parts
    types = {"powers": np.int32, "leader": bool}
    return OrderView(
        **{name: jnp.asarray(a, types.get(name, jnp.float32)) for name, a in held.items()}
    )


def star(centre, among=range(N)):
    ties = np.zeros((N, N))
    ties[list(among), centre] = ties[centre, list(among)] = 1.0
    np.fill_diagonal(ties, 0.0)
    return ties


def profile(seen):
    return {name: float(value) for name, value in order_indices(seen, PARAMS).items()}


EQUAL = np.ones(N)
GIANT = np.r_[5.0, np.ones(N - 1)]
CAMPS = np.arange(N) % 2


def empire():
    only = np.arange(N) == 0
    return view(GIANT, align=star(0), pact=star(0), funding_share=only * 0.5, currency_share=only)


def two_camps():
    align, oppose = np.zeros((N, N)), np.zeros((N, N))
    for power in (0, 1):
        align[:, power] = power == CAMPS
        oppose[:, power] = power != CAMPS
    same = (CAMPS[:, None] == CAMPS[None, :]).astype(float)
    np.fill_diagonal(align, 0.0)
    return view(
        EQUAL, powers=(0, 1), align=align, oppose=oppose, pact=same, affinity=same, trade=same
    )


def ruins():
    """Everyone against everyone: no bodies in common, the great powers at war with each other."""
    none, all_ = np.zeros((N, N)), np.ones((N, N))
    return view(
        EQUAL,
        shared_bodies=none,
        affinity=none,
        oppose=all_,
        dispute=3 * all_,
        institution_health=0.0,
    )


@pytest.mark.parametrize(
    ("seen", "order"),
    [
        (empire(), "hegemony"),
        (view(EQUAL), "concert"),
        (two_camps(), "coalition"),
        (view(EQUAL, leader_absence=1.0, oppose=np.ones((N, N))), "multilateral"),
        (ruins(), "fragmentation"),
    ],
)
def test_a_textbook_world_shows_its_own_order(seen, order):
    found = profile(seen)
    assert found[order] > 0.7
    assert all(0.0 <= value <= 1.0 for value in found.values())


def test_war_among_great_powers_and_their_camps_end_a_concert():
    calm = profile(view(EQUAL))["concert"]
    war = np.zeros((N, N))
    war[:3, 3:5], war[3:5, :3] = 3, 3
    quarrel = np.where(war > 0, 1, 0)
    assert profile(view(EQUAL, dispute=war))["concert"] < calm - 0.3
    assert profile(view(EQUAL, dispute=quarrel))["concert"] == pytest.approx(calm)
    assert profile(view(EQUAL, oppose=np.ones((N, N))))["concert"] < calm - 0.3


def test_a_quarrel_with_another_power_s_client_contests_it_and_with_one_s_own_does_not():
    pact, dispute = star(1, (6, 7, 8)), np.zeros((N, N))
    dispute[0, 6:9] = dispute[6:9, 0] = 3
    theirs = profile(view(EQUAL, pact=pact, dispute=dispute))["concert"]
    own = profile(view(EQUAL, pact=star(0, (6, 7, 8)), dispute=dispute))["concert"]
    assert theirs < own


def test_a_power_shut_out_of_common_bodies_lowers_the_concert():
    shared = np.ones((N, N))
    shared[4, :], shared[:, 4] = 0.0, 0.0
    assert profile(view(EQUAL, shared_bodies=shared))["concert"] < profile(view(EQUAL))["concert"]


def test_there_is_no_coalition_without_opposition_and_no_multilateral_order_with_the_leader_in():
    found = profile(view(EQUAL))
    assert found["coalition"] == 0.0
    assert found["multilateral"] == 0.0


def test_indices_do_not_depend_on_the_order_of_the_states():
    order = np.random.default_rng(0).permutation(N)
    for seen in (empire(), two_camps(), ruins()):
        moved = {}
        for field in fields(seen):
            array = np.asarray(getattr(seen, field.name))
            if field.name == "powers":
                moved["powers"] = jnp.asarray(np.argsort(order)[array])
                continue
            for axis in range(array.ndim):
                array = np.take(array, order, axis)
            moved[field.name] = jnp.asarray(array)
        assert profile(OrderView(**moved)) == pytest.approx(profile(seen), abs=1e-5)


def test_what_is_not_known_is_left_out_and_not_taken_for_zero():
    nobody = np.full(N, np.nan)
    seen = replace(
        empire(), funding_share=jnp.asarray(nobody), institution_health=jnp.float32(jnp.nan)
    )
    found = profile(seen)
    assert set(found) == set(ORDERS)
    assert found["hegemony"] == pytest.approx(profile(empire())["hegemony"], abs=0.05)
    assert np.isfinite(found["fragmentation"])


def test_poles_camps_and_mixing_in_closed_form():
    assert float(poles(view(EQUAL))) == pytest.approx(5.0)
    assert float(poles(view(EQUAL, powers=(0,)))) == pytest.approx(1.0)
    assert float(ordered_share(two_camps())) == pytest.approx(0.5)
    assert float(trade_mixing(two_camps())) == pytest.approx(0.0, abs=1e-5)
    apart = replace(two_camps(), trade=jnp.ones((N, N)))
    assert float(trade_mixing(apart)) == pytest.approx(1.0)


def test_power_mean_turns_from_arithmetic_to_geometric():
    parts = [(jnp.float32(0.25), jnp.float32(1)), (jnp.float32(1.0), jnp.float32(1))]
    assert float(power_mean(parts, jnp.float32(1.0))) == pytest.approx(0.625)
    assert float(power_mean(parts, jnp.float32(1e-3))) == pytest.approx(0.5, abs=1e-3)


def test_bodies_health_counts_losses_only_and_the_leader_s_exit_is_absence():
    member = jnp.ones((4, 3), bool).at[0, 0].set(False)
    exists = jnp.ones(4, bool)
    weight = broad_weight(member, exists, jnp.float32(0.2), jnp.float32(0.5))
    assert float(leader_absence(member[0].astype(jnp.float32), weight)) == pytest.approx(1 / 3)
    one = jnp.ones(3)
    half = institution_health(one * 0.5, one * jnp.nan, one, weight)
    assert float(half) == pytest.approx(0.75)
    assert float(institution_health(one * 2, one, one, weight)) == pytest.approx(1.0)
    shared = np.asarray(membership_likeness(member))
    assert shared[1, 2] == pytest.approx(1.0)
    assert shared[0, 1] == pytest.approx(2 / np.sqrt(6))


def test_a_recorded_stance_is_no_more_than_certain():
    draw = np.random.default_rng(1)
    pact, rivalry = draw.integers(0, 2, (2, N, N)).astype(np.float32)
    dispute, like = draw.integers(0, 4, (N, N)).astype(np.float32), draw.random((N, N))
    like[0] = np.nan
    align, oppose = recorded_stance(
        *map(jnp.float32, (pact, rivalry, dispute, like)), jnp.float32(0.5)
    )
    assert float((align + oppose).max()) <= 1.0
    assert float(oppose[pact == 1].max()) == 0.0
