"""The settings of the trade engine. Published models are settings of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import jax.numpy as jnp

from worldorder.errors import InputError, did_you_mean
from worldorder.mechanisms.trade.baseline import Imbalances
from worldorder.mechanisms.trade.equilibrium import Technology
from worldorder.parameters.loader import tool_parameters
from worldorder.trade.labels import Vector, vector_of

Revenue: TypeAlias = Literal["lump sum", "income tax"]

SCALE_OF_KRUGMAN = 0.67  # of the gains from scale in a model without them, see `ilms_2025`


@dataclass(frozen=True)
class TradeModel:
    """How trade, work and prices respond. The default is Armington, Eaton-Kortum and Krugman.

    Args:
        elasticity: trade elasticity theta: sigma - 1 of Armington and Krugman.
        labour_supply: kappa, elasticity of labour to the real wage.
        revenue: duties are handed back as a lump sum or lower the tax on labour income.
        scale: psi, elasticity by which unit cost falls with employment.
        pass_through: phi by importer, of duties to consumer prices.
        distribution: nu by country, share of the price of a good earned where it is sold.
        value_added: beta, share of output; the rest is bought like consumption.
        imbalances: deficits are indexed to "world" income, "fixed" in the wage of `anchor`,
            "closed", a fixed "ratio" of own income, or financed by a fixed "lending" of surplus
            countries.
        anchor: country in whose wage fixed deficits are kept.
        income_responds: False holds income and spending at the baseline (conditional equilibrium).
    """

    elasticity: float = 4.0
    labour_supply: float = 0.0
    revenue: Revenue = "lump sum"
    scale: float = 0.0
    pass_through: float | Mapping[str, float] | Sequence[float] | Vector = 1.0
    distribution: float | Mapping[str, float] | Sequence[float] | Vector = 0.0
    value_added: float = 1.0
    imbalances: Imbalances = "world"
    anchor: str | None = None
    income_responds: bool = True

    def __post_init__(self) -> None:
        if self.elasticity <= 0:
            raise InputError(f"elasticity {self.elasticity} is not above 0", "4 is usual.")
        if not 0 < self.value_added <= 1:
            raise InputError(f"value_added {self.value_added} is not a share", "1 is all of it.")
        check_choices(self.imbalances, self.revenue)
        if self.labour_supply == 0 and (self.scale != 0 or self.revenue == "income tax"):
            raise InputError(
                "scale and income-tax relief work through labour supply, which is 0",
                "Give labour_supply too, 0.5 for example.",
            )

    def technology(self, names: Sequence[str]) -> Technology:
        """The same for the kernels; what does not respond is left out of the equations."""
        works = self.labour_supply != 0
        return Technology(
            elasticity=jnp.asarray(self.elasticity),
            income_response=1.0 if self.income_responds else 0.0,
            labour_supply=jnp.asarray(self.labour_supply) if works else None,
            relief=jnp.asarray(1.0) if self.revenue == "income tax" else None,
            scale=jnp.asarray(self.scale) if self.scale != 0 else None,
            pass_through=by_country(self.pass_through, 1.0, names, "pass_through"),
            distribution=by_country(self.distribution, 0.0, names, "distribution"),
            value_added=jnp.asarray(self.value_added) if self.value_added != 1 else None,
        )


def check_choices(imbalances: str, revenue: str) -> None:
    """Both must be among what there is.

    Raises:
        InputError: saying what there is.
    """
    for name, value, known in (
        ("imbalances", imbalances, get_args(Imbalances)),
        ("revenue", revenue, get_args(Revenue)),
    ):
        if value not in known:
            near = did_you_mean(value, known)
            raise InputError(f"unknown {name} {value!r}", near or f"Use {', '.join(known)}.")


def anchor_of(imbalances: str, anchor: str | None, names: Sequence[str]) -> int | None:
    """Place of the country in whose wage deficits are fixed; None where there is none.

    Raises:
        InputError: it is none of the countries.
    """
    if imbalances != "fixed" or anchor is None:
        return None
    if anchor not in names:
        raise InputError(f"unknown anchor {anchor!r}", "Name one of the countries.")
    return list(names).index(anchor)


def by_country(given: Any, neutral: float, names: Sequence[str], what: str) -> Any:
    """`given` by country for the kernels; None where it is neutral everywhere."""
    if isinstance(given, int | float) and given == neutral:
        return None
    return jnp.asarray(vector_of(given, names, what, neutral))


def first_year_elasticity(elasticity: float = 4.0, share: float | None = None) -> float:
    r"""Trade elasticity in the year after a tariff, from that of the long run.

    $$\theta_1 = a (1 + \theta) - 1$$

    Trade before duties falls by 1 + theta percent for each percent of tariff in the long run, and
    by a share of that in the first year.

    Args:
        elasticity: theta, of the long run.
        share: a; None is the published 0.38 (`parameters/tools/trade.yaml`).

    Raises:
        InputError: nothing above 0 is left; goods would be complements, which has no solution
            where trade stops.
    """
    early = tool_parameters("trade")["first_year"].value if share is None else share
    found = early * (1 + elasticity) - 1
    if not found > 0:
        raise InputError(
            f"a long-run elasticity of {elasticity:g} leaves {found:.2g} in the first year",
            f"It must be above {1 / early - 1:.2g}.",
        )
    return found


def ilms_2025(
    distribution: Vector | Mapping[str, float],
    elasticity: float = 4.0,
    firm_pass_through: float = 1.0,
    revenue: Revenue = "income tax",
) -> TradeModel:
    r"""The model of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025) as a setting.

    $$\varphi_i = \tilde\varphi + \frac{1 + \vartheta}{(1 - \nu_i)\vartheta} - \frac1\vartheta - 1,
      \qquad \vartheta = \frac{\varepsilon}{0.67},\quad \psi = \frac{0.67}{\varepsilon},\quad
      \kappa = 0.5$$

    Args:
        distribution: nu by country, see `distribution_margins`.
        elasticity: epsilon.
        firm_pass_through: phi tilde: 1 in their baseline, 0.25 in their incomplete pass-through.
        revenue: what becomes of duties.
    """
    shape = elasticity / SCALE_OF_KRUGMAN

    def pass_through(margin: Any) -> Any:
        return firm_pass_through + (1 + shape) / ((1 - margin) * shape) - 1 / shape - 1

    through = (
        {name: pass_through(margin) for name, margin in distribution.items()}
        if isinstance(distribution, Mapping)
        else pass_through(distribution)
    )
    return TradeModel(
        elasticity=elasticity,
        labour_supply=0.5,
        revenue=revenue,
        scale=SCALE_OF_KRUGMAN / elasticity,
        pass_through=through,
        distribution=distribution,
    )
