"""Branches: settlement_token.tree."""

from unittest.mock import ANY

import pytest
from eth_account.messages import encode_typed_data

SOON = 4_000_000_000


def approval(token, owner, spender, value, nonce=0, deadline=SOON):
    """An ERC-2612 permit, as EIP-712 typed data."""
    return encode_typed_data(
        domain_data={
            "name": "Termin IDR",
            "version": "1",
            "chainId": token.chain_manager.chain_id,
            "verifyingContract": token.address,
        },
        message_types={
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ]
        },
        message_data={
            "owner": owner.address,
            "spender": spender.address,
            "value": value,
            "nonce": nonce,
            "deadline": deadline,
        },
    )


def test_construction_names_the_currency(world):
    assert world.token.name() == "Termin IDR"
    assert world.token.symbol() == "IDR"
    assert world.token.currency() == "IDR"
    assert world.token.decimals() == 2
    assert world.token.totalSupply() == 10_000_000


def test_construction_keeps_the_digits_of_the_minor_unit(world):
    for currency, digits in (("JPY", 0), ("KWD", 3)):
        token = world.admin.deploy(
            world.project.SettlementToken, world.authority, world.registry, currency, digits
        )
        assert (token.currency(), token.decimals()) == (currency, digits)


def test_issue_reverts_when_caller_is_not_issuer(world, law, refused):
    for caller in (world.stranger, world.admin, world.account["treasury"]):
        with refused(world.token.AccessManagedUnauthorized, caller=caller.address):
            world.token.issue(world.account["treasury"], 1, law.digest("deposit"), sender=caller)


def test_issue_reverts_when_bank_reference_is_missing(world, law, refused):
    with refused(world.token.BankReferenceMissing):
        world.token.issue(world.account["treasury"], 1, law.NONE, sender=world.issuer)


def test_issue_reverts_when_holder_is_not_registered(world, law, refused):
    with refused(world.token.HolderNotRegistered, holder=world.stranger.address):
        world.token.issue(world.stranger, 1, law.digest("deposit"), sender=world.issuer)


def test_issue_reverts_when_holder_is_nobody(world, law, refused):
    with refused(world.token.ERC20InvalidReceiver, receiver=law.NO_ADDRESS):
        world.token.issue(law.NO_ADDRESS, 1, law.digest("deposit"), sender=world.issuer)


@pytest.mark.parametrize("state", ["active", "closed"])
def test_issue_reverts_when_holder_is_an_agreement(world, law, refused, request, state):
    agreement = request.getfixturevalue(state)
    with refused(
        world.token.EscrowFetchesItself, escrow=agreement.address, caller=world.issuer.address
    ):
        world.token.issue(agreement, 1, law.digest("deposit"), sender=world.issuer)


def test_issue_issues(world, law, emitted):
    treasury, reference = world.account["treasury"], law.digest("deposit")
    balance, supply = world.balance("treasury"), world.token.totalSupply()
    receipt = world.token.issue(treasury, 123, reference, sender=world.issuer)
    emitted(
        receipt,
        [
            world.token.Transfer(**{"from": law.NO_ADDRESS, "to": treasury.address, "value": 123}),
            world.token.Issued(account=treasury.address, amount=123, bankReference=reference),
        ],
    )
    assert world.balance("treasury") == balance + 123
    assert world.token.totalSupply() == supply + 123


def test_redeem_reverts_when_caller_is_not_issuer(world, law, refused):
    treasury = world.account["treasury"]
    with refused(world.token.AccessManagedUnauthorized, caller=treasury.address):
        world.token.redeem(treasury, 1, law.digest("transfer"), sender=treasury)


def test_redeem_reverts_when_bank_reference_is_missing(world, law, refused):
    treasury = world.account["treasury"]
    world.token.approve(world.issuer, 1, sender=treasury)
    with refused(world.token.BankReferenceMissing):
        world.token.redeem(treasury, 1, law.NONE, sender=world.issuer)


def test_redeem_reverts_when_holder_has_not_approved_as_much(world, law, refused):
    treasury = world.account["treasury"]
    world.token.approve(world.issuer, 99, sender=treasury)
    with refused(
        world.token.ERC20InsufficientAllowance,
        spender=world.issuer.address,
        allowance=99,
        needed=100,
    ):
        world.token.redeem(treasury, 100, law.digest("transfer"), sender=world.issuer)


def test_redeem_reverts_when_holder_has_less(world, law, refused):
    supplier, balance = world.account["supplier"], world.balance("supplier")
    world.token.approve(world.issuer, balance + 1, sender=supplier)
    with refused(
        world.token.ERC20InsufficientBalance,
        sender=supplier.address,
        balance=balance,
        needed=balance + 1,
    ):
        world.token.redeem(supplier, balance + 1, law.digest("transfer"), sender=world.issuer)


