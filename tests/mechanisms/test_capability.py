import jax.numpy as jnp
import numpy as np
import pytest

from mechanisms.steps import moment, relabelled, values
from worldorder.mechanisms import capability
from worldorder.parameters.loader import load_parameters, override
from worlds import small_world

# National Material Capabilities 7.0, 2022: military spending, personnel, iron and steel, energy,
# population, urban population of the United States and of India, and of all states together.
USA = [838814000.0, 1360.0, 80535.0, 3436075.0, 344775.0, 119142.0]
INDIA = [72768000.0, 1460.0, 125377.0, 2099277.0, 1425423.0, 567267.0]
ALL = [2017970000.0, 20789.0, 1889079.0, 24348764.0, 8011318.0, 3554770.0]


def test_cinc_of_two_states_by_hand():
    components = jnp.array([[3.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(
        capability.capability_share_cinc_1972(components), [0.625, 0.375], rtol=1e-6
    )


def test_cinc_of_2022_as_published():
    rest = np.array(ALL) - USA - INDIA
    share = capability.capability_share_cinc_1972(jnp.array([USA, INDIA, rest]))
    np.testing.assert_allclose(share[:2], [0.12356574, 0.09939685], rtol=1e-5)


def test_cinc_leaves_out_what_is_missing():
    components = jnp.array([[3.0, jnp.nan], [1.0, 1.0]])
    np.testing.assert_allclose(
        capability.capability_share_cinc_1972(components), [0.75, 0.625], rtol=1e-6
    )


def test_beckley_discounts_population():
    share = capability.capability_share_beckley_2018(jnp.array([2.0, 2.0]), jnp.array([1.0, 3.0]))
    np.testing.assert_allclose(share, [0.75, 0.25], rtol=1e-6)


@pytest.mark.parametrize(
    ("share", "con", "herfindahl", "poles"),
    [
        ([1.0, 0.0, 0.0], 1.0, 1.0, 1),
        ([0.25, 0.25, 0.25, 0.25], 0.0, 0.25, 4),
        ([0.5, 0.3, 0.2], np.sqrt((0.38 - 1 / 3) / (2 / 3)), 0.38, 2),
    ],
)
def test_concentration_by_hand(share, con, herfindahl, poles):
    share = jnp.array(share)
    np.testing.assert_allclose(capability.concentration_con_1972(share), con, atol=1e-6)
    np.testing.assert_allclose(capability.concentration_herfindahl(share), herfindahl, rtol=1e-6)
    np.testing.assert_allclose(capability.effective_poles(share), 1 / herfindahl, rtol=1e-6)
    assert int(capability.pole_count(share)) == poles


def test_corners_are_the_rival_forms():
    world, setting = small_world()
    now = moment(world, setting)
    only = dict.fromkeys(
        ["gdp_weight", "population_weight", "military_weight", "efficiency_weight"], 0.0
    )
    corner = values(capability.CapabilityParameters, "capability", **{**only, "gdp_weight": 1.0})
    share = capability.diagnose(world, now, corner).power_share
    np.testing.assert_allclose(share, now.diagnostics.gdp / now.diagnostics.gdp.sum(), rtol=1e-5)
    corner = values(
        capability.CapabilityParameters, "capability", **{**only, "efficiency_weight": 1.0}
    )
    share = capability.diagnose(world, now, corner).power_share
    beckley = capability.capability_share_beckley_2018(now.diagnostics.gdp, world.population)
    np.testing.assert_allclose(share, beckley, rtol=1e-5)


@pytest.mark.parametrize("name", ["gdp", "population", "military", "efficiency"])
def test_a_scenario_may_choose_any_corner(name):
    weights = dict.fromkeys(["gdp", "population", "military", "efficiency"], 0.0) | {name: 1.0}
    chosen = {f"capability.{n}_weight": w for n, w in weights.items()}
    assert override(load_parameters(), chosen)["capability"][f"{name}_weight"].value == 1.0


def test_shares_sum_to_one_and_follow_the_states():
    world, setting = small_world()
    params = values(capability.CapabilityParameters, "capability")
    order = [3, 1, 5, 0, 2, 4]
    share = capability.diagnose(world, moment(world, setting), params).power_share
    other, other_setting = relabelled(world, order), relabelled(setting, order)
    moved = capability.diagnose(other, moment(other, other_setting), params).power_share
    np.testing.assert_allclose(share.sum(), 1.0, rtol=1e-6)
    np.testing.assert_allclose(moved, share[jnp.array(order)], rtol=1e-5)
