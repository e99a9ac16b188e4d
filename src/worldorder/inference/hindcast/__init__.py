"""Forecasts of years already known, by worlds that did not know them, and their scores."""
