"""Trade in general equilibrium for all countries at once."""

from worldorder.mechanisms.trade.adapter import TradeParameters, diagnose, reference_income

__all__ = ["TradeParameters", "diagnose", "reference_income"]
