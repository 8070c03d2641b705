"""Keccak-256, as the chain hashes.

eth_utils would take PyCryptodome where that is installed, which needs ten times as long for as few
bytes as a topic or the node of a trie has.
"""

from __future__ import annotations

from eth_hash.backends.pysha3 import keccak256 as keccak

__all__ = ["keccak"]
