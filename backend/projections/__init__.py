"""From events to rows: one function for each event. Nothing here commits."""

PROJECTION_VERSION = 3
"""Raised whenever the same events would give other rows."""
