"""Branches: settlement_token.tree."""

from unittest.mock import ANY

import pytest
from eth_account.messages import encode_typed_data

from ..escrows import Maker, perform

SOON = 4_000_000_000


@pytest.fixture
def succeed(world, law):
    """`succeed(name, account)`: a participant acts with another account; gives its outgoing one."""

    def do(name, account):
        participant, outgoing = world.id[name], world.account[name]
        world.registry.proposeSuccession(participant, account, law.NONE, sender=world.registrar)
        world.registry.confirmSuccession(participant, account, sender=outgoing)
        world.account[name] = account
        return outgoing

    before = dict(world.account)
    yield do
    world.account = before


@pytest.fixture
def gone(world, succeed):
    """The account that the treasury gave up; it holds what the treasury held."""
    return succeed("treasury", world.spare[0])


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


def test_issue_reverts_when_holder_was_given_up(world, law, refused, gone):
    with refused(world.token.HolderNotRegistered, holder=gone.address):
        world.token.issue(gone, 1, law.digest("deposit"), sender=world.issuer)


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


def test_redeem_takes_back_from_an_account_that_was_given_up(world, law, gone):
    balance = world.token.balanceOf(gone)
    world.token.approve(world.issuer, 100, sender=gone)
    world.token.redeem(gone, 100, law.digest("transfer"), sender=world.issuer)
    assert world.token.balanceOf(gone) == balance - 100


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


@pytest.mark.parametrize("amount", [0, 1])
def test_transfer_reverts_when_receiver_was_given_up(world, refused, gone, amount):
    for sender in (world.account["supplier"], world.account["treasury"], gone):
        with refused(world.token.HolderNotRegistered, holder=gone.address):
            world.token.transfer(gone, amount, sender=sender)


@pytest.mark.parametrize("amount", [0, 1])
def test_transfer_reverts_when_receiver_is_an_agreement(world, refused, active, amount):
    for sender in (world.account["treasury"], world.account["supplier"], world.stranger):
        with refused(world.token.EscrowFetchesItself, escrow=active.address, caller=sender.address):
            world.token.transfer(active, amount, sender=sender)


def test_transfer_reverts_when_sender_never_received(world, refused):
    with refused(
        world.token.ERC20InsufficientBalance, sender=world.stranger.address, balance=0, needed=1
    ):
        world.token.transfer(world.account["treasury"], 1, sender=world.stranger)


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


@pytest.mark.parametrize("standing", ["SUSPENDED", "DEBARRED"])
def test_transfer_moves_money_to_a_participant_that_is_not_active(world, law, standing):
    world.stand("supplier", law.Standing[standing])
    before = world.balance("supplier")
    world.token.transfer(world.account["supplier"], 7, sender=world.account["treasury"])
    assert world.balance("supplier") == before + 7


def test_transfer_moves_money_from_an_account_that_was_given_up(world, gone):
    balance, before = world.token.balanceOf(gone), world.balance("supplier")
    world.token.transfer(world.account["supplier"], 7, sender=gone)
    assert world.token.balanceOf(gone) == balance - 7
    assert world.balance("supplier") == before + 7


def test_transfer_moves_money_from_an_agreement(world, emitted):
    escrow, treasury = Maker(world).escrow(), world.account["treasury"]
    world.token.approve(escrow, 9, sender=treasury)
    perform(escrow, world.token.transferFrom, treasury, escrow, 9, sender=world.stranger)
    before = world.balance("supplier")
    receipt = perform(
        escrow, world.token.transfer, world.account["supplier"], 9, sender=world.stranger
    )
    moved = {"from": escrow.address, "to": world.account["supplier"].address, "value": 9}
    emitted(receipt, [world.token.Transfer(**moved)])
    assert (world.token.balanceOf(escrow), world.balance("supplier")) == (0, before + 9)


def test_transfer_from_reverts_when_receiver_is_not_registered(world, refused):
    treasury = world.account["treasury"]
    world.token.approve(world.stranger, 1, sender=treasury)
    with refused(world.token.HolderNotRegistered, holder=world.stranger.address):
        world.token.transferFrom(treasury, world.stranger, 1, sender=world.stranger)


