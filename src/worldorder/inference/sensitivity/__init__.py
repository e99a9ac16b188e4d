"""Which uncertain numbers an outcome hangs on: Morris screen, swings, Sobol indices."""
