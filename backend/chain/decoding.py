"""From logs, as a node returns them, to events; one decoder compiled from the ABI for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any, get_args, get_type_hints

from eth_abi import decoding, encoding
from eth_abi.codec import ABICodec
from eth_abi.exceptions import DecodingError
from eth_abi.registry import registry
from eth_utils.address import to_checksum_address

from backend.chain.contract import AbiItem, contract, types
from backend.chain.events import EVENTS, Event, Origin
from backend.core.errors import AppError

Log = dict[str, Any]
"""A log as `eth_getLogs` returns it."""

Reader = Callable[[Any], Any]

_WORD = 64


class EventMalformedError(AppError):
    """A log of one of our contracts does not have the shape that its ABI says."""

    status = 502
    title = "Malformed event"


class _ShapeError(ValueError):
    """What is wrong with a word or a field; becomes an `EventMalformedError`."""


def topics() -> list[str]:
    """The first topics of all events that the index reads, in order and once each."""
    return sorted({topic for name in EVENTS for topic in _decoders(name)})


def decode(name: str, log: Log, timestamp: int) -> Event | None:
    """The event that a log of a contract called `name` carries; None when it is none of ours.

    `timestamp` is that of the log's block. Raises `EventMalformedError`.
    """
    try:
        decoder = _decoders(name).get(log["topics"][0]) if log["topics"] else None
        return decoder(log, timestamp) if decoder else None
    except (_ShapeError, DecodingError, ValueError, KeyError, TypeError, OverflowError) as error:
        place = f"block {log.get('blockNumber')}, log {log.get('logIndex')}"
        raise EventMalformedError(
            f"{name} at {place}: {str(error) or type(error).__name__}"
        ) from error


@lru_cache(maxsize=65536)
def checksummed(address: str) -> str:
    """An address in mixed case (EIP-55)."""
    return str(to_checksum_address(address))


@cache
def _decoders(name: str) -> dict[str, _Decoder]:
    by_name = {item["name"]: (topic, item) for topic, item in contract(name).events.items()}
    found = ((kind, *by_name[kind.__name__]) for kind in EVENTS[name])
    return {f"0x{topic.hex()}": _Decoder(kind, item) for kind, topic, item in found}


class _Decoder:
    """Turns the logs of one event into instances of its dataclass."""

    def __init__(self, kind: type[Event], item: AbiItem) -> None:
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)][1:]
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
        self._shapes = [_shape(*pair) for pair in plain] if self._static else []
        self._values = [] if self._static else [_value_reader(p, hint) for p, hint in plain]

    def __call__(self, log: Log, timestamp: int) -> Event:
        found = [topic[2:] for topic in log["topics"][1:]]
        values = _read_words(self._topics, found)
        data = log["data"]
        if self._static:
            words = [data[i : i + _WORD] for i in range(2, len(data), _WORD)]
            leaves = iter(_read_words(self._words, words))
            values += [shape(leaves) for shape in self._shapes]
        else:
            decoded = _codec().decode(self._types, bytes.fromhex(data[2:]))
            values += [read(v) for read, v in zip(self._values, decoded, strict=True)]
        return self._kind(_origin(log, timestamp), *[values[place] for place in self._places])


def _origin(log: Log, timestamp: int) -> Origin:
    return Origin(
        block=int(log["blockNumber"], 16),
        block_hash=log["blockHash"],
        timestamp=timestamp,
        transaction=log["transactionHash"],
        transaction_index=int(log["transactionIndex"], 16),
        log_index=int(log["logIndex"], 16),
        address=checksummed(log["address"]),
    )


def _unsigned(bits: int) -> Callable[[str], int]:
    def read(word: str) -> int:
        value = int(word, 16)
        if value >> bits:
            raise _ShapeError(f"{value} does not fit uint{bits}")
        return value

    return read


def _address(word: str) -> str:
    if word[:24] != "0" * 24:
        raise _ShapeError(f"0x{word} is not an address")
    return checksummed(f"0x{word[24:]}")


def _selector(word: str) -> str:
    if word[8:] != "0" * 56:
        raise _ShapeError(f"0x{word} is not 4 bytes")
    return f"0x{int(word[:8], 16):08x}"


_WORDS: dict[str, Callable[[str], Any]] = {
    "bytes32": lambda word: f"0x{int(word, 16):064x}",
    "bytes4": _selector,
    "address": _address,
    "bool": lambda word: bool(_unsigned(1)(word)),
    **{f"uint{bits}": _unsigned(bits) for bits in range(8, 264, 8)},
}


def _read_words(readers: list[Reader], words: list[str]) -> list[Any]:
    if len(words) != len(readers) or any(len(word) != _WORD for word in words):
        raise _ShapeError(f"{len(readers)} words of 32 bytes expected, found {words!r:.200}")
    return [read(word) for read, word in zip(readers, words, strict=True)]


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
    """From a word of 64 hexadecimal digits to a field of type `hint`."""
    read = _WORDS[parameter["type"]]
    if _is_enum(hint):
        return lambda word: hint(read(word))
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
    """Each component of a struct with the type of its field in the dataclass `hint`."""
    hints = get_type_hints(hint)
    names = [field.name for field in fields(hint)]
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
    "bytes32": lambda value: f"0x{value.hex()}",
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
