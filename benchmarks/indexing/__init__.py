"""The index and its peer, measured on a chain of Termin's own events."""
