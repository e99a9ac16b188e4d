"""Array types by meaning.

Index sets: `country` (N states), `partner` (the same states), `institution` (I bodies), `currency`
(reserve currencies, the last one all others), `holder` (groups of holders of reserves).
Dyads are matrices with the acting state in the row and its partner in the column, except trade
flows and shares, which keep the trade literature's order: exporter in the row, importer in the
column. Directed unless a field says symmetric.
"""

from __future__ import annotations

from typing import TypeAlias

from jaxtyping import Array, Bool, Float, Int, UInt32

Scalar: TypeAlias = Float[Array, ""]
Flag: TypeAlias = Bool[Array, ""]
ByCountry: TypeAlias = Float[Array, " country"]
ByDyad: TypeAlias = Float[Array, "country partner"]
ByTradeFlow: TypeAlias = Float[Array, "exporter importer"]
ByInstitution: TypeAlias = Float[Array, " institution"]
ByPower: TypeAlias = Float[Array, "country power"]
ByMembership: TypeAlias = Bool[Array, "country institution"]
ByHolding: TypeAlias = Float[Array, "country institution"]
ByHolder: TypeAlias = Float[Array, "holder currency"]
ByCurrency: TypeAlias = Float[Array, " currency"]
CountryIndex: TypeAlias = Int[Array, ""]
CountryMask: TypeAlias = Bool[Array, " country"]
InstitutionMask: TypeAlias = Bool[Array, " institution"]
StreamKey: TypeAlias = UInt32[Array, "2"]
