"""The theory: one file a mechanism, kernels first, the adapter at its end."""
