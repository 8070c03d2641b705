"""events
├── the structs
│   ├── mirror the ABI, name by name, struct by struct
│   └── have the contracts' enumerations, member by member
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
from enum import IntEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from backend.chain.abi import types
from backend.chain.contract import contract
from backend.chain.decoding import EventMalformedError, decode, topics
from backend.chain.events import (
    EVENTS,
    NO_MILESTONE,
    AgreementCreated,
    Basis,
    Conditions,
    DecisionApproved,
    DirectPayment,
    Ground,
    GuaranteeKind,
    Origin,
    Part,
    ParticipantRegistered,
    ParticipantStandingChanged,
    Parties,
    Payment,
    PaymentMade,
    Standing,
    Tax,
    TaxBase,
    Terms,
)
from backend.chain.logs import Header, Log, origin_of

ADDRESS = "0x" + "ab" * 20
TYPES = Path(__file__).parents[3] / "contracts" / "types"
ALL = [(name, kind) for name, kinds in EVENTS.items() for kind in kinds]


def abi(name: str, event: str) -> tuple[str, dict[str, Any]]:
    """Topic and ABI item of an event."""
    items = contract(name).events.items()
    return next((f"0x{t.hex()}", item) for t, item in items if item["name"] == event)


def log(topics_: list[str], data: bytes) -> Origin:
    """Where a log as Anvil returns it stands, and what it holds."""
    answer = {
        "address": ADDRESS,
        "topics": topics_,
        "data": f"0x{data.hex()}",
        "blockNumber": "0x10",
        "blockHash": "0x" + "01" * 32,
        "transactionHash": "0x" + "02" * 32,
        "transactionIndex": "0x3",
        "logIndex": "0x11",
    }
    header = Header(16, "0x" + "01" * 32, "0x" + "00" * 32, 77, 0, "0x" + "00" * 32)
    return origin_of(msgspec.convert(answer, Log), header)


def logged(name: str, event: str, values: list[Any]) -> Origin:
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
def test_structs_mirror_the_abi(name: str, kind: type) -> None:
    _, item = abi(name, kind.__name__)
    assert [f.name for f in fields(kind)][1:] == [snake(p["name"]) for p in item["inputs"]]
    mirrors(kind, item["inputs"])


def mirrors(kind: Any, parameters: list[dict[str, Any]]) -> None:
    """Whether the structs among the fields of a struct have the components of the ABI."""
    hints = get_type_hints(kind)
    for parameter in parameters:
        if parameter["type"].startswith("tuple"):
            hint = hints[snake(parameter["name"])]
            struct = get_args(hint)[0] if parameter["type"].endswith("[]") else hint
            names = [snake(c["name"]) for c in parameter["components"]]
            assert [f.name for f in fields(struct)] == names
            mirrors(struct, parameter["components"])


@pytest.mark.parametrize("kind", [Basis, Ground, GuaranteeKind, Part, Standing, TaxBase])
def test_enumerations_are_those_of_the_contracts(kind: type[IntEnum]) -> None:
    text = "".join(path.read_text() for path in TYPES.glob("*.sol"))
    found = re.search(rf"enum {kind.__name__} {{(.*?)}}", text, re.DOTALL)
    assert found is not None
    members = [name.strip() for name in found[1].split(",")]
    assert [(snake(name).strip("_").upper(), i) for i, name in enumerate(members)] == [
        (member.name, member.value) for member in kind
    ]


def test_all_events_of_the_contracts_are_read_but_those_of_the_libraries() -> None:
    library = {"AuthorityUpdated", "Approval", "EIP712DomainChanged", "Transfer"}
    for name, kinds in EVENTS.items():
        declared = {item["name"] for item in contract(name).events.values()}
        assert {kind.__name__ for kind in kinds} == declared - library
    assert len(topics()) == len(set(topics())) == len(ALL) == 54


ENUMERATIONS: dict[str, list[IntEnum]] = {
    kind.__name__: list(kind) for kind in (Basis, Ground, GuaranteeKind, Part, Standing, TaxBase)
}


def values_of(parameter: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values as eth_abi takes them."""
    kind = parameter["type"]
    if kind.endswith("]"):
        return st.lists(values_of(parameter | {"type": kind[: kind.rindex("[")]}), max_size=3)
    if kind == "tuple":
        return st.tuples(*[values_of(c) for c in parameter["components"]])
    if parameter.get("internalType", "").startswith("enum "):
        return st.sampled_from(ENUMERATIONS[parameter["internalType"].removeprefix("enum ")])
    if kind.startswith("uint"):
        return st.integers(0, 2 ** int(kind[4:]) - 1)
    if kind == "bool":
        return st.booleans()
    if kind == "address":
        return st.binary(min_size=20, max_size=20).map(lambda b: f"0x{b.hex()}")
    if kind == "string":
        return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    size = int(kind.removeprefix("bytes"))
    return st.binary(min_size=size, max_size=size)


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
    if isinstance(value, msgspec.Struct):
        return tuple(found(getattr(value, f.name)) for f in fields(value))
    return value


