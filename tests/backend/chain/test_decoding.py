"""events
├── the dataclasses
│   └── mirror the ABI, name by name
├── a log of ours
│   ├── is decoded as eth_abi decodes it
│   └── with bytes in a string that no database holds is still decoded
├── a log with a topic that is not read
│   └── is ignored
└── a log of the wrong shape
    └── is refused with its place
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from backend.chain.contract import contract, types
from backend.chain.decoding import EventMalformedError, decode, topics
from backend.chain.events import (
    EVENTS,
    AgreementCreated,
    MilestoneScheduled,
    Origin,
    ParticipantRegistered,
    ParticipantStandingChanged,
    Parties,
    PaymentMade,
    Standing,
    Terms,
)

ADDRESS = "0x" + "ab" * 20
ALL = [(name, kind) for name, kinds in EVENTS.items() for kind in kinds]


def abi(name: str, event: str) -> tuple[str, dict[str, Any]]:
    """Topic and ABI item of an event."""
    items = contract(name).events.items()
    return next((f"0x{t.hex()}", item) for t, item in items if item["name"] == event)


def log(topics_: list[str], data: bytes) -> dict[str, Any]:
    """A log as Anvil returns it."""
    return {
        "address": ADDRESS,
        "topics": topics_,
        "data": f"0x{data.hex()}",
        "blockNumber": "0x10",
        "blockHash": "0x" + "01" * 32,
        "transactionHash": "0x" + "02" * 32,
        "transactionIndex": "0x3",
        "logIndex": "0x11",
    }


def logged(name: str, event: str, values: list[Any]) -> dict[str, Any]:
    """The log of an event with these arguments."""
    topic, item = abi(name, event)
    pairs = list(zip(item["inputs"], values, strict=True))
    hashed = [encode(types([p]), [v]) for p, v in pairs if p["indexed"]]
    plain = [(p, v) for p, v in pairs if not p["indexed"]]
    data = encode(types([p for p, _ in plain]), [v for _, v in plain])
    return log([topic, *[f"0x{h.hex()}" for h in hashed]], data)


def snake(name: str) -> str:
    """bankReference → bank_reference."""
    return re.sub(r"(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize(("name", "kind"), ALL, ids=lambda v: getattr(v, "__name__", v))
def test_dataclasses_mirror_the_abi(name: str, kind: type) -> None:
    _, item = abi(name, kind.__name__)
    assert [f.name for f in fields(kind)][1:] == [snake(p["name"]) for p in item["inputs"]]
    hints = get_type_hints(kind)
    for parameter in item["inputs"]:
        if parameter["type"].startswith("tuple"):
            struct = hints[snake(parameter["name"])]
            names = [snake(c["name"]) for c in parameter["components"]]
            assert [f.name for f in fields(struct)] == names


def test_all_events_of_the_contracts_are_read_but_those_of_the_libraries() -> None:
    library = {"AuthorityUpdated", "Approval", "EIP712DomainChanged", "Transfer"}
    for name, kinds in EVENTS.items():
        declared = {item["name"] for item in contract(name).events.values()}
        assert {kind.__name__ for kind in kinds} == declared - library
    assert len(topics()) == len(set(topics())) == len(ALL) == 28


def values_of(parameter: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values as eth_abi takes them."""
    kind = parameter["type"]
    if kind.endswith("]"):
        return st.lists(values_of(parameter | {"type": kind[: kind.rindex("[")]}), max_size=3)
    if kind == "tuple":
        return st.tuples(*[values_of(c) for c in parameter["components"]])
    if kind == "uint8" and parameter["name"] in {"previous", "standing"}:
        return st.integers(0, 3)
    if kind.startswith("uint"):
        return st.integers(0, 2 ** int(kind[4:]) - 1)
    if kind == "bool":
        return st.booleans()
    if kind == "address":
        return st.binary(min_size=20, max_size=20).map(lambda b: f"0x{b.hex()}")
    if kind == "string":
        return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    assert kind == "bytes32"
    return st.binary(min_size=32, max_size=32)


