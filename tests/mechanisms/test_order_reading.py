"""What a state has of security and standing, and what a simulated world shows of an order."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, values
from worldorder.dynamics.order_metrics import measure_orders
from worldorder.mechanisms.order_reading import (
    issued_share,
    reserve_composition,
    security,
    standing,
    view_of,
)
from worldorder.mechanisms.order_view import channel_share, shared_memberships
from worldorder.mechanisms.orders import OrderParameters
from worlds import small_world

WORLD, SETTING = small_world()
SEEN = moment(WORLD, SETTING).diagnostics


def seen(world=WORLD):
    return view_of(world, SEEN, SETTING, values(OrderParameters, "orders"))


def test_leaving_a_body_lowers_standing_and_never_raises_anybodys():
    start = WORLD.membership
    left = start.at[0].set(False)
    before, after = (
        standing(SEEN.trust, channel_share(shared_memberships(m), start), SEEN.power_share)
        for m in (start, left)
    )
    assert np.asarray(start)[0].any()
    assert float(after[0]) == 0.0 < float(before[0])
    assert (np.asarray(after) <= np.asarray(before)).all()


def test_an_ally_makes_safer_and_a_rival_less_safe():
    none = jnp.zeros_like(WORLD.defence_pact)
    alone = replace(WORLD, defence_pact=none, rivalry=none, dispute=none)
    ally = replace(alone, defence_pact=none.at[1, 0].set(1.0), rivalry=none.at[0, 2].set(1.0))
    rival = replace(alone, rivalry=none.at[0, 2].set(1.0))
    safe, less, more = (float(security(w, none, SEEN.power_share)[0]) for w in (alone, rival, ally))
    assert safe == 1.0
    assert less < more < 1.0
    s = np.asarray(SEEN.power_share)
    assert less == pytest.approx(s[0] / (s[0] + s[2]), rel=1e-5)


def test_no_index_reads_the_levers_of_a_concert():
    """What is done to make a concert is no evidence that there is one."""
    everybody = jnp.ones_like(WORLD.consultation)
    agreed = replace(
        WORLD,
        consultation=everybody,
        sphere_recognition=everybody,
        mediation=everybody,
        veto=jnp.ones_like(WORLD.veto),
    )
    params = values(OrderParameters, "orders")
    before, after = (measure_orders(w, SEEN, SETTING, params) for w in (WORLD, agreed))
    for name, value in before.items():
        np.testing.assert_array_equal(value, after[name], err_msg=name)


def test_an_exit_of_the_leading_state_is_absence_and_no_loss_of_health():
    left = replace(WORLD, membership=WORLD.membership.at[0].set(False))
    assert float(seen(left).leader_absence) == 1.0
    assert float(seen(left).institution_health) == pytest.approx(
        float(seen().institution_health), abs=1e-6
    )
    others = replace(WORLD, membership=WORLD.membership.at[1].set(False))
    assert float(seen(others).institution_health) < float(seen().institution_health)


def test_stance_is_read_off_ties_where_no_mechanism_gives_it():
    read = seen()
    powers = np.asarray(SETTING.great_power)
    assert float(np.asarray(read.align)[:, ~np.isin(np.arange(6), powers)].max()) == 0.0
    given = replace(SEEN, align=SEEN.align.at[3, 0].set(0.7))
    told = view_of(WORLD, given, SETTING, values(OrderParameters, "orders"))
    assert float(told.align[3, powers[0]]) == pytest.approx(0.7)
    assert float(told.align.sum()) == pytest.approx(0.7)


def test_reserves_in_a_currency_belong_to_its_issuer():
    composition = np.asarray(reserve_composition(WORLD.reserve_share, SETTING))
    share = np.asarray(issued_share(WORLD, SETTING))
    issuer = np.asarray(SETTING.issuer)
    for place, state in enumerate(issuer):
        if state < len(share):
            assert share[state] == pytest.approx(composition[place])
    assert share.sum() <= 1.0 + 1e-6
