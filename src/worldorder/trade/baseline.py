"""From recorded trade and GDP to a baseline with home sales; the shipped one of 2023."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import fsolve

from worldorder.errors import InputError
from worldorder.trade.labels import Matrix, Vector


def with_home_sales(flows: Matrix, gdp: Vector, distribution: Vector | float = 0.0) -> Matrix:
    r"""Flows with home sales on the diagonal, from GDP; what was on the diagonal is not read.

    $$E_i = Y_i + (1 - \nu_i)\Bigl(\sum_j X_{ji} - \sum_k (1 - \nu_k) X_{ik}\Bigr),\qquad
      X_{ii} = \max\bigl(E_i - \sum_{j \ne i} X_{ji},\ 0\bigr)$$

    Args:
        flows: exporter by importer, before duties.
        gdp: Y, in the unit of the flows.
        distribution: nu, share of the price earned where the good is sold.

    An entrepot can sell more abroad than its GDP; its home sales are then 0 and its income is what
    it sells.
    """
    if not (gdp > 0).all():
        raise InputError("gdp must be above 0 for every country", "Leave out those without.")
    margin = np.broadcast_to(np.asarray(distribution, dtype=float), gdp.shape)
    abroad = flows - np.diag(np.diagonal(flows))
    imports = abroad.sum(0)
    expenditure = gdp + (1 - margin) * (imports - abroad @ (1 - margin))
    return abroad + np.diag(np.maximum(expenditure - imports, 0.0))


def distribution_margins(
    flows: Matrix,
    gdp: Vector,
    leader: int,
    leader_share: float = 0.26,
    world_share: float = 0.12,
) -> Vector:
    r"""Distribution margins nu of a leading country and of all others, from two aggregates.

    Of what the others spend a share 0.12 goes to distribution, of what the leader spends 0.26:

    $$(1 - r_{11}) \nu_2 + r_{11} \nu_1 = 0.12,\qquad r_{22} \nu_2 + (1 - r_{22}) \nu_1 = 0.26$$

    with r the share of what the rest (1) and the leader (2) spend at home in that and in what they
    sell to the other. Flows are without home sales. Ignatenko, Lashkaripour, Macedoni and
    Simonovska (2025), Journal of International Economics.
    """
    own = np.arange(len(gdp)) == leader
    group = np.array([~own, own], dtype=float)
    traded, income = group @ flows @ group.T, group @ gdp  # trade inside the rest counts as trade
    imports, exports = traded[[1, 0], [0, 1]], traded[[0, 1], [1, 0]]

    def gap(margin: Vector) -> Vector:
        spent = income + (1 - margin) * (traded.sum(0) - traded @ (1 - margin))
        home = (spent - imports) / (spent - imports + exports)
        rest, leading = margin
        return np.array(
            [
                (1 - home[0]) * leading + home[0] * rest - world_share,
                home[1] * leading + (1 - home[1]) * rest - leader_share,
            ]
        )

    rest, leading = np.asarray(fsolve(gap, np.array([world_share, leader_share]), xtol=1e-14))
    return np.where(own, leading, rest)


def world_2023() -> pd.DataFrame:
    """The shipped baseline: goods trade of 2023 between all states, home sales from GDP, bn USD."""
    from worldorder.data.start import load_start

    start = load_start()
    names = list(start.entities.country)
    flows = np.asarray(start.setting.trade_share) * np.asarray(start.setting.expenditure)
    return pd.DataFrame(
        flows, index=pd.Index(names, name="exporter"), columns=pd.Index(names, name="importer")
    )


def applied_tariffs(names: Sequence[str]) -> pd.DataFrame:
    """Tariffs in force before 2025, exporter by importer, ad valorem: 0 where none is on record.

    Schedules of 2021 between 80 economies, weighted by their imports, with what the United States
    and China put on each other from 2018 on in them (`wo.panel("applied_tariffs")`). They do not
    cover the importers outside the 80.
    """
    from worldorder.data.panel import panel

    rates = panel("applied_tariffs").query("year == 2021")
    table = rates.pivot(index="exporter", columns="importer", values="tariff").astype(float)
    table = table.reindex(index=list(names), columns=list(names)).fillna(0.0)
    home = np.eye(len(names), dtype=bool)
    return table.rename_axis(index="exporter", columns="importer").mask(home, 0.0)
