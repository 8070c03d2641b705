"""Branches: budget.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

CODE = "5.2.3.02"


@pytest.fixture
def escrow(world, law):
    """An account that commits and releases as an agreement does."""
    world.authority.grantRole(law.Permission.ESCROW_ADMITTER, world.admin, 0, sender=world.admin)
    world.registry.admitEscrow(world.spare[0], sender=world.admin)
    return world.spare[0]


def line(world, total, committed=0):
    return (world.id["buyer"], world.token.address, total, committed)


def test_appropriate_reverts_when_caller_is_not_budget_officer(world, law, refused):
    for caller in (world.stranger, world.admin, world.account["treasury"]):
        with refused(world.budget.AccessManagedUnauthorized, caller=caller.address):
            world.budget.appropriate(
                world.id["buyer"], world.token, 2026, CODE, 1, law.NONE, sender=caller
            )


def test_appropriate_reverts_when_code_is_empty(world, law, refused):
    with refused(world.budget.LineCodeEmpty):
        world.budget.appropriate(
            world.id["buyer"], world.token, 2026, "", 1, law.NONE, sender=world.officer
        )


def test_appropriate_reverts_when_participant_is_not_a_buyer(world, law, refused):
    for buyer, roles in (
        (law.digest("nobody"), 0),
        (world.id["supplier"], law.Role.SUPPLIER),
    ):
        with refused(
            world.registry.ParticipantLacksRole,
            participant=buyer,
            roles=roles,
            required=law.Role.BUYER,
        ):
            world.budget.appropriate(
                buyer, world.token, 2026, CODE, 1, law.NONE, sender=world.officer
            )


def test_appropriate_reverts_when_total_is_below_what_is_committed(world, law, refused, signed):
    committed = world.budget.get(world.line).committed
    with refused(
        world.budget.LineBelowCommitment,
        line=world.line,
        requested=committed - 1,
        committed=committed,
    ):
        world.budget.appropriate(
            world.id["buyer"],
            world.token,
            2026,
            "5.2.3.01",
            committed - 1,
            law.NONE,
            sender=world.officer,
        )


def test_appropriate_opens_raises_and_lowers_a_line(world, law, emitted):
    buyer, token = world.id["buyer"], world.token
    identifier = world.budget.lineId(buyer, token, 2027, CODE)
    assert law.plain(world.budget.get(identifier)) == (law.NONE, law.NO_ADDRESS, 0, 0)
    for total in (100, law.UINT128, 0):
        receipt = world.budget.appropriate(
            buyer, token, 2027, CODE, total, law.digest("law"), sender=world.officer
        )
        assert receipt.return_value == identifier
        emitted(
            receipt,
            [
                world.budget.LineAppropriated(
                    line=identifier,
                    buyer=buyer,
                    token=token.address,
                    fiscalYear=2027,
                    code=CODE,
                    appropriated=total,
                    document=law.digest("law"),
                )
            ],
        )
        assert law.plain(world.budget.get(identifier)) == line(world, total)


def test_appropriate_lowers_to_what_is_committed(world, law, signed):
    committed = world.budget.get(world.line).committed
    world.budget.appropriate(
        world.id["buyer"],
        world.token,
        2026,
        "5.2.3.01",
        committed,
        law.NONE,
        sender=world.officer,
    )
    assert law.plain(world.budget.get(world.line)) == line(world, committed, committed)


def test_commit_reverts_when_caller_is_not_an_agreement(world, refused):
    arguments = (world.line, world.id["buyer"], world.token, 1)
    for caller in (world.stranger, world.admin, world.officer, world.account["first"]):
        with refused(world.budget.CallerNotEscrow, caller=caller.address):
            world.budget.commit(*arguments, sender=caller)


def test_commit_reverts_when_line_is_unknown(world, law, refused, escrow):
    with refused(world.budget.LineUnknown, line=law.digest("line")):
        world.budget.commit(law.digest("line"), law.NONE, law.NO_ADDRESS, 1, sender=escrow)


def test_commit_reverts_when_line_is_of_another_buyer_or_currency(world, refused, escrow):
    buyer, token = world.id["buyer"], world.token.address
    for given in ((world.id["supplier"], token), (buyer, world.budget.address)):
        with refused(world.budget.LineMismatch, line=world.line, buyer=buyer, token=token):
            world.budget.commit(world.line, *given, 1, sender=escrow)


def test_commit_reverts_when_line_has_less_left(world, refused, escrow):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    with refused(
        world.budget.LineExceeded, line=world.line, requested=available + 1, available=available
    ):
        world.budget.commit(
            world.line, world.id["buyer"], world.token, available + 1, sender=escrow
        )


def test_commit_commits_to_the_last_unit(world, law, emitted, refused, escrow):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    arguments = (world.line, world.id["buyer"], world.token)
    receipt = world.budget.commit(*arguments, available, sender=escrow)
    emitted(
        receipt,
        [
            world.budget.LineCommitted(
                line=world.line,
                agreement=escrow.address,
                amount=available,
                committed=details.appropriated,
            )
        ],
    )
    assert law.plain(world.budget.get(world.line)) == line(world, 5_000_000, 5_000_000)
    with refused(world.budget.LineExceeded, line=world.line, requested=1, available=0):
        world.budget.commit(*arguments, 1, sender=escrow)


def test_release_reverts_when_caller_is_not_an_agreement(world, refused):
    with refused(world.budget.CallerNotEscrow, caller=world.officer.address):
        world.budget.release(world.line, 0, sender=world.officer)


def test_release_reverts_when_line_is_unknown(world, law, refused, escrow):
    with refused(world.budget.LineUnknown, line=law.digest("line")):
        world.budget.release(law.digest("line"), 0, sender=escrow)


def test_release_reverts_when_less_is_committed(world, refused, escrow):
    committed = world.budget.get(world.line).committed
    with refused(
        world.budget.LineExceeded,
        line=world.line,
        requested=committed + 1,
        available=committed,
    ):
        world.budget.release(world.line, committed + 1, sender=escrow)


def test_release_gives_back(world, emitted, escrow):
    before = world.budget.get(world.line).committed
    world.budget.commit(world.line, world.id["buyer"], world.token, 70, sender=escrow)
    receipt = world.budget.release(world.line, 30, sender=escrow)
    emitted(
        receipt,
        [
            world.budget.LineReleased(
                line=world.line, agreement=escrow.address, amount=30, committed=before + 40
            )
        ],
    )
    assert world.budget.get(world.line).committed == before + 40


def test_line_id_hashes_buyer_token_year_and_code(world):
    buyer, token = world.id["buyer"], world.token.address
    assert world.budget.lineId(buyer, token, 2026, CODE) == keccak(
        encode(["bytes32", "address", "uint16", "string"], [buyer, token, 2026, CODE])
    )
