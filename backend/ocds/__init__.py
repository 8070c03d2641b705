"""OCDS: published files into contracts, and the index into published releases."""
