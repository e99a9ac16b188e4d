"""Sourced numbers: one YAML file a mechanism, each value with unit, range, status and source."""

from worldorder.parameters.loader import Parameter, draw_parameters, load_parameters

__all__ = ["Parameter", "draw_parameters", "load_parameters"]
