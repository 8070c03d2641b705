"""What follows from ABIs: calldata, results, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError

from backend.chain.abi import NAMES, Abi, AbiItem, load, type_of, types
from backend.chain.hashing import checksum_address


@dataclass(frozen=True, slots=True)
class Refusal:
    """A custom error as a contract raised it.

    `name` is the error's name; `arguments` maps each parameter to its value.
    """

    name: str
    arguments: dict[str, Any]


class Contract(Abi):
    """One kind of contract: its ABI and its deployment bytecode."""

    def __init__(self, name: str, items: list[AbiItem], bytecode: bytes) -> None:
        super().__init__(items)
        self.name = name
        self.bytecode = bytecode
        none: AbiItem = {"inputs": []}
        self._constructor = next((i for i in items if i["type"] == "constructor"), none)

    def deployment(self, *arguments: Any) -> bytes:
        """Bytecode and encoded constructor arguments."""
        return self.bytecode + _encode(self._constructor["inputs"], arguments)

    def call(self, function: str, *arguments: Any) -> bytes:
        """Calldata of a function; tuples may be given as mappings by component name."""
        item = self.functions[function]
        return self.selector(function) + _encode(item["inputs"], arguments)

    def result(self, function: str, data: bytes) -> Any:
        """What a function returned; tuples become dicts by component name."""
        outputs = self.functions[function]["outputs"]
        values = [
            named(output, value)
            for output, value in zip(outputs, decode(types(outputs), data), strict=True)
        ]
        return values[0] if len(values) == 1 else values

    def event(self, log: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Name and arguments of a log as the node gives it; None for an event of another kind.

        Raises `eth_abi.exceptions.DecodingError` when the data does not fit the event.
        """
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        item = self.events.get(topics[0]) if topics else None
        if item is None:
            return None
        inputs = item["inputs"]
        hashed = [parameter for parameter in inputs if parameter["indexed"]]
        plain = [parameter for parameter in inputs if not parameter["indexed"]]
        values = dict(
            zip((p["name"] for p in hashed), map(_topic, hashed, topics[1:]), strict=True)
        )
        data = decode(types(plain), bytes.fromhex(log["data"][2:]))
        values |= {p["name"]: named(p, value) for p, value in zip(plain, data, strict=True)}
        return item["name"], {p["name"]: values[p["name"]] for p in inputs}


@cache
def contract(name: str) -> Contract:
    """Load one of `NAMES` from the package."""
    artifact = load(name)
    return Contract(name, artifact["abi"], bytes.fromhex(artifact["bytecode"].removeprefix("0x")))


def refusal(data: bytes) -> Refusal | None:
    """The custom error that revert data carries; None if no contract of ours declares it.

    None as well where the data does not fit the error.
    """
    for name in NAMES:
        item = contract(name).errors.get(data[:4])
        if item is not None:
            return _refusal(item, data[4:])
    return None


def _refusal(item: AbiItem, data: bytes) -> Refusal | None:
    try:
        values = decode(types(item["inputs"]), data)
    except DecodingError:
        return None
    pairs = zip(item["inputs"], values, strict=True)
    return Refusal(item["name"], {i["name"]: named(i, value) for i, value in pairs})


def named(parameter: AbiItem, value: Any) -> Any:
    """A decoded value: structs as dicts, lists as lists, addresses checksummed."""
    kind = parameter["type"]
    if kind.endswith("]"):
        inner = parameter | {"type": kind[: kind.rindex("[")]}
        return [named(inner, item) for item in value]
    if kind == "tuple":
        pairs = zip(parameter["components"], value, strict=True)
        return {component["name"]: named(component, item) for component, item in pairs}
    return checksum_address(value) if kind == "address" else value


def _topic(parameter: AbiItem, topic: bytes) -> Any:
    (value,) = decode([type_of(parameter)], topic)
    return named(parameter, value)


def _encode(parameters: Sequence[AbiItem], arguments: Sequence[Any]) -> bytes:
    values = [_positional(p, a) for p, a in zip(parameters, arguments, strict=True)]
    return encode(types(parameters), values)


def _positional(parameter: AbiItem, value: Any) -> Any:
    kind = parameter["type"]
    if kind.endswith("]"):
        inner = parameter | {"type": kind[: kind.rindex("[")]}
        return [_positional(inner, item) for item in value]
    if kind == "tuple" and isinstance(value, Mapping):
        return tuple(_positional(c, value[c["name"]]) for c in parameter["components"])
    return value
