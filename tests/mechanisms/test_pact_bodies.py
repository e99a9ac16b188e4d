"""Bodies read off ties: who founds, joins, leaves, and when one has ended."""

import numpy as np

from worldorder.mechanisms.pact_bodies import founded_groups, history, pairs_within


def ties_of(*groups, states=8):
    members = [np.isin(np.arange(states), group) for group in groups]
    return pairs_within(members, states)


def test_founding_joining_leaving_and_end():
    years = {
        2000: ties_of(),
        2001: ties_of((0, 1, 2, 3)),
        2002: ties_of((0, 1, 2, 3, 4)),
        2003: ties_of((1, 2, 3, 4), (5, 6)),
        2004: ties_of((1, 2), (5, 6)),
    }
    founded, joined, left, ended = history(years.__getitem__, range(2000, 2005))
    assert np.flatnonzero(founded.founded[0]).tolist() == [0, 1, 2, 3]
    assert founded.founding_onset.sum() == 12
    assert np.flatnonzero(joined.joined[0]).tolist() == [4]
    assert not joined.bilateral_onset.any()
    assert np.flatnonzero(left.left[0]).tolist() == [0]
    assert left.bilateral_onset.sum() == 2  # 5 and 6, a pact of two
    assert ended.ended == [True]


def test_three_states_are_no_body():
    ties = ties_of((0, 1, 2))
    assert founded_groups(ties, ties) == []
