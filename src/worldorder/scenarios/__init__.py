"""Questions: what a scenario may say, how files of scenarios rest on each other, what they do."""

from worldorder.scenarios.loader import changed, library, load_scenario, reference_of
from worldorder.scenarios.schema import Scenario

__all__ = ["Scenario", "changed", "library", "load_scenario", "reference_of"]
