"""The acts of histories, by room."""
