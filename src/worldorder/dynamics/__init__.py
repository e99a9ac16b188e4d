"""Time: one step in written order, the scan over steps, ensembles."""
