"""One door for all estimators: what each found, as parameters with their joint uncertainty."""
