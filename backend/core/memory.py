"""How the C library hands out memory."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8
_MMAP_THRESHOLD = -3
"""`M_ARENA_MAX` and `M_MMAP_THRESHOLD` of glibc's malloc.h."""

_LARGE_BYTES = 256 * 1024


def tune_malloc() -> None:
    """Let all threads take their memory from one place: what one gives back, the next one uses.

    The interpreter's lock lets one of them ask at a time anyway. What is large, as a node's answer
    is, is a mapping of its own that goes back to the system at once; by itself glibc would put it
    among small things once it has seen a few, and keep the gaps. Does nothing without glibc.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