def expected(parameter: dict[str, Any], value: Any) -> Any:
    """What the field holds: hex, checksums, tuples."""
    kind = parameter["type"]
    if kind.endswith("]"):
        inner = parameter | {"type": kind[: kind.rindex("[")]}
        return tuple(expected(inner, item) for item in value)
    if kind == "tuple":
        pairs = zip(parameter["components"], value, strict=True)
        return tuple(expected(c, item) for c, item in pairs)
    if kind == "address":
        return to_checksum_address(value)
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def found(value: Any) -> Any:
    """A field, with its structs as tuples."""
    if isinstance(value, tuple):
        return tuple(found(item) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return tuple(found(getattr(value, f.name)) for f in fields(value))
    return value


@given(st.data())
@pytest.mark.parametrize(("name", "kind"), ALL, ids=lambda v: getattr(v, "__name__", v))
def test_decodes_what_eth_abi_encodes(name: str, kind: type, data: st.DataObject) -> None:
    _, item = abi(name, kind.__name__)
    values = [data.draw(values_of(p)) for p in item["inputs"]]
    event = decode(name, logged(name, kind.__name__, values), 77)
    assert type(event) is kind
    read = [found(getattr(event, f.name)) for f in fields(kind)][1:]
    assert read == [expected(p, v) for p, v in zip(item["inputs"], values, strict=True)]
    assert event.origin == Origin(
        16, "0x" + "01" * 32, 77, "0x" + "02" * 32, 3, 17, to_checksum_address(ADDRESS)
    )


def test_structs_and_enums_have_their_types() -> None:
    person, line = b"\1" * 32, b"\2" * 32
    parties = (person, person, person, [person], 1, [])
    terms = ("ocds-1", "C-1", ADDRESS, 5, 1, 2, 3, line, b"\0" * 32)
    values = [ADDRESS, person, person, person, parties, terms]
    event = decode("AgreementFactory", logged("AgreementFactory", "AgreementCreated", values), 1)
    one = f"0x{person.hex()}"
    assert isinstance(event, AgreementCreated)
    assert event.parties == Parties(one, one, one, (one,), 1, ())
    checksummed = to_checksum_address(ADDRESS)
    line_id, none = f"0x{line.hex()}", "0x" + "0" * 64
    assert event.terms == Terms("ocds-1", "C-1", checksummed, 5, 1, 2, 3, line_id, none)
    registry = "ParticipantRegistry"
    changed = logged(registry, "ParticipantStandingChanged", [person, 1, 2, line, person])
    standing = decode(registry, changed, 1)
    assert isinstance(standing, ParticipantStandingChanged)
    assert standing.standing is Standing.SUSPENDED


def test_an_ocid_that_looks_like_an_address_stays_as_it_is() -> None:
    person = b"\1" * 32
    parties = (person, person, person, [], 1, [])
    terms = (ADDRESS, ADDRESS.upper(), ADDRESS, 5, 1, 2, 3, person, person)
    values = [ADDRESS, person, person, person, parties, terms]
    event = decode("AgreementFactory", logged("AgreementFactory", "AgreementCreated", values), 1)
    assert isinstance(event, AgreementCreated)
    assert (event.terms.ocid, event.terms.contract_id) == (ADDRESS, ADDRESS.upper())


def test_a_string_that_no_database_holds_is_escaped() -> None:
    values = [b"\1" * 32, ADDRESS, b"\0" * 32, "a__b", "plain", 1, b"\0" * 32]
    raw = logged("ParticipantRegistry", "ParticipantRegistered", values)
    raw["data"] = raw["data"].replace(b"a__b".hex(), b"a\0\xffb".hex())
    event = decode("ParticipantRegistry", raw, 1)
    assert isinstance(event, ParticipantRegistered)
    assert event.scheme == "a\\x00\\xffb"


def test_ignores_topics_that_are_not_read() -> None:
    transfer, _ = abi("SettlementToken", "Transfer")
    payment, _ = abi("Agreement", "PaymentMade")
    assert decode("SettlementToken", log([transfer], b""), 1) is None
    assert decode("SettlementToken", log([payment], b""), 1) is None
    assert decode("Agreement", log(["0x" + "12" * 32], b""), 1) is None
    assert decode("Agreement", log([], b""), 1) is None


PAYMENT = [1, b"\1" * 32, ADDRESS, 5, True]
SCHEDULED = [1, 5, 7, b"\1" * 32, b"\0" * 32]


def payment(**changes: Any) -> dict[str, Any]:
    """A PaymentMade with something changed."""
    return logged("Agreement", "PaymentMade", PAYMENT) | changes


def broken() -> list[tuple[str, dict[str, Any], str]]:
    """Name, log and what is said of it."""
    good = payment()
    t, data = good["topics"], good["data"]
    dirty = "0x" + "ff" + "0" * 22 + ADDRESS[2:]
    return [
        ("a topic is missing", payment(topics=t[:-1]), "3 words of 32 bytes expected"),
        ("a topic too many", payment(topics=[*t, t[1]]), "3 words of 32 bytes expected"),
        ("a topic too short", payment(topics=[*t[:-1], "0x12"]), "3 words of 32 bytes expected"),
        ("no data", payment(data="0x"), "2 words of 32 bytes expected"),
        ("data too short", payment(data=data[:-2]), "2 words of 32 bytes expected"),
        ("data too long", payment(data=data + "00" * 32), "2 words of 32 bytes expected"),
        ("an address too long", payment(topics=[*t[:-1], dirty]), "is not an address"),
        ("a bool of 2", payment(data=data[:-1] + "2"), "2 does not fit uint1"),
        ("an amount too large", payment(data="0x1" + data[3:]), "does not fit uint128"),
        ("not hexadecimal", payment(data="0x" + "zz" * 64), "invalid literal"),
    ]


@pytest.mark.parametrize(("raw", "said"), [b[1:] for b in broken()], ids=[b[0] for b in broken()])
def test_refuses_the_wrong_shape(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(EventMalformedError) as caught:
        decode("Agreement", raw, 1)
    assert caught.value.detail.startswith("Agreement at block 0x10, log 0x11: ")
    assert said in caught.value.detail
    assert caught.value.status == 502


def test_refuses_a_standing_that_does_not_exist() -> None:
    values = [b"\1" * 32, 1, 9, b"\1" * 32, b"\1" * 32]
    raw = logged("ParticipantRegistry", "ParticipantStandingChanged", values)
    with pytest.raises(EventMalformedError, match="9 is not a valid Standing"):
        decode("ParticipantRegistry", raw, 1)


@pytest.mark.parametrize("cut", [32, 64, 200])
def test_refuses_dynamic_data_that_is_cut_off(cut: int) -> None:
    values = [b"\1" * 32, ADDRESS, b"\0" * 32, "scheme", "identifier", 1, b"\0" * 32]
    raw = logged("ParticipantRegistry", "ParticipantRegistered", values)
    raw["data"] = raw["data"][:-cut]
    with pytest.raises(EventMalformedError, match="ParticipantRegistry at block 0x10"):
        decode("ParticipantRegistry", raw, 1)


@given(st.binary(max_size=400), st.sampled_from(ALL))
def test_never_fails_otherwise(data: bytes, event: tuple[str, type]) -> None:
    name, kind = event
    topic, item = abi(name, kind.__name__)
    count = sum(p["indexed"] for p in item["inputs"])
    raw = log([topic, *["0x" + "0" * 63 + "1"] * count], data)
    with contextlib.suppress(EventMalformedError):
        assert type(decode(name, raw, 1)) is kind


def test_good_logs_of_the_examples_are_good() -> None:
    assert isinstance(decode("Agreement", payment(), 1), PaymentMade)
    scheduled = logged("Agreement", "MilestoneScheduled", SCHEDULED)
    assert isinstance(decode("Agreement", scheduled, 1), MilestoneScheduled)