def test_transfer_from_reverts_when_receiver_was_given_up(world, refused, gone):
    treasury, supplier = world.account["treasury"], world.account["supplier"]
    world.token.transfer(treasury, 1, sender=gone)
    world.token.approve(supplier, 1, sender=treasury)
    with refused(world.token.HolderNotRegistered, holder=gone.address):
        world.token.transferFrom(treasury, gone, 1, sender=supplier)


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


def test_transfer_from_lets_an_agreement_fetch(world, emitted):
    escrow, treasury = Maker(world).escrow(), world.account["treasury"]
    balance = world.balance("treasury")
    world.token.approve(escrow, 9, sender=treasury)
    receipt = perform(escrow, world.token.transferFrom, treasury, escrow, 9, sender=world.stranger)
    moved = {"from": treasury.address, "to": escrow.address, "value": 9}
    emitted(receipt, [world.token.Transfer(**moved)])
    assert (world.token.balanceOf(escrow), world.balance("treasury")) == (9, balance - 9)


def test_forward_reverts_when_account_is_unknown(world, law, refused, gone):
    for account in (world.stranger.address, law.NO_ADDRESS):
        with refused(world.token.AccountNotSucceeded, account=account):
            world.token.forward(account, sender=world.stranger)


def test_forward_reverts_when_account_acts_for_a_participant(world, refused, gone):
    for account in (world.account["treasury"], world.account["supplier"]):
        with refused(world.token.AccountNotSucceeded, account=account.address):
            world.token.forward(account, sender=account)


def test_forward_reverts_when_account_is_an_agreement(world, refused, active, gone):
    with refused(world.token.AccountNotSucceeded, account=active.address):
        world.token.forward(active, sender=world.stranger)


def test_forward_reverts_when_account_became_an_agreement(world, law, refused):
    draft = world.draft()
    coming, taker = world.at(draft), world.register("ID-NPWP", "taker", world.at(draft).address)
    world.authority.grantRole(law.Permission.WITNESS, world.officer, 0, sender=world.admin)
    arguments = (taker, world.spare[0])
    world.registry.proposeSuccession(*arguments, law.NONE, sender=world.registrar)
    world.registry.confirmSuccession(*arguments, sender=world.officer)
    world.activate(world.sign(draft))
    with refused(world.token.AccountNotSucceeded, account=coming.address):
        world.token.forward(coming, sender=world.spare[0])
    assert world.held(coming) == draft.value


def test_forward_moves_everything_to_the_account_that_took_its_place(world, emitted, gone):
    balance, supply = world.token.balanceOf(gone), world.token.totalSupply()
    receipt = world.token.forward(gone, sender=world.stranger)
    successor = world.account["treasury"].address
    emitted(
        receipt,
        [
            world.token.Transfer(**{"from": gone.address, "to": successor, "value": balance}),
            world.token.Forwarded(account=gone.address, successor=successor, amount=balance),
        ],
    )
    assert (world.token.balanceOf(gone), world.balance("treasury")) == (0, balance)
    assert world.token.totalSupply() == supply


def test_forward_moves_everything_to_the_present_account_after_several_successions(
    world, law, succeed, gone
):
    balance = world.token.balanceOf(gone)
    between = succeed("treasury", world.spare[1])
    world.stand("treasury", law.Standing.DEBARRED)
    world.token.transfer(world.account["supplier"], 1, sender=gone)
    for account in (gone, between):
        world.token.forward(account, sender=world.stranger)
    assert world.account["treasury"] == world.spare[1]
    assert world.balance("treasury") == balance - 1
    assert world.token.balanceOf(gone) == world.token.balanceOf(between) == 0


def test_forward_moves_nothing_when_nothing_is_left(world, emitted, gone):
    world.token.forward(gone, sender=world.stranger)
    balance = world.balance("treasury")
    receipt = world.token.forward(gone, sender=gone)
    successor = world.account["treasury"].address
    emitted(
        receipt,
        [
            world.token.Transfer(**{"from": gone.address, "to": successor, "value": 0}),
            world.token.Forwarded(account=gone.address, successor=successor, amount=0),
        ],
    )
    assert world.balance("treasury") == balance