@given(st.data())
@pytest.mark.parametrize(("name", "kind"), ALL, ids=lambda v: getattr(v, "__name__", v))
def test_decodes_what_eth_abi_encodes(name: str, kind: type, data: st.DataObject) -> None:
    _, item = abi(name, kind.__name__)
    values = [data.draw(values_of(p)) for p in item["inputs"]]
    raw = logged(name, kind.__name__, values)
    event = decode(name, raw)
    assert type(event) is kind
    read = [found(getattr(event, f.name)) for f in fields(kind)][1:]
    assert read == [expected(p, v) for p, v in zip(item["inputs"], values, strict=True)]
    checksummed = to_checksum_address(ADDRESS)
    assert event.origin is raw
    assert raw == Origin(
        16, "0x" + "01" * 32, 77, "0x" + "02" * 32, 3, 17, checksummed, raw.topics, raw.data
    )


CONDITIONS = [2_000, 2_500, 500, 500, 1_000, 500, 300, 1_000, 5_000, *range(1, 10)]


def created(ocid: str, contract_id: str) -> Any:
    """An AgreementCreated with one tax and one direct payment."""
    person = b"\1" * 32
    parties = (person, person, person, b"\0" * 32, [person], 1, [])
    conditions = (*CONDITIONS, [(person, 11, 111, 1)], [(3, person, 9)])
    terms = (ocid, contract_id, ADDRESS, 5, 1, 2, 3, b"\2" * 32, b"\0" * 32, conditions)
    values = [ADDRESS, person, person, person, parties, terms]
    return decode("AgreementFactory", logged("AgreementFactory", "AgreementCreated", values))


def test_structs_and_enums_have_their_types() -> None:
    one, none = "0x" + "01" * 32, "0x" + "00" * 32
    event = created("ocds-1", "C-1")
    assert isinstance(event, AgreementCreated)
    assert event.parties == Parties(one, one, one, none, (one,), 1, ())
    conditions = Conditions(
        *CONDITIONS, (Tax(one, 11, 111, TaxBase.RECEIVED),), (DirectPayment(3, one, 9),)
    )
    checksummed, line = to_checksum_address(ADDRESS), "0x" + "02" * 32
    assert event.terms == Terms("ocds-1", "C-1", checksummed, 5, 1, 2, 3, line, none, conditions)
    assert event.terms.conditions.taxes[0].base is TaxBase.RECEIVED
    registry = "ParticipantRegistry"
    changed = logged(registry, "ParticipantStandingChanged", [b"\1" * 32, 1, 2, *[b"\2" * 32] * 2])
    standing = decode(registry, changed)
    assert isinstance(standing, ParticipantStandingChanged)
    assert standing.standing is Standing.SUSPENDED


def test_a_payment_has_its_parts() -> None:
    event = decode("Agreement", payment())
    assert isinstance(event, PaymentMade)
    assert event.basis is Basis.SILENCE
    assert event.payment == Payment(45, 1, 2, 3, 4, 5, 30, 7, 8)
    assert (event.milestone, event.attempt) == (NO_MILESTONE, 2)


def test_a_selector_is_four_bytes() -> None:
    values = [b"\1" * 32, b"\2" * 32, bytes.fromhex("0badcafe"), 1, 2]
    event = decode("Agreement", logged("Agreement", "DecisionApproved", values))
    assert isinstance(event, DecisionApproved)
    assert event.act == "0x0badcafe"


def test_an_ocid_that_looks_like_an_address_stays_as_it_is() -> None:
    event = created(ADDRESS, ADDRESS.upper())
    assert isinstance(event, AgreementCreated)
    assert (event.terms.ocid, event.terms.contract_id) == (ADDRESS, ADDRESS.upper())


