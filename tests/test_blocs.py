"""Landscape theory: a published split, exact basins, search, tipping, and bad tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import worldorder as wo
from cases import case
from worldorder.bloc_tables import read_landscape
from worldorder.cli.main import app
from worldorder.errors import InputError
from worldorder.mechanisms import blocs


def europe():
    known = case("europe_1936")
    states = pd.DataFrame(
        known["states"], index=["size", "religion", "government", "published", "actual"]
    ).T
    same = sum(
        np.equal.outer(column, column).astype(float)
        for column in (states["religion"].to_numpy(), states["government"].to_numpy())
    )
    propensities = pd.DataFrame(same, states.index, states.index)
    for pairs in known["conflicts"].values():
        for a, b in pairs:
            propensities.loc[a, b] -= 1
            propensities.loc[b, a] -= 1
    return states, propensities


def table(rows):
    return "\n".join(",".join(map(str, row)) for row in rows) + "\n"


def random_pairs(seed, states):
    generator = np.random.default_rng(seed)
    likes = generator.normal(size=(states, states))
    return blocs.weights(generator.exponential(size=states), likes + likes.T)


def test_european_alignment_of_the_1930s():
    """Lowest of 65,536 splits equals the published one; two of seventeen differ from the war."""
    states, propensities = europe()
    found = wo.blocs.landscape(states["size"].astype(float), propensities)
    assert found.exact
    assert len(found.energies) == 65_536
    lowest = found.minima.loc[0, list(states.index)].to_numpy() == 0
    assert (lowest == (states["published"] == "A")).all()
    wrong = states.index[lowest != (states["actual"] == "A")]
    assert set(wrong) == {"Portugal", "Poland"}


def test_energy_is_the_sum_over_ordered_pairs_across_blocs():
    pairs = random_pairs(0, 7)
    partitions = blocs.all_partitions(7, 3)
    by_hand = [
        sum(pairs[i, j] for i in range(7) for j in range(7) if p[i] != p[j]) for p in partitions
    ]
    np.testing.assert_allclose(blocs.energies(pairs, partitions, 3), by_hand, atol=1e-12)


@pytest.mark.parametrize(("states", "most"), [(2, 2), (6, 2), (6, 3), (5, 5)])
def test_every_partition_stands_once(states, most):
    partitions = blocs.all_partitions(states, most)
    assert len(partitions) == blocs.partition_count(states, most)
    assert len(np.unique(partitions, axis=0)) == len(partitions)
    assert (blocs.renumbered(partitions, most) == partitions).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 3))
def test_minima_are_what_no_single_move_improves(seed, most):
    pairs = random_pairs(seed, 8)
    partitions, energy, lowest = blocs.exact_landscape(pairs, most)
    stuck = (blocs.gains(pairs, partitions, most) <= 1e-9).all(axis=(1, 2))
    assert len(lowest.energies) == stuck.sum()
    assert lowest.energies[0] == pytest.approx(energy.min())
    assert lowest.basin_share.sum() == pytest.approx(1)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 4))
def test_search_finds_the_lowest_of_all(seed, most):
    pairs = random_pairs(seed, 9)
    exact = blocs.exact_landscape(pairs, most)[2]
    searched = blocs.searched_landscape(pairs, most)
    assert searched.energies[0] == pytest.approx(exact.energies[0])


def test_two_camps_are_found_among_197_states():
    """Friends within and foes across, with noise: the planted camps are the lowest minimum."""
    generator = np.random.default_rng(3)
    camp = generator.integers(0, 2, 197)
    noise = generator.normal(0, 1, (197, 197))
    likes = np.where(np.equal.outer(camp, camp), 0.5, -0.5) + noise + noise.T
    found = wo.blocs.landscape(np.ones(197), likes, method="search")
    assert (found.minima.iloc[0, 2:].to_numpy() == (camp != camp[0])).all()


def test_relabelling_states_permutes_the_blocs():
    states, propensities = europe()
    order = np.random.default_rng(0).permutation(len(states))
    names = states.index[order]
    sizes = states["size"].astype(float)
    there = wo.blocs.landscape(sizes[names], propensities.loc[names, names])
    back = wo.blocs.landscape(sizes, propensities)
    assert {frozenset(b) for b in there.members()} == {frozenset(b) for b in back.members()}


def test_the_tipping_change_is_just_enough():
    states, propensities = europe()
    sizes = states["size"].astype(float)
    found = wo.blocs.landscape(sizes, propensities)
    tip = found.tips().loc["Denmark"]
    for factor, leaves in ((0.99, False), (1.01, True)):
        changed = propensities.astype(float).copy()
        changed.loc["Denmark", tip["partner"]] += factor * tip["propensity_change"]
        changed.loc[tip["partner"], "Denmark"] += factor * tip["propensity_change"]
        pairs = blocs.weights(sizes.to_numpy(), changed.to_numpy())
        gain = blocs.gains(pairs, found.lowest.partitions[:1], 2)[0]
        denmark = list(states.index).index("Denmark")
        assert (gain[denmark].max() > 0) == leaves


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"propensities": [[0, 1], [2, 0]]}, "propensity of a to b is 1 and back 2"),
        ({"propensities": [[0, np.nan], [np.nan, 0]]}, "no propensity of a and b"),
        ({"propensities": [[0, 1, 1], [1, 0, 1]]}, "shape"),
        ({"sizes": [1, -2]}, "size of b is -2"),
        ({"sizes": [1, 2, 3]}, "3 sizes for 2 states"),
        ({"sizes": {"a": 1, "c": 2}}, "'b' has no size"),
        ({"names": ["a", "a"]}, "'a' is named twice"),
        ({"blocs": 1}, "blocs is 1"),
        ({"method": "best"}, "unknown method"),
    ],
)
def test_arrays_that_cannot_be_used(change, message):
    good = {"sizes": [1.0, 2.0], "propensities": [[0, 1], [1, 0]], "names": ["a", "b"]}
    with pytest.raises(InputError, match=message):
        wo.blocs.landscape(**{**good, **change})


PAIRS = [("a", "b", "propensity"), ("x", "y", 1), ("x", "z", -1), ("y", "z", -1)]
SIZES = [("name", "size"), ("x", 1), ("y", 2), ("z", 3)]


def test_pairs_and_matrix_files_say_the_same(tmp_path):
    (tmp_path / "pairs.csv").write_text(table(PAIRS))
    (tmp_path / "sizes.csv").write_text(table(SIZES))
    matrix = [("name", "size", "x", "y", "z"), ("x", 1, "", 1, -1), ("y", 2, 1, "", -1)]
    (tmp_path / "matrix.csv").write_text(table([*matrix, ("z", 3, -1, -1, "")]))
    one = read_landscape(tmp_path / "pairs.csv", tmp_path / "sizes.csv")
    two = read_landscape(tmp_path / "matrix.csv")
    assert one.members() == two.members() == [["x", "y"], ["z"]]
    assert one.minima.loc[0, "energy"] == two.minima.loc[0, "energy"] == 2 * (-3 - 6)


@pytest.mark.parametrize(
    ("pairs", "sizes", "message"),
    [
        ([*PAIRS, ("y", "x", 2)], SIZES, r"pairs.csv:5: propensity of y and x is 2 .* line 2"),
        ([*PAIRS, ("x", "w", 2)], SIZES, r"pairs.csv:5: 'w' has no size"),
        ([*PAIRS[:3], ("y", "z", "no")], SIZES, r"pairs.csv:4: propensity is 'no'"),
        (PAIRS[:3], SIZES, "no propensity of z and y"),
        (PAIRS, [*SIZES, ("x", 1)], r"sizes.csv:5: 'x' is named twice"),
        (PAIRS, [*SIZES[:3], ("z", -1)], r"sizes.csv:4: size of z is -1"),
        (PAIRS, [("state", "size"), ("x", 1)], "no column 'name'"),
    ],
)
def test_files_that_cannot_be_used(tmp_path, pairs, sizes, message):
    (tmp_path / "pairs.csv").write_text(table(pairs))
    (tmp_path / "sizes.csv").write_text(table(sizes))
    with pytest.raises(InputError, match=message):
        read_landscape(tmp_path / "pairs.csv", tmp_path / "sizes.csv")


def test_asymmetric_matrix_says_its_line(tmp_path):
    file = tmp_path / "matrix.csv"
    file.write_text(table([("name", "size", "x", "y"), ("x", 1, 0, 1), ("y", 1, 2, 0)]))
    with pytest.raises(InputError, match=r"matrix.csv:3: propensity of y to x is 2 and back 1"):
        read_landscape(file)


def test_absent_pairs_may_be_given_a_value(tmp_path):
    (tmp_path / "pairs.csv").write_text(table(PAIRS[:3]))
    (tmp_path / "sizes.csv").write_text(table(SIZES))
    arguments = ["blocs", str(tmp_path / "pairs.csv"), "--sizes", str(tmp_path / "sizes.csv")]
    shown = CliRunner().invoke(app, [*arguments, "--absent", "0"])
    assert shown.exit_code == 0
    assert "x, y" in shown.output
