"""What sanctions, embargoes and cut-off finance do to the cost of trade, evasion included."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from worldorder.errors import InputError
from worldorder.parameters.loader import load_parameters, tool_parameters

Costs = dict[tuple[str, str], float]  # factor on the cost of trade by (importer, exporter)


def _share(value: float, what: str) -> float:
    if not 0 <= value <= 1:
        raise InputError(f"{what} is {value}", "It is a share, 0 to 1.")
    return value


def embargo_costs(
    pairs: Iterable[tuple[str, str]], leak: float = 0.0, elasticity: float = 4.0
) -> Costs:
    r"""Cost changes that stop the trade of pairs but for a share that evades.

    $$\tau_{ij} = \text{leak}^{-1/\theta}$$

    Args:
        pairs: (importer, exporter).
        leak: share of trade that goes on at given wages and prices, 0 to 1, by way of third
            countries or not at all recorded.
        elasticity: trade elasticity theta of the model that will use them.
    """
    cost = math.inf if _share(leak, "leak") == 0 else leak ** (-1 / elasticity)
    return dict.fromkeys(pairs, cost)


def sanction_costs(
    pairs: Mapping[tuple[str, str], float],
    elasticity: float = 4.0,
    response: float | None = None,
    detour: float | None = None,
    evasion: float = 0.0,
) -> Costs:
    r"""Cost changes of sanctions, both ways between sender and target.

    $$\tau_{ij} = \min\bigl((e + (1 - e)\, e^{-\beta s_{ij}})^{-1/\theta},\ 1 + m\bigr)$$

    What the target buys and sells elsewhere instead follows in the equilibrium. The response is
    that of recorded trade of the pair, an average over cases with the exceptions that they had;
    finance is one of the parts that make up the intensity (`data.builders.sanctions`). An embargo
    that is kept to is `embargo_costs`.

    Args:
        pairs: s by (sender, target), share of a full embargo, 0 to 1.
        elasticity: trade elasticity theta of the model that will use them.
        response: beta, fall of log trade under a full embargo; None is the estimate of
            `parameters/trade.yaml`.
        detour: m, extra cost of going by way of a third country, 0.1 for 10 percent: traders evade
            where that is cheaper. None leaves such evasion out.
        evasion: e, share of the trade lost that reaches the other side through third countries:
            0.05 to 0.10 in Russia's case (`parameters/tools/trade.yaml`), 0 if not given.
    """
    beta = load_parameters()["trade"]["sanction"].value if response is None else response
    if detour is not None and not detour >= 0:
        raise InputError(f"detour is {detour}", "It is an extra cost, 0.1 for 10 percent.")
    most = math.inf if detour is None else 1 + detour
    through = _share(evasion, "evasion")
    found: Costs = {}
    for (sender, target), given in pairs.items():
        intensity = _share(given, f"sanction of {sender} on {target}")
        kept = through + (1 - through) * math.exp(-beta * intensity)
        cost = min(kept ** (-1 / elasticity), most)
        for way in ((sender, target), (target, sender)):
            found[way] = max(found.get(way, 1.0), cost)
    return found


def finance_costs(
    pairs: Mapping[tuple[str, str], float], elasticity: float = 4.0, response: float | None = None
) -> Costs:
    """Cost changes where finance is cut off, both ways between sender and target.

    Contested: three records disagree on the sign (`parameters/tools/trade.yaml`), so give the ends
    of the range as `response` too.

    Args:
        pairs: by (sender, target), 0 (none) to 1 (sanctions on finance in force).
        elasticity: trade elasticity theta of the model that will use them.
        response: fall of log trade; None is the mean of the three records.
    """
    beta = tool_parameters("trade")["finance"].value if response is None else response
    for (sender, target), given in pairs.items():
        _share(given, f"finance of {sender} on {target}")
    return sanction_costs(pairs, elasticity, beta) if beta >= 0 else _eased(pairs, elasticity, beta)


def _eased(pairs: Mapping[tuple[str, str], float], elasticity: float, beta: float) -> Costs:
    """A response of the other sign: trade rises, as one record has it."""
    return {way: 1 / cost for way, cost in sanction_costs(pairs, elasticity, -beta).items()}


def joined(*parts: Mapping[tuple[str, str], float]) -> Costs:
    """Cost changes of several measures on top of each other."""
    found: Costs = {}
    for part in parts:
        for pair, cost in part.items():
            found[pair] = found.get(pair, 1.0) * cost
    return found
