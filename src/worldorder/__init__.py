"""worldorder: an open simulator of the international order."""

__version__ = "0.1.0"
