"""The settings of the trade engine over sectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from worldorder.errors import InputError
from worldorder.mechanisms.trade.baseline import Imbalances
from worldorder.mechanisms.trade.sectors import SectorTechnology
from worldorder.trade.labels import Vector
from worldorder.trade.model import Revenue, by_country, check_choices

BySector: TypeAlias = float | Mapping[str, float] | pd.Series | Sequence[float] | Vector
Cube: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class SectorModel:
    """How trade in sectors responds; what `TradeModel` has, and what sectors add to it.

    Args:
        elasticity: theta, one number or by sector.
        substitution: eta between sectors in final spending; 1 holds their shares (Cobb-Douglas).
        labour_supply: kappa, elasticity of labour to the real wage.
        revenue: duties are handed back as a lump sum or lower the tax on labour income.
        scale: psi, one number or by sector, elasticity by which the unit cost of a sector falls
            with its employment.
        pass_through: phi by importer, of duties to consumer prices.
        distribution: nu by country, share of the price of a good earned where it is sold.
        value_added: beta, share of sales: one number, by sector, by country, or a DataFrame of
            sectors by countries. Inputs are then bought in the proportions of all that a country
            buys.
        inputs: g, in place of `value_added`: share of each input in the cost of a sector, DataFrame
            of inputs by using sectors for all countries, or DataArray (input, sector, country).
        imbalances: as in `TradeModel`.
        anchor: country in whose wage fixed deficits are kept.
        income_responds: False holds income and final spending (conditional equilibrium).
    """

    elasticity: BySector = 4.0
    substitution: float = 1.0
    labour_supply: float = 0.0
    revenue: Revenue = "lump sum"
    scale: BySector = 0.0
    pass_through: float | Mapping[str, float] | Sequence[float] | Vector = 1.0
    distribution: float | Mapping[str, float] | Sequence[float] | Vector = 0.0
    value_added: float | Mapping[str, float] | pd.Series | pd.DataFrame = 1.0
    inputs: pd.DataFrame | xr.DataArray | None = None
    imbalances: Imbalances = "world"
    anchor: str | None = None
    income_responds: bool = True

    def __post_init__(self) -> None:
        check_choices(self.imbalances, self.revenue)
        if not 0 <= self.substitution < np.inf:
            raise InputError(f"substitution {self.substitution} is not 0 or more", "1 is usual.")
        if self.inputs is not None and not is_one(self.value_added):
            raise InputError(
                "both inputs and value_added are given", "Inputs leave value added: give one."
            )
        if self.revenue == "income tax" and self.labour_supply == 0:
            raise InputError(
                "income-tax relief works through labour supply, which is 0",
                "Give labour_supply too, 0.5 for example.",
            )

    def technology(
        self, names: Sequence[str], sectors: Sequence[str], bought: Matrix
    ) -> SectorTechnology:
        """The same for the kernels; what does not respond is left out of the equations.

        Args:
            names: countries.
            sectors: sectors.
            bought: what each country buys of each sector, (sector, country).
        """
        theta = by_sector(self.elasticity, sectors, "elasticity")
        if wrong := [n for n, value in zip(sectors, theta, strict=True) if not value > 0]:
            raise InputError(f"elasticity of {', '.join(wrong[:10])} is not above 0", "4 is usual.")
        scale = by_sector(self.scale, sectors, "scale")
        if wrong := [n for n, at in zip(sectors, scale * theta, strict=True) if not 0 <= at < 1]:
            raise InputError(
                f"scale times elasticity of {', '.join(wrong[:10])} is not from 0 to below 1",
                "At 1 or more a sector's costs fall faster than its sales rise: no equilibrium "
                "is stable.",
            )
        inputs = self._inputs(names, sectors, bought)
        works = self.labour_supply != 0
        return SectorTechnology(
            elasticity=jnp.asarray(theta),
            substitution=jnp.asarray(self.substitution),
            income_response=1.0 if self.income_responds else 0.0,
            labour_supply=jnp.asarray(self.labour_supply) if works else None,
            relief=jnp.asarray(1.0) if self.revenue == "income tax" else None,
            scale=jnp.asarray(scale) if scale.any() else None,
            pass_through=by_country(self.pass_through, 1.0, names, "pass_through"),
            distribution=by_country(self.distribution, 0.0, names, "distribution"),
            inputs=None if inputs is None else jnp.asarray(inputs),
        )

    def _inputs(self, names: Sequence[str], sectors: Sequence[str], bought: Matrix) -> Cube | None:
        if self.inputs is not None:
            return input_shares(self.inputs, names, sectors)
        if is_one(self.value_added):
            return None
        added = value_added_of(self.value_added, names, sectors)
        if not ((added > 0) & (added <= 1)).all():
            raise InputError("value_added is no share", "It is above 0 and at most 1.")
        return (bought / bought.sum(0))[:, None, :] * (1 - added)[None]


Matrix: TypeAlias = NDArray[np.float64]


def is_one(given: Any) -> bool:
    """Whether nothing but labour is used."""
    return isinstance(given, int | float) and given == 1


def by_sector(given: Any, sectors: Sequence[str], what: str) -> Vector:
    """`given` (number, mapping, Series or array) in the order of `sectors`.

    Raises:
        InputError: a sector is missing, or the length is another.
    """
    if isinstance(given, pd.Series):
        given = given.to_dict()
    if isinstance(given, Mapping):
        named = {str(name): float(value) for name, value in given.items()}
        if missing := [name for name in sectors if name not in named]:
            raise InputError(f"{what} has no {', '.join(missing[:10])}", "Give each sector.")
        given = [named[name] for name in sectors]
    values = np.asarray(given, dtype=float)
    if values.shape not in ((), (len(sectors),)):
        raise InputError(f"{what} has shape {values.shape}", f"Give {len(sectors)} values.")
    return np.broadcast_to(values, (len(sectors),))


def value_added_of(given: Any, names: Sequence[str], sectors: Sequence[str]) -> Matrix:
    """Shares of value added by (sector, country).

    Raises:
        InputError: a sector or a country is missing.
    """
    whole = np.ones((len(sectors), len(names)))
    if isinstance(given, pd.DataFrame):
        frame = given.rename(index=str, columns=str)
        _all_named(frame.index, sectors, "value_added, sector")
        _all_named(frame.columns, names, "value_added, country")
        return frame.loc[list(sectors), list(names)].to_numpy(dtype=float)
    if isinstance(given, Mapping | pd.Series):
        keys = {str(key) for key in given.keys()}  # noqa: SIM118
        if set(names) <= keys and not set(sectors) <= keys:
            return whole * by_sector(given, names, "value_added")
    return whole * by_sector(given, sectors, "value_added")[:, None]


def input_shares(
    given: pd.DataFrame | xr.DataArray, names: Sequence[str], sectors: Sequence[str]
) -> Cube:
    """Shares of inputs in cost by (input, using sector, country).

    Raises:
        InputError: a sector or country is missing, a share is negative or leaves no value added.
    """
    if isinstance(given, pd.DataFrame):
        frame = given.rename(index=str, columns=str)
        _all_named(frame.index, sectors, "inputs, row")
        _all_named(frame.columns, sectors, "inputs, column")
        plain = frame.loc[list(sectors), list(sectors)].to_numpy(dtype=float)
        found = np.repeat(plain[:, :, None], len(names), axis=2)
    else:
        for dim, known in (("input", sectors), ("sector", sectors), ("country", names)):
            if dim not in given.dims:
                raise InputError(f"inputs have no dim {dim}", "Dims are input, sector, country.")
            _all_named(given[dim].to_numpy(), known, f"inputs, {dim}")
        chosen = given.sel(input=list(sectors), sector=list(sectors), country=list(names))
        found = chosen.transpose("input", "sector", "country").to_numpy().astype(float)
    if not (found >= 0).all():
        raise InputError("an input share is negative or missing", "Inputs not bought are 0.")
    used = found.sum(0)
    if (used >= 1).any():
        sector, country = np.argwhere(used >= 1)[0]
        raise InputError(
            f"inputs leave no value added in sector {sectors[sector]} of {names[country]}",
            "Shares of inputs in the cost of a sector sum to less than 1.",
        )
    return found


def _all_named(given: Any, known: Sequence[str], what: str) -> None:
    held = {str(name) for name in given}
    if missing := [name for name in known if name not in held]:
        raise InputError(f"{what} has no {', '.join(missing[:10])}", "Name each.")
