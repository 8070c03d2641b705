"""Endpoints, one noun each."""
