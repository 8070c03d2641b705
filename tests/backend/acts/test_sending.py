"""Signing, counting, sending and waiting on a real node."""

from __future__ import annotations

from typing import Any

import pytest
from support.loading import (
    BUYER,
    SUPPLIER,
    Place,
    contract,
    payment,
    place_on,
    release,
)

from backend.acts import sending
from backend.acts.accounts import Signer, find_signer, local_signer
from backend.acts.deploy import REGISTRAR
from backend.acts.load.parties import cast_of
from backend.acts.sending import Call, NotMinedError, RefusedError, Sender, call
from backend.chain.contract import refusal
from backend.chain.identity import participant_id
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.ocds.contracts import read_source

NO_DOCUMENT = b"\0" * 32
SOURCE = release(contract(payment("P1", 100)))


def grant(place: Place, account: str | None = None) -> Call:
    """Something that may be done any number of times."""
    holder = account or place.admin.address
    return call("Authority", place.made.authority, "grantRole", REGISTRAR, holder, 0)


def pending(place: Place) -> dict[str, Any]:
    found: dict[str, Any] = place.rpc.call("txpool_content")["pending"]
    return {address.lower(): list(waiting) for address, waiting in found.items()}


def test_nonces_are_counted_without_waiting(place: Place) -> None:
    place.rpc.call("evm_setAutomine", False)
    first = int(place.rpc.call("eth_getTransactionCount", place.admin.address, "latest"), 16)
    sent = [place.sender.send(place.admin, grant(place), 200_000) for _ in range(5)]
    assert pending(place)[place.admin.address.lower()] == [str(first + n) for n in range(5)]
    place.rpc.call("evm_mine")
    receipts = [place.sender.wait(each) for each in sent]
    assert [each.transaction for each in receipts] == sent
    assert all(each.succeeded for each in receipts)
    assert {each.block for each in receipts} == {place.head}


def test_each_signer_has_nonces_of_its_own(place: Place) -> None:
    place.rpc.call("evm_setAutomine", False)
    other = find_signer("TEST::3")
    for signer in (place.admin, other, place.admin, other):
        place.sender.send(signer, grant(place), 200_000)
    assert [len(each) for each in pending(place).values()] == [2, 2]
    assert pending(place)[other.address.lower()] == ["0", "1"]


def test_a_transaction_that_the_node_does_not_take_uses_no_nonce(place: Place) -> None:
    place.sender.transact(place.admin, grant(place))
    with pytest.raises(NodeRefusedError, match="eth_sendRawTransaction: intrinsic gas too low"):
        place.sender.send(place.admin, grant(place), 1000)
    assert place.sender.transact(place.admin, grant(place)).succeeded


def test_nonces_are_asked_for_again_after_transactions_were_dropped(place: Place) -> None:
    place.rpc.call("evm_setAutomine", False)
    for _ in range(3):
        place.sender.send(place.admin, grant(place), 200_000)
    place.rpc.call("anvil_dropAllTransactions")
    place.rpc.call("evm_setAutomine", True)
    place.sender.forget_nonces()
    assert place.sender.transact(place.admin, grant(place)).succeeded


def test_a_receipt_has_what_became_of_it(place: Place) -> None:
    receipt = place.sender.transact(place.admin, grant(place, find_signer("TEST::4").address))
    assert receipt.succeeded
    assert receipt.block == place.head
    assert receipt.contract_address is None
    assert len(receipt.logs) == 1
    assert receipt.logs[0]["transactionHash"] == receipt.transaction
    made = place.sender.transact(
        place.admin, sending.deployment("ParticipantRegistry", place.made.authority)
    )
    assert made.contract_address is not None
    assert place.rpc.call("eth_getCode", made.contract_address, "latest") != "0x"


def test_no_block_takes_it_in_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "RECEIPT_SECONDS", 0.05)
    place.rpc.call("evm_setAutomine", False)
    with pytest.raises(NotMinedError) as caught:
        place.sender.transact(place.admin, grant(place))
    assert caught.value.status == 504
    assert caught.value.detail.startswith("0x")
    assert caught.value.detail.endswith(" was sent; no block has taken it in 0 s.")


def price(rpc: Rpc, transaction: str) -> int:
    return int(rpc.call("eth_getTransactionByHash", transaction)["gasPrice"], 16)


def test_without_a_base_fee_nobody_pays_for_gas(place: Place) -> None:
    penniless = local_signer(b"\5" * 32)
    assert place.rpc.call("eth_getBalance", penniless.address, "latest") == "0x0"
    receipt = place.sender.transact(
        penniless, call("SettlementToken", _token(place), "approve", place.admin.address, 1)
    )
    assert receipt.succeeded
    assert price(place.rpc, receipt.transaction) == 0


def test_with_a_base_fee_the_price_of_the_node_is_paid(place: Place) -> None:
    place.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    place.rpc.call("evm_mine")
    sender = Sender(place.rpc)
    asked = int(place.rpc.call("eth_gasPrice"), 16)
    receipt = sender.transact(place.admin, grant(place))
    assert receipt.succeeded
    assert price(place.rpc, receipt.transaction) == asked > 0


def _token(place: Place) -> str:
    place.load(SOURCE)
    return place.token()


