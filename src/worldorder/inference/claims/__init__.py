"""Claims put to the test: a file of statements in, verdicts with probabilities out."""
