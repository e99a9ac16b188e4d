"""Calibration through time by gradients, and checks that known parameters are recovered."""
