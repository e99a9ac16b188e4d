"""Estimation of the mechanisms' parameters from the evidence, with scores against persistence."""
