"""From logs to events; one decoder compiled from the ABI for each kind of event.

Values that stand in words of their own are sliced out of the data; eth_abi reads the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any, get_args, get_type_hints

from eth_abi import decoding, encoding
from eth_abi.codec import ABICodec
from eth_abi.exceptions import DecodingError
from eth_abi.registry import registry
from msgspec import structs

from backend.chain.contract import AbiItem, contract, types
from backend.chain.events import EVENTS, Event, Origin
from backend.chain.logs import checksummed
from backend.core.errors import AppError

Reader = Callable[[Any], Any]

_WORD = 32


class EventMalformedError(AppError):
    """A log of one of our contracts does not have the shape that its ABI says."""

    status = 502
    title = "Malformed event"


class _ShapeError(ValueError):
    """What is wrong with a word or a field; becomes an `EventMalformedError`."""


def topics() -> list[str]:
    """The first topics of all events that the index reads, in order and once each."""
    return sorted({f"0x{topic.hex()}" for name in EVENTS for topic in _decoders(name)})


def decode(name: str, origin: Origin) -> Event | None:
    """The event that a log of a contract called `name` carries; None when it is none of ours.

    Raises `EventMalformedError`.
    """
    decoder = _decoders(name).get(origin.topics[:_WORD])
    if decoder is None:
        return None
    try:
        return decoder(origin)
    except (_ShapeError, DecodingError, ValueError, KeyError, TypeError, OverflowError) as error:
        place = f"block {origin.block}, log {origin.log_index}"
        raise EventMalformedError(
            f"{name} at {place}: {str(error) or type(error).__name__}"
        ) from error


@cache
def _decoders(name: str) -> dict[bytes, _Decoder]:
    by_name = {item["name"]: (topic, item) for topic, item in contract(name).events.items()}
    found = ((kind, *by_name[kind.__name__]) for kind in EVENTS[name])
    return {topic: _Decoder(kind, item) for kind, topic, item in found}


class _Decoder:
    """Turns the logs of one event into instances of its struct."""

    def __init__(self, kind: type[Event], item: AbiItem) -> None:
        hints = get_type_hints(kind)
        names = [field.name for field in structs.fields(kind)][1:]
        pairs = list(zip(item["inputs"], names, strict=True))
        indexed = [(p, hints[name]) for p, name in pairs if p["indexed"]]
        plain = [(p, hints[name]) for p, name in pairs if not p["indexed"]]
        order = [name for p, name in pairs if p["indexed"]]
        order += [name for p, name in pairs if not p["indexed"]]
        self._kind = kind
        self._places = [order.index(name) for name in names]
        self._topics = [_word_reader(p, hint) for p, hint in indexed]
        self._types = types([p for p, _ in plain])
        self._static = all(_is_static(p) for p, _ in plain)
        self._words = [read for pair in plain for read in _leaves(*pair)] if self._static else []
        # Where no field has more than one word, words are fields.
        self._shapes = [_shape(*pair) for pair in plain] if self._static else []
        self._flat = len(self._shapes) == len(self._words)
        self._values = [] if self._static else [_value_reader(p, hint) for p, hint in plain]

    def __call__(self, origin: Origin) -> Event:
        values = _read_words(self._topics, origin.topics[_WORD:])
        if self._static:
            leaves = _read_words(self._words, origin.data)
            values += leaves if self._flat else self._shaped(iter(leaves))
        else:
            decoded = _codec().decode(self._types, origin.data)
            values += [read(v) for read, v in zip(self._values, decoded, strict=True)]
        return self._kind(origin, *[values[place] for place in self._places])

    def _shaped(self, leaves: Iterator[Any]) -> list[Any]:
        return [shape(leaves) for shape in self._shapes]


def _unsigned(bits: int) -> Callable[[bytes], int]:
    def read(word: bytes) -> int:
        value = int.from_bytes(word)
        if value >> bits:
            raise _ShapeError(f"{value} does not fit uint{bits}")
        return value

    return read


def _address(word: bytes) -> str:
    if word[:12] != bytes(12):
        raise _ShapeError(f"0x{word.hex()} is not an address")
    return checksummed(f"0x{word[12:].hex()}")


def _selector(word: bytes) -> str:
    if word[4:] != bytes(28):
        raise _ShapeError(f"0x{word.hex()} is not 4 bytes")
    return f"0x{word[:4].hex()}"


@lru_cache(maxsize=65536)
def _bytes32(word: bytes) -> str:
    # Ids stand in many events: the same text for all of them saves memory.
    return f"0x{word.hex()}"


_WORDS: dict[str, Callable[[bytes], Any]] = {
    "bytes32": _bytes32,
    "bytes4": _selector,
    "address": lru_cache(maxsize=65536)(_address),
    "bool": lambda word: bool(_unsigned(1)(word)),
    **{f"uint{bits}": _unsigned(bits) for bits in range(8, 256, 8)},
    "uint256": int.from_bytes,
}


def _read_words(readers: list[Reader], data: bytes) -> list[Any]:
    if len(data) != _WORD * len(readers):
        raise _ShapeError(f"{len(readers)} words of 32 bytes expected, found {data.hex()!r:.200}")
    start = -_WORD
    return [read(data[(start := start + _WORD) : start + _WORD]) for read in readers]


def _is_static(parameter: AbiItem) -> bool:
    """Whether its value stands in words of its own, one after the other."""
    if parameter["type"] == "tuple":
        return all(_is_static(component) for component in parameter["components"])
    return parameter["type"] in _WORDS


def _leaves(parameter: AbiItem, hint: Any) -> list[Reader]:
    """A reader for each word of a static parameter."""
    if parameter["type"] != "tuple":
        return [_word_reader(parameter, hint)]
    return [read for pair in _components(parameter, hint) for read in _leaves(*pair)]


def _shape(parameter: AbiItem, hint: Any) -> Callable[[Iterator[Any]], Any]:
    """Takes as many values as the parameter has words, and makes a field of them."""
    if parameter["type"] != "tuple":
        return next
    shapes = [_shape(*pair) for pair in _components(parameter, hint)]
    return lambda leaves: hint(*[shape(leaves) for shape in shapes])


def _word_reader(parameter: AbiItem, hint: Any) -> Reader:
    """From a word of 32 bytes to a field of type `hint`."""
    return _enum_reader(hint) if _is_enum(hint) else _WORDS[parameter["type"]]


def _enum_reader(kind: type[IntEnum]) -> Reader:
    members = {member.to_bytes(_WORD): member for member in kind}

    def read(word: bytes) -> IntEnum:
        member = members.get(word)
        if member is None:
            raise _ShapeError(f"{int.from_bytes(word)} is not a valid {kind.__name__}")
        return member

    return read


def _value_reader(parameter: AbiItem, hint: Any) -> Reader:
    """From a value as eth_abi returns it to a field of type `hint`."""
    kind = parameter["type"]
    if kind.endswith("]"):
        item = parameter | {"type": kind[: kind.rindex("[")]}
        read = _value_reader(item, get_args(hint)[0])
        return lambda values: tuple(read(value) for value in values)
    if kind == "tuple":
        return _struct_reader(parameter, hint)
    return hint if _is_enum(hint) else _SCALARS.get(kind, _same)


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, IntEnum)


def _components(parameter: AbiItem, hint: Any) -> list[tuple[AbiItem, Any]]:
    """Each component of a struct with the type of its field in the class `hint`."""
    hints = get_type_hints(hint)
    names = [field.name for field in structs.fields(hint)]
    return [(c, hints[n]) for c, n in zip(parameter["components"], names, strict=True)]


def _struct_reader(parameter: AbiItem, hint: Any) -> Reader:
    readers = [_value_reader(*pair) for pair in _components(parameter, hint)]
    return lambda values: hint(*[read(v) for read, v in zip(readers, values, strict=True)])


def _same(value: Any) -> Any:
    return value


def _text(value: str) -> str:
    # A Solidity string may hold any bytes; no text column of PostgreSQL holds NUL.
    return value.replace("\0", "\\x00")


_SCALARS: dict[str, Reader] = {
    "bytes32": _bytes32,
    "address": checksummed,
    "string": _text,
}


@cache
def _codec() -> ABICodec:
    # A party that puts bytes into a string that are not UTF-8 must not be able to stop the index.
    lenient = registry.copy()  # type: ignore[no-untyped-call]
    lenient.unregister("string")
    decoder = decoding.StringDecoder("backslashreplace")  # type: ignore[no-untyped-call]
    lenient.register("string", encoding.TextStringEncoder, decoder)
    return ABICodec(lenient)
