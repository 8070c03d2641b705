"""What a server tells the process that makes a file, and what it hears of it."""

from __future__ import annotations

import errno
from typing import Final

import msgspec

from backend.downloads.about import Publisher
from backend.downloads.files import File

TOO_LARGE: Final = errno.EFBIG
"""The exit status of a process whose file became larger than it may."""


class Job(msgspec.Struct, frozen=True):
    """One file to make: of which database, where, and how many bytes it may have at most."""

    database: str
    file: File
    publisher: Publisher
    target: str
    largest: int


class Begun(msgspec.Struct, frozen=True):
    """The state of the index that the file is of, as a `Stamp` writes it."""

    stamp: str
