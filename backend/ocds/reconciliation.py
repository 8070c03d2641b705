"""Source, chain and API side by side: the same value and the same payments, to the minor unit.

The chain is asked directly: what a contract has paid are the token's own transfers out of its
agreement, other than those back to its treasury. The index has no part in that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx

from backend.chain.agreements import list_agreements
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.hashing import checksum_address
from backend.chain.reader import View, has_code, logs, read_all
from backend.chain.rpc import Rpc
from backend.core.errors import AppError
from backend.core.money import format_minor, to_minor
from backend.ocds.source import SourceContract

ADDRESSES_PER_QUERY = 100
PAGE_SIZE = 100

Key = tuple[str, str]


class ApiUnusableError(AppError):
    """The API did not answer as it should."""

    status = 502
    title = "The API cannot be asked"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one side says of a contract, in minor units: its value, what was paid, in how many."""

    currency: str
    value: int
    paid: int
    payments: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One contract on the three sides; None where a side does not know it.

    `source` is None as well where no source is compared.
    """

    ocid: str
    contract_id: str
    source: Figures | None
    chain: Figures | None
    api: Figures | None

    @property
    def agrees(self) -> bool:
        """Whether chain and API say the same, and the source where there is one."""
        return self.chain == self.api and self.source in {None, self.chain}


def reconcile(
    contracts: Sequence[SourceContract], rpc: Rpc, made: Deployment, api: httpx.Client
) -> list[Comparison]:
    """Compare each contract of a source with the chain and with the API.

    `api` has the API's address as its base. Raises `ApiUnusableError`.
    """
    published = _in_source(contracts)
    chain, served = _on_chain(list(published), rpc, made), _in_api(api)
    return [
        Comparison(*key, source, chain.get(key), served.get(key))
        for key, source in published.items()
    ]


def reconcile_all(rpc: Rpc, made: Deployment, api: httpx.Client) -> list[Comparison]:
    """Compare every agreement on the chain with the API; see `reconcile`."""
    listed = [(terms["ocid"], terms["contractId"]) for _, _, terms in list_agreements(rpc, made)]
    chain, served = _on_chain(listed, rpc, made), _in_api(api)
    keys = dict.fromkeys([*listed, *served])
    return [Comparison(*key, None, chain.get(key), served.get(key)) for key in keys]


def describe(figures: Figures | None) -> tuple[str, str, str]:
    """Value, paid and number of payments as text; dashes for a side that knows nothing."""
    if figures is None:
        return ("–", "–", "–")
    amounts = (format_minor(each, figures.currency) for each in (figures.value, figures.paid))
    return (*amounts, str(figures.payments))  # type: ignore[return-value]


def _in_source(contracts: Iterable[SourceContract]) -> dict[Key, Figures]:
    # What is paid above the value was added to it by amendment.
    return {
        (item.ocid, item.contract_id): Figures(
            item.currency, max(item.value, item.paid), item.paid, len(item.payments)
        )
        for item in contracts
    }


def _on_chain(keys: Sequence[Key], rpc: Rpc, made: Deployment) -> dict[Key, Figures]:
    factory = [View("AgreementFactory", made.factory, "addressOf", key) for key in keys]
    addresses = read_all(rpc, factory)
    found = zip(keys, addresses, has_code(rpc, addresses), strict=True)
    there = {key: address for key, address, exists in found if exists}
    figures: dict[Key, Figures] = {}
    pairs = list(there.items())
    for start in range(0, len(pairs), ADDRESSES_PER_QUERY):
        figures |= _read_part(rpc, made, dict(pairs[start : start + ADDRESSES_PER_QUERY]))
    return figures


def _read_part(rpc: Rpc, made: Deployment, there: Mapping[Key, str]) -> dict[Key, Figures]:
    addresses = list(there.values())
    names = ("token", "parties", "money")
    answers = read_all(rpc, [View("Agreement", each, name) for name in names for each in addresses])
    size = len(addresses)
    agreed, parties, money = (answers[n * size : (n + 1) * size] for n in range(len(names)))
    tokens = sorted(set(agreed))
    codes = read_all(rpc, [View("SettlementToken", token, "currency") for token in tokens])
    currency = dict(zip(tokens, codes, strict=True))
    treasuries = read_all(
        rpc,
        [View("ParticipantRegistry", made.registry, "get", (p["treasury"],)) for p in parties],
    )
    former = _former_accounts(rpc, made)
    refunds = {
        address: {present["account"], *former[party["treasury"]]}
        for address, present, party in zip(addresses, treasuries, parties, strict=True)
    }
    paid = _transfers(rpc, made, tokens, refunds)
    counts = _payments(rpc, made, addresses)
    return {
        key: Figures(currency[token], totals["value"], paid[address], counts[address])
        for (key, address), token, totals in zip(there.items(), agreed, money, strict=True)
    }


def _former_accounts(rpc: Rpc, made: Deployment) -> dict[bytes, set[str]]:
    """The accounts that each participant has given up."""
    kind = contract("ParticipantRegistry")
    found: dict[bytes, set[str]] = defaultdict(set)
    topic = kind.topic("ParticipantSucceeded")
    for log in logs(rpc, [made.registry], [topic], made.start_block):
        _, values = kind.event(log) or ("", {})
        found[values["participant"]].add(values["previous"])
    return found


def _transfers(
    rpc: Rpc, made: Deployment, tokens: Sequence[str], refunds: Mapping[str, set[str]]
) -> dict[str, int]:
    """What left each agreement for others than its treasury, as the tokens tell it.

    `refunds` has the accounts of each agreement's treasury, the present one and those before.
    """
    kind = contract("SettlementToken")
    senders: Any = ["0x" + address[2:].lower().rjust(64, "0") for address in refunds]
    paid: dict[str, int] = defaultdict(int)
    for log in logs(rpc, tokens, [kind.topic("Transfer"), senders], made.start_block):
        _, values = kind.event(log) or ("", {})
        sender = checksum_address(values["from"])
        if values["to"] not in refunds[sender]:
            paid[sender] += values["value"]
    return paid


def _payments(rpc: Rpc, made: Deployment, addresses: Sequence[str]) -> dict[str, int]:
    """How many payments each agreement made, at once or by a claim that was pulled."""
    kind = contract("Agreement")
    made_or_claimed: Any = [kind.topic(name) for name in ("PaymentMade", "ClaimPaid")]
    counts: dict[str, int] = defaultdict(int)
    waiting: dict[tuple[str, int, bytes], int] = defaultdict(int)
    for log in logs(rpc, addresses, [made_or_claimed], made.start_block):
        name, values = kind.event(log) or ("", {})
        address = checksum_address(log["address"])
        key = (address, values["milestone"], values["payee"])
        if name == "ClaimPaid":
            counts[address] += waiting.pop(key, 0)
        elif int(values["account"], 16) or not values["payment"]["net"]:
            counts[address] += 1
        else:
            waiting[key] += 1
    return counts


def _in_api(api: httpx.Client) -> dict[Key, Figures]:
    try:
        return {(item["ocid"], item["contractId"]): _served(item) for item in _pages(api)}
    except (httpx.HTTPError, ValueError, LookupError, TypeError, ArithmeticError) as error:
        raise ApiUnusableError(f"{api.base_url}: {error!r}") from error


def _served(item: Mapping[str, Any]) -> Figures:
    return Figures(
        item["value"]["currency"],
        _minor(item["value"]),
        _minor(item["paid"]),
        item["payments"],
    )


def _pages(api: httpx.Client) -> Iterable[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        answer = api.get("/api/v1/contracts", params={"limit": str(PAGE_SIZE), **cursor})
        answer.raise_for_status()
        page = answer.json()
        yield from page["contracts"]
        if page["next"] is None:
            return
        cursor = {"after": page["next"]}


def _minor(money: Mapping[str, str]) -> int:
    return to_minor(Decimal(money["amount"]), money["currency"])
