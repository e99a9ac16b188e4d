"""Graphs of the world by year: who votes near whom, who trusts and who pays.

Nodes are states and institutions with their medians over runs. Edges are of three kinds: `votes`
(two states whose ideal points are near, once a pair, weight the distance), `trust` (a state to the
leading state) and `payment` (the leading state to an institution). The format is GraphML, which
Gephi, NetworkX, igraph and Cytoscape read; the edges are written as CSV as well. All edges are
directed, since NetworkX reads no graph that mixes the two; `mutual` is true for votes.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.etree import ElementTree

import numpy as np

from worldorder.results.compare import Draws
from worldorder.results.files import write_whole
from worldorder.results.measures import LEADING, marks, state_mask
from worldorder.results.summary import YEARS

if TYPE_CHECKING:
    import xarray as xr

NEAR: Final = 0.25  # ideal-point units within which two states are joined [own convention]
_STATE: Final = ("gdp", "ideal_point", "trust_in_leading_state", "joint_memberships")
_BODY: Final = ("capacity", "revenue", "members")
_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"

Attributes: TypeAlias = dict[str, str | float]


@dataclass(frozen=True)
class Edge:
    """One tie: `weight` is in `unit`."""

    source: str
    target: str
    kind: str
    weight: float
    unit: str


def write_graphs(
    results: Mapping[str, xr.Dataset], folder: Path, years: tuple[int, ...] = YEARS
) -> list[Path]:
    """Write a graph and its edge list for every scenario and year; the files written.

    Raises:
        ResultError: the folder cannot be written.
    """
    written: list[Path] = []
    for scenario, dataset in results.items():
        for mark, year in marks(dataset, years):
            nodes, edges = nodes_of(dataset, mark), edges_of(dataset, mark)
            name = f"{scenario}-{year}"
            written += [
                write_whole(
                    folder / f"{name}.graphml", lambda file, n=nodes, e=edges: _graphml(file, n, e)
                ),
                write_whole(folder / f"{name}-edges.csv", lambda file, e=edges: _csv(file, e)),
            ]
    return written


def nodes_of(dataset: xr.Dataset, mark: int) -> dict[str, Attributes]:
    """States and institutions by id, with medians over runs; values that are missing left out."""
    nodes: dict[str, Attributes] = {}
    for dim, kind, group, names in (
        ("country", "state", "country_group", _STATE),
        ("institution", "institution", "size_class", _BODY),
    ):
        medians = {name: _median(dataset, name, mark) for name in names}
        for place, code in enumerate(dataset[dim].values):
            known = {n: float(v[place]) for n, v in medians.items() if not np.isnan(v[place])}
            nodes[_id(kind, str(code))] = {
                "kind": kind,
                "name": str(dataset[f"{dim}_name"].values[place]),
                "group": str(dataset[group].values[place]),
                **known,
            }
    return nodes


def edges_of(dataset: xr.Dataset, mark: int) -> list[Edge]:
    """Ties of a year, medians over runs."""
    states = [_id("state", str(code)) for code in dataset["country"].values]
    bodies = [_id("institution", str(code)) for code in dataset["institution"].values]
    leading = states[int(np.flatnonzero(state_mask(dataset, LEADING))[0])]
    trust = _median(dataset, "trust_in_leading_state", mark)
    paid = _median(dataset, "paid_by_leading_state", mark)
    return [
        *_votes(states, dataset["ideal_point"].values[:, mark]),
        *(
            Edge(state, leading, "trust", float(value), "share")
            for state, value in zip(states, trust, strict=True)
            if state != leading and not np.isnan(value)
        ),
        *(
            Edge(leading, body, "payment", float(value), "mn USD/year")
            for body, value in zip(bodies, paid, strict=True)
            if value > 0
        ),
    ]


def _votes(states: list[str], points: Draws) -> list[Edge]:
    distance = np.median(np.abs(points[:, :, None] - points[:, None, :]), axis=0)
    first, second = np.nonzero(np.triu(distance <= NEAR, 1))
    return [
        Edge(states[i], states[j], "votes", float(distance[i, j]), "ideal point")
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
    ]


def _median(dataset: xr.Dataset, name: str, mark: int) -> Draws:
    return np.median(dataset[name].values[:, mark], axis=0)


def _id(kind: str, code: str) -> str:
    return f"{kind}:{code}"


def _csv(file: Path, edges: list[Edge]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["source", "target", "kind", "weight", "unit"])
        writer.writerows([e.source, e.target, e.kind, f"{e.weight:.6g}", e.unit] for e in edges)


def _graphml(file: Path, nodes: dict[str, Attributes], edges: list[Edge]) -> None:
    root = ElementTree.Element("graphml", xmlns=_NAMESPACE)
    kinds: dict[str, str] = {}
    for attributes in nodes.values():
        for name, value in attributes.items():
            kinds[name] = "string" if isinstance(value, str) else "double"
    for name, kind in kinds.items():
        _declare(root, f"node-{name}", "node", name, kind)
    for name, kind in (("kind", "string"), ("weight", "double"), ("unit", "string")):
        _declare(root, f"edge-{name}", "edge", name, kind)
    _declare(root, "edge-mutual", "edge", "mutual", "boolean")
    graph = ElementTree.SubElement(root, "graph", edgedefault="directed")
    for node, attributes in nodes.items():
        element = ElementTree.SubElement(graph, "node", id=node)
        for name, value in attributes.items():
            _data(element, f"node-{name}", value)
    for edge in edges:
        element = ElementTree.SubElement(graph, "edge", source=edge.source, target=edge.target)
        _data(element, "edge-kind", edge.kind)
        _data(element, "edge-weight", edge.weight)
        _data(element, "edge-unit", edge.unit)
        _data(element, "edge-mutual", "true" if edge.kind == "votes" else "false")
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _declare(root: ElementTree.Element, key: str, target: str, name: str, kind: str) -> None:
    attributes = {"id": key, "for": target, "attr.name": name, "attr.type": kind}
    ElementTree.SubElement(root, "key", attributes)


def _data(element: ElementTree.Element, key: str, value: str | float) -> None:
    data = ElementTree.SubElement(element, "data", key=key)
    data.text = value if isinstance(value, str) else f"{value:.6g}"