@pytest.fixture
def loaded(own_rpc: Rpc, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One agreement with one paid milestone and MXN 900.00 left."""
    found = place_on(own_rpc, tmp_path_factory.mktemp("loaded"))
    found.load(SOURCE)
    return found


def signers(place: Place) -> dict[str, Signer]:
    source = read_source([place.folder / "source.jsonl"]).contracts[0]
    cast = cast_of(source)
    return {
        "admin": place.admin,
        "stranger": find_signer("TEST::9"),
        "supplier": cast.supplier.signer,
        "treasury": cast.treasury.signer,
        "member": cast.committee[0].signer,
        "inspector": cast.inspector.signer,
    }


def refused_acts(place: Place, who: dict[str, Signer]) -> list[tuple[str, Call, str, Any]]:
    """Who does what, and the error that follows with its arguments."""
    facts = place.one()
    made, token, at = place.made, place.token(), facts.address
    stranger, supplier = who["stranger"].address, who["supplier"].address
    party = participant_id(*SUPPLIER)
    nobody = b"\0" * 32
    registration = {
        "scheme": "RFC",
        "identifier": SUPPLIER[1],
        "account": stranger,
        "roles": 2,
        "organization": nobody,
        "document": NO_DOCUMENT,
    }
    line = (participant_id(*BUYER), token, 2024, "OCDS", 5, NO_DOCUMENT)

    def on(function: str, *arguments: Any) -> Call:
        return call("Agreement", at, function, *arguments)

    registry = ("ParticipantRegistry", made.registry)
    return [
        (
            "stranger",
            on("submit", 0, b"\1" * 32),
            "CallerNotParty",
            {"caller": stranger, "participant": nobody, "expected": party},
        ),
        ("supplier", on("submit", 9, b"\1" * 32), "MilestoneUnknown", {"milestone": 9, "count": 1}),
        (
            "supplier",
            on("submit", 0, b"\1" * 32),
            "MilestoneUnexpectedStatus",
            {"milestone": 0, "current": 5, "expected": 1 << 1 | 1 << 4},
        ),
        (
            "stranger",
            on("accept", 0, 1),
            "CallerNotOnCommittee",
            {"caller": stranger, "participant": nobody},
        ),
        (
            "supplier",
            on("attest", 0, 1, 0, b"\1" * 32),
            "CallerNotInspector",
            {"caller": supplier, "participant": party},
        ),
        ("treasury", on("fund", 100_000), "NothingToFund", {"value": 100_000, "funded": 100_000}),
        ("member", on("close", nobody, nobody), "ReasonMissing", {}),
        (
            "admin",
            call(*registry, "register", registration),
            "ParticipantAlreadyRegistered",
            {"scheme": "RFC", "identifier": SUPPLIER[1]},
        ),
        (
            "stranger",
            call(*registry, "register", registration),
            "AccessManagedUnauthorized",
            {"caller": stranger},
        ),
        (
            "admin",
            call("Budget", made.budget, "appropriate", *line),
            "LineBelowCommitment",
            {"line": facts.terms["budgetLine"], "committed": 100_000, "requested": 5},
        ),
        (
            "supplier",
            call("SettlementToken", token, "transfer", stranger, 1),
            "HolderNotRegistered",
            {"holder": stranger},
        ),
        (
            "supplier",
            call("SettlementToken", token, "transfer", who["treasury"].address, 10_001),
            "ERC20InsufficientBalance",
            {"sender": supplier, "balance": 10_000, "needed": 10_001},
        ),
    ]


def test_refusals_carry_the_contracts_own_error_with_its_arguments(loaded: Place) -> None:
    who = signers(loaded)
    head = loaded.head
    for name, what, error, arguments in refused_acts(loaded, who):
        with pytest.raises(RefusedError) as caught:
            loaded.sender.transact(who[name], what)
        refused = caught.value.refusal
        assert refused is not None
        assert refused.name == error == caught.value.detail
        shared = {key: refused.arguments[key] for key in arguments if key in refused.arguments}
        assert shared == arguments, error
        assert caught.value.status == 409
    # Nothing was sent.
    assert loaded.head == head


class Blind(Sender):
    """Does not ask the contract the first time."""

    asked = 0

    def check(self, address: str, what: Call) -> int:
        self.asked += 1
        return 500_000 if self.asked == 1 else super().check(address, what)


def test_an_act_that_fails_in_its_block_is_a_refusal_too(loaded: Place) -> None:
    sender = Blind(loaded.rpc)
    stranger = find_signer("TEST::9")
    what = call("Agreement", loaded.one().address, "accept", 0, 1)
    head = loaded.head
    with pytest.raises(RefusedError) as caught:
        sender.transact(stranger, what)
    assert caught.value.refusal is not None
    assert caught.value.refusal.name == "CallerNotOnCommittee"
    assert loaded.head == head + 1


def test_an_act_that_failed_for_a_reason_that_is_gone(loaded: Place) -> None:
    class Forgetful(Blind):
        def check(self, address: str, what: Call) -> int:
            return 30_000

    with pytest.raises(RefusedError, match=r"Transaction 0x\w{64} failed in its block\.") as caught:
        Forgetful(loaded.rpc).transact(loaded.admin, grant(loaded))
    assert caught.value.refusal is None


def test_a_call_that_reverts_without_an_error_of_ours(loaded: Place) -> None:
    # No function of the token has this selector.
    with pytest.raises(RefusedError) as caught:
        loaded.sender.check(loaded.admin.address, Call(loaded.token(), b"\1\2\3\4"))
    assert caught.value.refusal is None
    assert "revert" in caught.value.detail
    assert refusal(b"") is None
