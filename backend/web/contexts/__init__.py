"""What each page shows: one frozen dataclass for each, and the function that fills it."""