def test_redeem_takes_back_what_was_approved(world, law, emitted):
    treasury, reference = world.account["treasury"], law.digest("transfer")
    balance, supply = world.balance("treasury"), world.token.totalSupply()
    world.token.approve(world.issuer, 150, sender=treasury)
    receipt = world.token.redeem(treasury, 100, reference, sender=world.issuer)
    emitted(
        receipt,
        [
            world.token.Transfer(**{"from": treasury.address, "to": law.NO_ADDRESS, "value": 100}),
            world.token.Redeemed(account=treasury.address, amount=100, bankReference=reference),
        ],
    )
    assert world.balance("treasury") == balance - 100
    assert world.token.totalSupply() == supply - 100
    assert world.token.allowance(treasury, world.issuer) == 50


def test_redeem_takes_back_what_was_permitted_by_signature(world, law):
    treasury, balance = world.account["treasury"], world.balance("treasury")
    signature = treasury.sign_message(approval(world.token, treasury, world.issuer, 100))
    world.token.permit(treasury, world.issuer, 100, SOON, *signature, sender=world.stranger)
    assert world.token.allowance(treasury, world.issuer) == 100
    world.token.redeem(treasury, 100, law.digest("transfer"), sender=world.issuer)
    assert world.balance("treasury") == balance - 100
    assert world.token.allowance(treasury, world.issuer) == 0


def test_permit_reverts_when_it_has_expired(world, refused):
    treasury = world.account["treasury"]
    signature = treasury.sign_message(
        approval(world.token, treasury, world.issuer, 100, deadline=1)
    )
    with refused(world.token.ERC2612ExpiredSignature, deadline=1):
        world.token.permit(treasury, world.issuer, 100, 1, *signature, sender=world.issuer)


def test_permit_reverts_when_another_signed(world, refused):
    treasury, supplier = world.account["treasury"], world.account["supplier"]
    signature = supplier.sign_message(approval(world.token, treasury, world.issuer, 100))
    with refused(world.token.ERC2612InvalidSigner, signer=supplier.address, owner=treasury.address):
        world.token.permit(treasury, world.issuer, 100, SOON, *signature, sender=world.issuer)


def test_permit_reverts_when_it_is_spent(world, refused):
    treasury = world.account["treasury"]
    signature = treasury.sign_message(approval(world.token, treasury, world.issuer, 100))
    arguments = (treasury, world.issuer, 100, SOON, *signature)
    world.token.permit(*arguments, sender=world.issuer)
    assert world.token.nonces(treasury) == 1
    # The signature fits the nonce before, so that it gives some other signer for this one.
    with refused(world.token.ERC2612InvalidSigner, signer=ANY, owner=treasury.address):
        world.token.permit(*arguments, sender=world.issuer)


def test_transfer_reverts_when_receiver_is_not_registered(world, refused):
    with refused(world.token.HolderNotRegistered, holder=world.stranger.address):
        world.token.transfer(world.stranger, 1, sender=world.account["treasury"])


def test_transfer_reverts_when_sender_is_not_registered(world, refused):
    with refused(world.token.HolderNotRegistered, holder=world.stranger.address):
        world.token.transfer(world.account["treasury"], 0, sender=world.stranger)


@pytest.mark.parametrize("amount", [0, 1])
def test_transfer_reverts_when_receiver_is_an_agreement(world, refused, active, amount):
    treasury = world.account["treasury"]
    with refused(world.token.EscrowFetchesItself, escrow=active.address, caller=treasury.address):
        world.token.transfer(active, amount, sender=treasury)


def test_transfer_moves_money_between_participants(world, emitted):
    treasury, supplier = world.account["treasury"], world.account["supplier"]
    before = (world.balance("treasury"), world.balance("supplier"))
    receipt = world.token.transfer(supplier, 7, sender=treasury)
    emitted(
        receipt,
        [world.token.Transfer(**{"from": treasury.address, "to": supplier.address, "value": 7})],
    )
    after = (world.balance("treasury"), world.balance("supplier"))
    assert after == (before[0] - 7, before[1] + 7)


def test_transfer_from_reverts_when_receiver_is_not_registered(world, refused):
    treasury = world.account["treasury"]
    world.token.approve(world.stranger, 1, sender=treasury)
    with refused(world.token.HolderNotRegistered, holder=world.stranger.address):
        world.token.transferFrom(treasury, world.stranger, 1, sender=world.stranger)


def test_transfer_from_reverts_when_an_agreement_receives_by_another(world, refused, active):
    treasury, supplier = world.account["treasury"], world.account["supplier"]
    world.token.approve(supplier, 1, sender=treasury)
    with refused(world.token.EscrowFetchesItself, escrow=active.address, caller=supplier.address):
        world.token.transferFrom(treasury, active, 1, sender=supplier)


def test_transfer_from_reverts_when_holder_has_not_approved(world, refused):
    treasury, supplier = world.account["treasury"], world.account["supplier"]
    with refused(
        world.token.ERC20InsufficientAllowance, spender=supplier.address, allowance=0, needed=1
    ):
        world.token.transferFrom(treasury, supplier, 1, sender=supplier)
