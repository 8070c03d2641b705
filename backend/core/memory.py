"""How the C library hands out memory."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""


def share_memory() -> None:
    """Let all threads take their memory from one place: what one gives back, the next one uses.

    The interpreter's lock lets one of them ask at a time anyway. Does nothing without glibc.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_ARENA_MAX, 1)
