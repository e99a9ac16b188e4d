"""Votes of the General Assembly: records, agreement of dyads, dynamic ordinal ideal points."""
