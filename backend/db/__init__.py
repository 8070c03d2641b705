"""The index's tables and the only place that commits to them."""
