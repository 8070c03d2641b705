"""The read API under /api/v1, and its one door in: documents that prove themselves."""
