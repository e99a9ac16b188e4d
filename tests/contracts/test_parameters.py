"""Every number has a source, a unit, a range and a status, and belongs to a mechanism's record."""

import dataclasses

import numpy as np
import pytest

from worldorder.errors import InputError
from worldorder.mechanisms.catalogue import CATALOGUE
from worldorder.parameters.loader import draw_parameters, load_parameters, override


@pytest.mark.parametrize("mechanism", sorted(CATALOGUE))
def test_record_and_file_agree(mechanism):
    fields = {f.name for f in dataclasses.fields(CATALOGUE[mechanism].parameters)}
    assert fields == set(load_parameters()[mechanism])


def test_every_parameter_is_sourced():
    for mechanism, named in load_parameters().items():
        for name, parameter in named.items():
            assert len(parameter.source) > 15, f"{mechanism}.{name} has no real source"
            assert len(parameter.meaning) > 15, f"{mechanism}.{name} says too little"


def test_draws_stay_in_range_and_do_not_depend_on_their_number():
    parameters = load_parameters()
    few, many = draw_parameters(parameters, 7, 3), draw_parameters(parameters, 7, 300)
    for mechanism, named in parameters.items():
        for name, parameter in named.items():
            drawn = many[mechanism][name]
            np.testing.assert_array_equal(few[mechanism][name], drawn[:3])
            assert (drawn >= parameter.range[0]).all()
            assert (drawn <= parameter.range[1]).all()


def test_override_fixes_a_value_and_refuses_nonsense():
    parameters = load_parameters()
    fixed = override(parameters, {"trade.elasticity": 5.0})
    assert set(draw_parameters(fixed, 1, 9)["trade"]["elasticity"]) == {5.0}
    with pytest.raises(InputError, match=r"trade\.elasticity"):
        override(parameters, {"trade.elasticty": 5.0})
    with pytest.raises(InputError, match="outside its range"):
        override(parameters, {"trade.elasticity": -1.0})
