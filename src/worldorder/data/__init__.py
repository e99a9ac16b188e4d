"""The evidence: raw sources in, one panel out, every cell with its flag and its source.

Nothing here is imported by a compiled step. `start` loads with NumPy alone; pandas, pyarrow and
country_converter are imported where they are used.
"""