def test_a_string_that_no_database_holds_is_escaped() -> None:
    values = [b"\1" * 32, ADDRESS, b"\0" * 32, "a__b", "plain", 1, b"\0" * 32]
    raw = logged("ParticipantRegistry", "ParticipantRegistered", values)
    raw = replace(raw, data=raw.data.replace(b"a__b", b"a\0\xffb"))
    event = decode("ParticipantRegistry", raw)
    assert isinstance(event, ParticipantRegistered)
    assert event.scheme == "a\\x00\\xffb"


def test_ignores_topics_that_are_not_read() -> None:
    transfer, _ = abi("SettlementToken", "Transfer")
    payment, _ = abi("Agreement", "PaymentMade")
    assert decode("SettlementToken", log([transfer], b"")) is None
    assert decode("SettlementToken", log([payment], b"")) is None
    assert decode("Agreement", log(["0x" + "12" * 32], b"")) is None
    assert decode("Agreement", log([], b"")) is None


PAYMENT = [NO_MILESTONE, b"\1" * 32, ADDRESS, 2, 3, (45, 1, 2, 3, 4, 5, 30, 7, 8)]


def payment(**changes: Any) -> Origin:
    """A PaymentMade with something changed."""
    return replace(logged("Agreement", "PaymentMade", PAYMENT), **changes)


def broken() -> list[tuple[str, Origin, str]]:
    """Name, log and what is said of it."""
    good = payment()
    t, data = good.topics, good.data
    dirty = bytes.fromhex("ff" + "0" * 22 + ADDRESS[2:])
    decision = logged("Agreement", "DecisionApproved", [b"\1" * 32, b"\2" * 32, b"\3" * 4, 1, 2])
    long = replace(decision, topics=decision.topics[:-32] + b"\3" * 5 + bytes(27))
    return [
        ("a topic is missing", payment(topics=t[:-32]), "topics of 4 words of 32 bytes expected"),
        (
            "a topic too many",
            payment(topics=t + t[32:64]),
            "topics of 4 words of 32 bytes expected",
        ),
        ("a topic too short", payment(topics=t[:-31]), "topics of 4 words of 32 bytes expected"),
        ("no data", payment(data=b""), "11 words of 32 bytes expected"),
        ("data too short", payment(data=data[:-1]), "11 words of 32 bytes expected"),
        ("data too long", payment(data=data + bytes(32)), "11 words of 32 bytes expected"),
        ("an address too long", payment(topics=t[:-32] + dirty), "is not an address"),
        ("a basis of 99", payment(data=data[:63] + b"\x63" + data[64:]), "99 is not a valid Basis"),
        ("an amount too large", payment(data=data[:64] + b"\x10" + data[65:]), "fit uint128"),
        ("a selector of 5 bytes", long, "is not 4 bytes"),
    ]


@pytest.mark.parametrize(("raw", "said"), [b[1:] for b in broken()], ids=[b[0] for b in broken()])
def test_refuses_the_wrong_shape(raw: Origin, said: str) -> None:
    with pytest.raises(EventMalformedError) as caught:
        decode("Agreement", raw)
    assert caught.value.detail.startswith("Agreement at block 16, log 17: ")
    assert said in caught.value.detail
    assert caught.value.status == 502


def test_refuses_a_standing_that_does_not_exist() -> None:
    values = [b"\1" * 32, 1, 9, b"\1" * 32, b"\1" * 32]
    raw = logged("ParticipantRegistry", "ParticipantStandingChanged", values)
    with pytest.raises(EventMalformedError, match="9 is not a valid Standing"):
        decode("ParticipantRegistry", raw)


@pytest.mark.parametrize("cut", [32, 64, 200])
def test_refuses_dynamic_data_that_is_cut_off(cut: int) -> None:
    values = [b"\1" * 32, ADDRESS, b"\0" * 32, "scheme", "identifier", 1, b"\0" * 32]
    raw = logged("ParticipantRegistry", "ParticipantRegistered", values)
    with pytest.raises(EventMalformedError, match="ParticipantRegistry at block 16, log 17: "):
        decode("ParticipantRegistry", replace(raw, data=raw.data[:-cut]))


@given(st.binary(max_size=400), st.sampled_from(ALL))
def test_never_fails_otherwise(data: bytes, event: tuple[str, type]) -> None:
    name, kind = event
    topic, item = abi(name, kind.__name__)
    count = sum(p["indexed"] for p in item["inputs"])
    raw = log([topic, *["0x" + "0" * 63 + "1"] * count], data)
    with contextlib.suppress(EventMalformedError):
        assert type(decode(name, raw)) is kind


def test_good_logs_of_the_examples_are_good() -> None:
    assert isinstance(decode("Agreement", payment()), PaymentMade)
