"""A file taken apart into JSON documents, whatever its name and layout.

One document, several after each other, or one on each line (JSON Lines); plain or compressed by
gzip. What is broken becomes a `Broken`, and the rest goes on.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from backend.core.errors import AppError
from backend.ocds.reasons import Reason, ReasonCode

MAX_FILE_BYTES = 1 << 30
"""The most that is read of one file, after decompression."""

_GZIP = b"\x1f\x8b"
_LONGEST_INTEGER = 100
_SPACE = re.compile(r"[ \t\r\n]*")


class SourceFileError(AppError):
    """A file that was named does not exist or cannot be read."""

    status = 400
    title = "The file cannot be read"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path}: {error.strerror or error}")


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value and the line, counted from 1, on which it begins.

    Fractions are `Decimal`; a number that Python cannot hold stays the text that it was.
    """

    line: int
    value: object


@dataclass(frozen=True, slots=True)
class Broken:
    """A line, or the rest of a file, that is not readable."""

    line: int
    reason: Reason


def read_documents(path: Path, recognized: Callable[[object], bool]) -> Iterator[Document | Broken]:
    """The documents of the file at `path`.

    `recognized` says whether a value is one that is looked for; it decides whether a file whose
    first line is broken is JSON Lines. Raises `SourceFileError`.
    """
    try:
        data = _read(path)
    except (zlib.error, EOFError, gzip.BadGzipFile) as error:
        yield _broken(1, ReasonCode.NOT_JSON, f"compressed data is damaged ({error})")
        return
    except OSError as error:
        raise SourceFileError(path, error) from error
    if len(data) > MAX_FILE_BYTES:
        limit = f"more than {MAX_FILE_BYTES} bytes; expected smaller files"
        yield _broken(1, ReasonCode.FILE_TOO_LARGE, limit)
        return
    yield from _documents(data.removeprefix(codecs.BOM_UTF8), recognized)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        compressed = stream.read(len(_GZIP)) == _GZIP
        stream.seek(0)
        if not compressed:
            return stream.read(MAX_FILE_BYTES + 1)
        with gzip.open(stream) as content:
            return content.read(MAX_FILE_BYTES + 1)


def _documents(data: bytes, recognized: Callable[[object], bool]) -> Iterator[Document | Broken]:
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if not lines:
        yield _broken(1, ReasonCode.NOT_JSON, "the file is empty")
        return
    first = _line(*lines[0])
    documents = _whole(data)
    if isinstance(first, Broken):
        whole = next(documents)
        if isinstance(whole, Document) or not _has_lines(lines, recognized):
            yield whole
            yield from documents
            return
    yield first
    yield from (_line(*line) for line in lines[1:])


def _has_lines(lines: list[tuple[int, bytes]], recognized: Callable[[object], bool]) -> bool:
    reads = (_line(*line) for line in lines)
    return any(isinstance(read, Document) and recognized(read.value) for read in reads)


def _line(number: int, line: bytes) -> Document | Broken:
    """The one document on a line that is not blank."""
    return next(_whole(line, number, alone=True))


def _whole(data: bytes, line: int = 1, *, alone: bool = False) -> Iterator[Document | Broken]:
    """The documents of `data` after each other; an error ends them.

    With `alone` there is one, and anything after it is an error.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        yield _broken(line, ReasonCode.NOT_UTF8, f"byte {error.start}: {error.reason}")
        return
    position = _after_space(text, 0)
    while position < len(text):
        read, end = _decode(text, position, line, alone=alone)
        yield read
        if isinstance(read, Broken):
            return
        line += text.count("\n", position, end)
        position = end


def _decode(text: str, start: int, line: int, *, alone: bool) -> tuple[Document | Broken, int]:
    """The document that begins at `start`, and where the next one begins."""
    try:
        value, end = _DECODER.raw_decode(text, start)
        end = _after_space(text, end)
        if alone and end < len(text):
            raise json.JSONDecodeError("Extra data", text, end)
    except json.JSONDecodeError as error:
        line += text.count("\n", start, error.pos)
        return _broken(line, ReasonCode.NOT_JSON, f"{error.msg} at column {error.colno}"), start
    except RecursionError:
        return _broken(line, ReasonCode.TOO_DEEP, "objects nested too deep to be read"), start
    return Document(line, value), end


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _broken(line: int, code: ReasonCode, detail: str) -> Broken:
    return Broken(line, Reason(code, detail))


def _fraction(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _integer(text: str) -> int | str:
    # Python refuses to convert thousands of digits, and no amount has them.
    return int(text) if len(text) <= _LONGEST_INTEGER else text


# NaN and Infinity, which are not JSON, stay texts: no amount, but no reason to lose the rest.
_DECODER = json.JSONDecoder(parse_float=_fraction, parse_int=_integer, parse_constant=str)
