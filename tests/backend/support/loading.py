"""Loading sources that are made on the spot, and what the chain then says of them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.acts.accounts import Signer, find_signer
from backend.acts.deploy import ensure_deployment, token_of
from backend.acts.load.load import Loaded, load
from backend.acts.sending import Call, Sender, call
from backend.chain.agreements import list_agreements
from backend.chain.contract import contract as kind_of
from backend.chain.deployment import Deployment
from backend.chain.identity import participant_id
from backend.chain.reader import View, block_times, logs, read, read_all
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.ocds.contracts import read_source
from backend.ocds.source import ReportLine

Json = dict[str, Any]
BUYER, SUPPLIER = ("GOV", "CITY"), ("RFC", "SUP010101AAA")
OTHER = ("RFC", "OTH020202BBB")


def party(key: tuple[str, str], name: str) -> Json:
    """An entry of `parties`."""
    return {
        "id": "-".join(key),
        "identifier": {"scheme": key[0], "id": key[1]},
        "name": name,
    }


def payment(identifier: str, amount: Any, date: str = "2024-03-01T10:00:00Z", **more: Any) -> Json:
    """A transaction of MXN to the supplier."""
    return {
        "id": identifier,
        "date": date,
        "value": {"amount": amount, "currency": "MXN"},
        "payee": {"id": "-".join(SUPPLIER)},
        **more,
    }


def contract(*payments: Json, **changes: Any) -> Json:
    """Contract C1 over MXN 1000.00, signed on 2024-01-15."""
    return {
        "id": "C1",
        "awardID": "A1",
        "title": "Bridge",
        "status": "active",
        "value": {"amount": 1000, "currency": "MXN"},
        "dateSigned": "2024-01-15T00:00:00Z",
        "implementation": {"transactions": list(payments)},
        **changes,
    }


def release(*contracts: Json, **changes: Any) -> Json:
    """A release of process ocds-abc123-1."""
    return {
        "ocid": "ocds-abc123-1",
        "id": "R1",
        "date": "2024-05-01T00:00:00Z",
        "tag": ["contract"],
        "parties": [party(BUYER, "City"), party(SUPPLIER, "Supplier"), party(OTHER, "Other")],
        "buyer": {"id": "-".join(BUYER)},
        "awards": [{"id": "A1", "suppliers": [{"id": "-".join(SUPPLIER)}]}],
        "contracts": list(contracts),
        **changes,
    }


def in_currency(currency: str, value: object, *amounts: object) -> Json:
    """A release of a contract with a value and payments, an hour apart."""
    payments = [
        payment(
            f"P{n}",
            0,
            f"2024-03-01T{10 + n}:00:00Z",
            value={"amount": amount, "currency": currency},
        )
        for n, amount in enumerate(amounts)
    ]
    return release(contract(*payments, value={"amount": value, "currency": currency}))


def write(path: Path, *documents: Any) -> Path:
    """`documents` as JSON Lines."""
    path.write_text("".join(json.dumps(each) + "\n" for each in documents), encoding="utf-8")
    return path


def moment(text: str) -> int:
    """Unix seconds of an ISO 8601 date in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Paid:
    """A payment on the chain: when, for which milestone (from 1), to whom, how much."""

    at: int
    milestone: int
    payee: bytes
    amount: int


