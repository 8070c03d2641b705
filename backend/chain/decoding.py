"""From logs to events; one decoder compiled from the ABI for each kind of event.

The Contract ABI Specification says where each value stands: in words of 32 bytes one after the
other, or, where its length varies, at an offset from the beginning of what it is part of. A general
library looks at the types anew for each log, which took most of the time; the tests hold each
decoder against eth_abi.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import groupby
from operator import itemgetter
from struct import Struct
from typing import Any, get_args, get_type_hints

from msgspec import structs

from backend.chain.abi import AbiItem, abi
from backend.chain.events import EVENTS, Event, Origin
from backend.chain.logs import checksummed
from backend.core.errors import AppError
from backend.core.kept import kept

_WORD = 32
_COUNTED_BITS = 32
_KEPT = 4096

Word = Callable[[bytes], Any]
"""Reads a word."""

Read = Callable[[bytes, int], Any]
"""Reads a value out of data, from a place on."""

Values = Callable[[bytes, int], list[Any]]
"""Reads several values out of data, from a place on."""


class EventMalformedError(AppError):
    """A log of one of our contracts does not have the shape that its ABI says."""

    status = 502
    title = "Malformed event"


class _ShapeError(ValueError):
    """What is wrong with a word or a field; becomes an `EventMalformedError`."""


def topics() -> list[str]:
    """The first topics of all events that the index reads, in order and once each."""
    return sorted({topic for name in EVENTS for topic in decoders(name)})


def decode(name: str, origin: Origin) -> Event | None:
    """The event that a log of a contract called `name` carries; None when it is none of ours.

    Raises `EventMalformedError`.
    """
    decoder = decoders(name).get(f"0x{origin.topics[:_WORD].hex()}")
    return decoder(origin) if decoder else None


@cache
def decoders(name: str) -> dict[str, Decoder]:
    """Who decodes the events that a contract called `name` emits, by the first topic, "0x…".

    Those that the index reads; topics are in small letters.
    """
    by_name = {item["name"]: (topic, item) for topic, item in abi(name).events.items()}
    found = ((kind, *by_name[kind.__name__]) for kind in EVENTS[name])
    return {f"0x{topic.hex()}": Decoder(name, kind, item) for kind, topic, item in found}


@dataclass(frozen=True, slots=True)
class _Reader:
    """How values of a type are read.

    `size` is their length in bytes, None where that varies; `word` reads them where that is 32.
    """

    read: Read
    size: int | None = None
    word: Word | None = None


class Decoder:
    """Turns the logs of one event of a contract called `name` into instances of its struct."""

    def __init__(self, name: str, kind: type[Event], item: AbiItem) -> None:
        hints = get_type_hints(kind)
        names = [field.name for field in structs.fields(kind)][1:]
        pairs = list(zip(item["inputs"], names, strict=True))
        topics = [field for p, field in pairs if p["indexed"]]
        plain = [field for p, field in pairs if not p["indexed"]]
        readers = {field: _reader(parameter, hints[field]) for parameter, field in pairs}
        self._name, self._kind = name, kind
        places = [[*topics, *plain].index(field) for field in names]
        self._sort = None if places == sorted(places) else itemgetter(*places)
        self._topics_size = _WORD * (1 + len(topics))
        self._data_size = _total([readers[field] for field in plain])
        self._topics = _sequence([readers[field] for field in topics])
        self._data = _sequence([readers[field] for field in plain])
        self._all = _sequence([readers[field] for field in (*topics, *plain)])

    def __call__(self, origin: Origin) -> Event:
        """The event; raises `EventMalformedError`."""
        try:
            values = self._values(origin.topics, origin.data)
        except ValueError as error:
            place = f"block {origin.block}, log {origin.log_index}"
            raise EventMalformedError(
                f"{self._name} at {place}: {str(error) or type(error).__name__}"
            ) from error
        return self._kind(origin, *(self._sort(values) if self._sort else values))

    def _values(self, topics: bytes, data: bytes) -> list[Any]:
        if len(topics) != self._topics_size:
            raise _wrong_size("topics", topics, self._topics_size)
        if self._data_size is None:
            return self._topics(topics, _WORD) + self._data(data, 0)
        if len(data) != self._data_size:
            raise _wrong_size("data", data, self._data_size)
        # Where no length varies nothing stands at an offset from the beginning of the data.
        return self._all(topics + data, _WORD)


def _wrong_size(what: str, data: bytes, size: int) -> _ShapeError:
    words = size // _WORD
    return _ShapeError(f"{what} of {words} words of 32 bytes expected, found {data.hex()!r:.200}")


def _reader(parameter: AbiItem, hint: Any) -> _Reader:
    """For a parameter whose value becomes a field of type `hint`."""
    kind = parameter["type"]
    if kind.endswith("]"):
        item = parameter | {"type": kind[: kind.rindex("[")]}
        return _Reader(_array(_reader(item, get_args(hint)[0])))
    if kind == "tuple":
        readers = [_reader(*pair) for pair in _components(parameter, hint)]
        values = _sequence(readers)
        return _Reader(lambda data, at: hint(*values(data, at)), _total(readers))
    if kind == "string":
        return _Reader(_string)
    word = _enumerated(hint) if _is_enum(hint) else _WORDS[kind]
    return _Reader(lambda data, at: word(_word_at(data, at)), _WORD, word)


def _components(parameter: AbiItem, hint: Any) -> list[tuple[AbiItem, Any]]:
    """Each component of a struct with the type of its field in the class `hint`."""
    hints = get_type_hints(hint)
    names = [field.name for field in structs.fields(hint)]
    return [(c, hints[n]) for c, n in zip(parameter["components"], names, strict=True)]


def _total(readers: Sequence[_Reader]) -> int | None:
    """The length of several values together; None where it varies."""
    sizes = [reader.size for reader in readers]
    return None if None in sizes else sum(size or 0 for size in sizes)


def _sequence(readers: Sequence[_Reader]) -> Values:
    """Values that stand one after the other, those of varying length at their offsets."""
    steps: list[Values] = []
    place = 0
    for is_word, some in groupby(readers, lambda reader: reader.word is not None):
        alike = list(some)
        if is_word:
            steps.append(_words([reader.word for reader in alike if reader.word], place))
            place += _WORD * len(alike)
            continue
        for reader in alike:
            steps.append((_moved if reader.size is None else _placed)(reader.read, place))
            place += reader.size or _WORD
    return steps[0] if len(steps) == 1 else _together(steps)


def _together(steps: Sequence[Values]) -> Values:
    def read(data: bytes, start: int) -> list[Any]:
        values: list[Any] = []
        for step in steps:
            values += step(data, start)
        return values

    return read


def _words(readers: Sequence[Word], place: int) -> Values:
    cut = Struct(f"{_WORD}s" * len(readers))

    def read(data: bytes, start: int) -> list[Any]:
        at = start + place
        if len(data) < at + cut.size:
            raise _ShapeError(f"{cut.size} bytes expected at {at}, of {len(data)}")
        return [word(part) for word, part in zip(readers, cut.unpack_from(data, at))]  # noqa: B905

    return read


def _placed(read: Read, place: int) -> Values:
    return lambda data, start: [read(data, start + place)]


def _moved(read: Read, place: int) -> Values:
    return lambda data, start: [read(data, start + _length_at(data, start + place))]


def _array(item: _Reader) -> Read:
    size = item.size or _WORD

    def read(data: bytes, at: int) -> tuple[Any, ...]:
        count, start = _length_at(data, at), at + _WORD
        if start + count * size > len(data):
            raise _ShapeError(f"{count} values expected at {at}, of {len(data)} bytes")
        places = range(start, start + count * size, size)
        if item.size is not None:
            return tuple(item.read(data, place) for place in places)
        return tuple(item.read(data, start + _length_at(data, place)) for place in places)

    return read


def _string(data: bytes, at: int) -> str:
    length, start = _length_at(data, at), at + _WORD
    padded = data[start : start + -(-length // _WORD) * _WORD]
    if len(padded) < length or len(padded) % _WORD or any(padded[length:]):
        raise _ShapeError(f"{length} bytes of text expected at {at}, of {len(data)} bytes")
    # Any bytes may stand in a Solidity string: no party must be able to stop the index by what is
    # no UTF-8, and no text column of PostgreSQL holds NUL.
    return padded[:length].decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def _word_at(data: bytes, at: int) -> bytes:
    word = data[at : at + _WORD]
    if len(word) != _WORD:
        raise _ShapeError(f"a word expected at {at}, of {len(data)} bytes")
    return word


def _length_at(data: bytes, at: int) -> int:
    """A length or an offset, neither of which can be more than there is."""
    length = int.from_bytes(_word_at(data, at))
    if length > len(data):
        raise _ShapeError(f"{length} bytes or values expected at {at}, of {len(data)} bytes")
    return length


def _unsigned(bits: int) -> Word:
    limit = 2**bits

    def read(word: bytes) -> int:
        value = int.from_bytes(word)
        if value >= limit:
            raise _ShapeError(f"{value} does not fit uint{bits}")
        return value

    # Counts stand in many events, moments and amounts seldom twice.
    return kept(read, _KEPT) if bits <= _COUNTED_BITS else read


def _address(word: bytes) -> str:
    if word[:12] != bytes(12):
        raise _ShapeError(f"0x{word.hex()} is not an address")
    return checksummed(f"0x{word[12:].hex()}")


def _selector(word: bytes) -> str:
    if word[4:] != bytes(28):
        raise _ShapeError(f"0x{word.hex()} is not 4 bytes")
    return f"0x{word[:4].hex()}"


def _bytes32(word: bytes) -> str:
    return f"0x{word.hex()}"


_WORDS: dict[str, Word] = {
    # Ids stand in many events: one text for all of them saves memory.
    "bytes32": kept(_bytes32, _KEPT),
    "bytes4": _selector,
    "address": kept(_address, _KEPT),
    "bool": lambda word: bool(_unsigned(1)(word)),
    **{f"uint{bits}": _unsigned(bits) for bits in range(8, 256, 8)},
    "uint256": int.from_bytes,
}


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, IntEnum)


def _enumerated(kind: type[IntEnum]) -> Word:
    members = {member.to_bytes(_WORD): member for member in kind}

    def read(word: bytes) -> IntEnum:
        member = members.get(word)
        if member is None:
            raise _ShapeError(f"{int.from_bytes(word)} is not a valid {kind.__name__}")
        return member

    return read
