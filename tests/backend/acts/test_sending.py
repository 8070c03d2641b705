"""Signing, counting, sending and waiting on a real node."""

from __future__ import annotations

from typing import Any

import pytest
from support.acting import CODE, VALUE, YEAR, Scene, person
from support.loading import Place

from backend.acts import sending
from backend.acts.accounts import find_signer, local_signer
from backend.acts.deploy import REGISTRAR
from backend.acts.sending import Call, NotMinedError, RefusedError, Sender, call
from backend.chain.contract import refusal
from backend.chain.identity import budget_line_id
from backend.chain.rpc import NodeRefusedError, Rpc

NO_DOCUMENT = b"\0" * 32


def grant(place: Place | Scene, account: str | None = None) -> Call:
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


def test_without_a_base_fee_nobody_pays_for_gas(scene: Scene) -> None:
    penniless = local_signer(b"\5" * 32)
    assert scene.rpc.call("eth_getBalance", penniless.address, "latest") == "0x0"
    approve = call("SettlementToken", scene.token, "approve", scene.admin.address, 1)
    receipt = scene.sender.transact(penniless, approve)
    assert receipt.succeeded
    assert price(scene.rpc, receipt.transaction) == 0


def test_with_a_base_fee_the_price_of_the_node_is_paid(place: Place) -> None:
    place.rpc.call("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    place.rpc.call("evm_mine")
    sender = Sender(place.rpc)
    asked = int(place.rpc.call("eth_gasPrice"), 16)
    receipt = sender.transact(place.admin, grant(place))
    assert receipt.succeeded
    assert price(place.rpc, receipt.transaction) == asked > 0


def refused_acts(scene: Scene) -> list[tuple[str, Call, str, Any]]:
    """Who does what, and the error that follows with its arguments."""
    stranger, supplier = find_signer("TEST::9").address, scene.signer("supplier").address
    member, party, nobody = scene.signer("member").address, person("supplier"), b"\0" * 32
    registration = {
        "scheme": "ID",
        "identifier": "supplier",
        "account": stranger,
        "roles": 2,
        "organization": nobody,
        "document": NO_DOCUMENT,
    }
    line = (person("city"), scene.token, YEAR, CODE, 5, NO_DOCUMENT)
    registry, token = ("ParticipantRegistry", scene.made.registry), ("SettlementToken", scene.token)
    return [
        (
            "TEST::9",
            scene.on("submit", 0, b"\1" * 32),
            "CallerNotParty",
            {"caller": stranger, "participant": nobody, "expected": party},
        ),
        (
            "TEST::4",
            scene.on("submit", 9, b"\1" * 32),
            "MilestoneUnknown",
            {"milestone": 9, "count": 1},
        ),
        (
            "TEST::1",
            scene.on("accept", 0, 1),
            "MilestoneUnexpectedStatus",
            {"milestone": 0, "current": 1, "expected": 1 << 3},
        ),
        (
            "TEST::9",
            scene.on("terminate", b"\1" * 32, nobody),
            "CallerNotOnCommittee",
            {"caller": stranger, "participant": nobody},
        ),
        (
            "TEST::4",
            scene.on("attest", 0, 1, 0, b"\1" * 32),
            "CallerNotInspector",
            {"caller": supplier, "participant": party},
        ),
        (
            "TEST::3",
            scene.on("fund", VALUE),
            "AgreementUnexpectedStatus",
            {"current": 2, "expected": 1 << 1},
        ),
        ("TEST::1", scene.on("terminate", nobody, nobody), "ReasonMissing", {}),
        (
            "TEST::1",
            scene.on("hold", 2**40 - 1, b"\1" * 32, nobody),
            "CallerNotAuditor",
            {"caller": member, "participant": person("member")},
        ),
        (
            "TEST::9",
            scene.on("claim", 2**256 - 1, party),
            "NothingOwed",
            {"milestone": 2**256 - 1, "payee": party},
        ),
        (
            "TEST::0",
            call(*registry, "register", registration),
            "ParticipantAlreadyRegistered",
            {"participant": party, "scheme": "ID", "identifier": "supplier"},
        ),
        (
            "TEST::9",
            call(*registry, "register", registration),
            "AccessManagedUnauthorized",
            {"caller": stranger},
        ),
        (
            "TEST::0",
            call("Budget", scene.made.budget, "appropriate", *line),
            "LineBelowCommitment",
            {
                "line": budget_line_id(person("city"), scene.token, YEAR, CODE),
                "committed": VALUE,
                "requested": 5,
            },
        ),
        (
            "TEST::4",
            call(*token, "transfer", stranger, 1),
            "HolderNotRegistered",
            {"holder": stranger},
        ),
        (
            "TEST::4",
            call(*token, "transfer", member, 1),
            "ERC20InsufficientBalance",
            {"sender": supplier, "balance": 0, "needed": 1},
        ),
    ]


def test_refusals_carry_the_contracts_own_error_with_its_arguments(scene: Scene) -> None:
    head = scene.head
    for name, what, error, arguments in refused_acts(scene):
        with pytest.raises(RefusedError) as caught:
            scene.sender.transact(find_signer(name), what)
        refused = caught.value.refusal
        assert refused is not None
        assert refused.name == error == caught.value.detail
        assert refused.arguments == arguments, error
        assert caught.value.status == 409
    # Nothing was sent.
    assert scene.head == head


class Blind(Sender):
    """Does not ask the contract the first time."""

    asked = 0

    def check(self, address: str, what: Call) -> int:
        self.asked += 1
        return 500_000 if self.asked == 1 else super().check(address, what)


def test_an_act_that_fails_in_its_block_is_a_refusal_too(scene: Scene) -> None:
    sender = Blind(scene.rpc)
    stranger = find_signer("TEST::9")
    what = call("Agreement", scene.agreement, "terminate", b"\1" * 32, b"\0" * 32)
    head = scene.head
    with pytest.raises(RefusedError) as caught:
        sender.transact(stranger, what)
    assert caught.value.refusal is not None
    assert caught.value.refusal.name == "CallerNotOnCommittee"
    assert scene.head == head + 1


def test_an_act_that_failed_for_a_reason_that_is_gone(scene: Scene) -> None:
    class Forgetful(Blind):
        def check(self, address: str, what: Call) -> int:
            return 30_000

    with pytest.raises(RefusedError, match=r"Transaction 0x\w{64} failed in its block\.") as caught:
        Forgetful(scene.rpc).transact(scene.admin, grant(scene))
    assert caught.value.refusal is None


def test_a_call_that_reverts_without_an_error_of_ours(scene: Scene) -> None:
    # No function of the token has this selector.
    with pytest.raises(RefusedError) as caught:
        scene.sender.check(scene.admin.address, Call(scene.token, b"\1\2\3\4"))
    assert caught.value.refusal is None
    assert "revert" in caught.value.detail
    assert refusal(b"") is None