@dataclass(frozen=True)
class Facts:
    """An agreement as the chain has it."""

    address: str
    status: int
    value: int
    terms: dict[str, Any]
    parties: dict[str, Any]
    money: dict[str, int]
    milestones: list[dict[str, Any]]
    payments: list[Paid]
    events: list[tuple[int, str, dict[str, Any]]]

    def named(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """Time and values of the events of one name."""
        return [(at, values) for at, found, values in self.events if found == name]

    @property
    def comparable(self) -> Json:
        """All that does not depend on the salt of the documents or on the block numbers."""
        terms = {k: v for k, v in self.terms.items() if k != "document"}
        happened = [
            (at, name, {k: v for k, v in values.items() if k in {"amount", "payee", "value"}})
            for at, name, values in self.events
        ]
        return {
            "status": self.status,
            "terms": terms,
            "parties": self.parties,
            "money": self.money,
            "milestones": self.milestones,
            "payments": self.payments,
            "happened": happened,
        }


@dataclass(frozen=True)
class Place:
    """A chain with a deployment, a folder and a store."""

    sender: Sender
    admin: Signer
    folder: Path
    made: Deployment
    store: DocumentStore

    @property
    def rpc(self) -> Rpc:
        return self.sender.rpc

    @property
    def head(self) -> int:
        """Number of the newest block."""
        return int(self.rpc.call("eth_blockNumber"), 16)

    @property
    def log(self) -> Any:
        """Every log of the chain, as the node gives it."""
        return self.rpc.call("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})

    def load_files(self, *paths: Path, **options: Any) -> Loaded:
        """Load files as `termin load` does."""
        source = read_source(paths, **options)
        return load(self.sender, self.admin, self.made, self.store, source)

    def load(self, *documents: Any, name: str = "source.jsonl", **options: Any) -> Loaded:
        """Load documents from one file of JSON Lines."""
        return self.load_files(write(self.folder / name, *documents), **options)

    def facts(self) -> dict[tuple[str, str], Facts]:
        """Every agreement, by ocid and contract id."""
        found = list(list_agreements(self.rpc, self.made))
        return {
            (terms["ocid"], terms["contractId"]): self._facts(address, terms)
            for _, address, terms in found
        }

    def one(self) -> Facts:
        """The only agreement."""
        (facts,) = self.facts().values()
        return facts

    def _facts(self, address: str, terms: dict[str, Any]) -> Facts:
        names = ("status", "parties", "money", "milestones")
        state = read_all(self.rpc, [View("Agreement", address, name) for name in names])
        by_name = dict(zip(names, state, strict=True))
        found = list(logs(self.rpc, [address], [], self.made.start_block))
        times = block_times(self.rpc, {int(each["blockNumber"], 16) for each in found})
        events = []
        for each in found:
            event = kind_of("Agreement").event(each)
            assert event is not None
            events.append((times[int(each["blockNumber"], 16)], *event))
        payments = [
            Paid(at, values["milestone"] + 1, values["payee"], _amount(values))
            for at, name, values in events
            if name == "ClaimPaid" or (name == "PaymentMade" and int(values["account"], 16))
        ]
        return Facts(
            address=address,
            value=by_name["money"]["value"],
            terms=terms,
            payments=payments,
            events=events,
            **by_name,
        )

    def token(self, currency: str = "MXN") -> str:
        """A settlement token."""
        token = token_of(self.rpc, self.made, currency)
        assert token is not None
        return token

    def supply(self, currency: str = "MXN") -> int:
        """How much money of a currency there is."""
        return int(read(self.rpc, View("SettlementToken", self.token(currency), "totalSupply")))

    def balances(self, currency: str = "MXN") -> dict[str, int]:
        """Who holds money, by address, as the transfers of the token add up."""
        held: dict[str, int] = defaultdict(int)
        kind = kind_of("SettlementToken")
        found = logs(self.rpc, [self.token(currency)], [kind.topic("Transfer")], 0)
        for each in found:
            _, values = kind.event(each) or ("", {})
            held[values["from"]] -= values["value"]
            held[values["to"]] += values["value"]
        return {address: held[address] for address in held if held[address] > 0}

    def balance(self, address: str, currency: str = "MXN") -> int:
        """What the token says that an address holds."""
        return int(
            read(self.rpc, View("SettlementToken", self.token(currency), "balanceOf", (address,)))
        )

    def account(self, key: tuple[str, str]) -> str:
        """The account of a participant by scheme and identifier."""
        view = View("ParticipantRegistry", self.made.registry, "get", (participant_id(*key),))
        return str(read(self.rpc, view)["account"])

    def administer(self, kind: str, address: str, function: str, *arguments: Any) -> None:
        """One act of the administrator, in a block of its own."""
        self.act(self.admin, call(kind, address, function, *arguments))

    def act(self, signer: Signer, what: Call) -> None:
        """One act, in a block of its own."""
        self.sender.transact(signer, what)

    def standing(self, key: tuple[str, str], standing: int) -> None:
        """Suspend (2), debar (3) or reinstate (1)."""
        arguments = (participant_id(*key), standing, b"test".ljust(32, b"\0"), b"\0" * 32)
        self.administer("ParticipantRegistry", self.made.registry, "setStanding", *arguments)


def _amount(paid: dict[str, Any]) -> int:
    """What a payee got by a payment or a claim."""
    amount = paid["payment"]["net"] if "payment" in paid else paid["amount"]
    return int(amount)


def place_on(rpc: Rpc, folder: Path) -> Place:
    """A deployment on an empty chain."""
    sender, admin = Sender(rpc), find_signer("TEST::0")
    made = ensure_deployment(sender, admin, folder)
    return Place(sender, admin, folder, made, DocumentStore(folder / "documents"))


def told(lines: tuple[ReportLine, ...]) -> list[tuple[str | None, str, str]]:
    """Payment id, outcome and codes of the reasons of each line of a report."""
    return [
        (
            line.payment_id,
            str(line.outcome),
            " ".join(part.split(":")[0] for part in line.reason.split(" | ")),
        )
        for line in lines
    ]
