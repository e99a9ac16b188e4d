"""Answers: what a job of paired runs says, as datasets, differences and a summary."""
