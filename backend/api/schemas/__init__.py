"""Shapes of the answers, filled from the dataclasses of the queries by name."""
