"""Branches: budget.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from ..escrows import Maker, perform

CODE = "5.2.3.02"


@pytest.fixture
def escrow(world):
    """Commits and releases as an agreement does, whenever a test wants it to."""
    return Maker(world).escrow()


@pytest.fixture
def commit(world, escrow):
    """An agreement commits: `commit(line, buyer, token, amount)`."""
    return lambda *arguments: perform(
        escrow, world.budget.commit, *arguments, sender=world.stranger
    )


@pytest.fixture
def release(world, escrow):
    """An agreement gives back: `release(line, amount)`."""
    return lambda *arguments: perform(
        escrow, world.budget.release, *arguments, sender=world.stranger
    )


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


def test_commit_reverts_when_caller_only_says_that_it_is_an_agreement(world, law, refused):
    unknown, admitted = Maker(world, admitted=False), Maker(world)
    liar = admitted.make(admitted.proxy + admitted.origin(), law.digest("another salt"))
    arguments = (world.line, world.id["buyer"], world.token, 1)
    for caller in (unknown.escrow(), liar):
        with refused(world.budget.CallerNotEscrow, caller=caller.address):
            perform(caller, world.budget.commit, *arguments, sender=world.stranger)


def test_commit_reverts_when_line_is_unknown(world, law, refused, commit):
    with refused(world.budget.LineUnknown, line=law.digest("line")):
        commit(law.digest("line"), law.NONE, law.NO_ADDRESS, 1)


def test_commit_reverts_when_line_is_of_another_buyer_or_currency(world, law, refused, commit):
    buyer, token = world.id["buyer"], world.token.address
    longer = buyer[:16] + b"\1".rjust(16, b"\0")
    for given in (
        (world.id["supplier"], token),
        (longer, token),
        (buyer, world.budget.address),
        (law.NONE, token),
    ):
        with refused(world.budget.LineMismatch, line=world.line, buyer=buyer, token=token):
            commit(world.line, *given, 1)


def test_commit_reverts_when_line_has_less_left(world, law, refused, commit):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    for requested in (available + 1, law.UINT96 + 1, law.UINT128):
        with refused(
            world.budget.LineExceeded, line=world.line, requested=requested, available=available
        ):
            commit(world.line, world.id["buyer"], world.token, requested)


def test_commit_commits_to_the_last_unit(world, law, emitted, refused, commit, escrow):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    arguments = (world.line, world.id["buyer"], world.token)
    emitted(
        commit(*arguments, available),
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
        commit(*arguments, 1)


def test_commit_adds_what_agreements_commit(world, emitted, commit, escrow, signed):
    before = world.budget.get(world.line).committed
    assert before == sum(
        agreement.money().value - agreement.money().refunded for agreement in world.states.values()
    )
    arguments = (world.line, world.id["buyer"], world.token)
    total = before
    for amount in (0, 1, 1_000):
        total += amount
        emitted(
            commit(*arguments, amount),
            [
                world.budget.LineCommitted(
                    line=world.line, agreement=escrow.address, amount=amount, committed=total
                )
            ],
        )
    assert world.budget.get(world.line).committed == before + 1_001


def test_commit_keeps_below_96_bits_whatever_is_appropriated(world, law, refused, commit):
    arguments = (world.id["buyer"], world.token, 2026, CODE)
    world.budget.appropriate(*arguments, law.UINT128, law.NONE, sender=world.officer)
    identifier = world.budget.lineId(*arguments)
    part = (identifier, world.id["buyer"], world.token)
    with refused(
        world.budget.LineExceeded,
        line=identifier,
        requested=law.UINT96 + 1,
        available=law.UINT96,
    ):
        commit(*part, law.UINT96 + 1)
    commit(*part, law.UINT96 - 1)
    with refused(world.budget.LineExceeded, line=identifier, requested=2, available=1):
        commit(*part, 2)
    commit(*part, 1)
    assert law.plain(world.budget.get(identifier)) == line(world, law.UINT128, law.UINT96)
    with refused(world.budget.LineExceeded, line=identifier, requested=1, available=0):
        commit(*part, 1)


def test_release_reverts_when_caller_is_not_an_agreement(world, refused):
    with refused(world.budget.CallerNotEscrow, caller=world.officer.address):
        world.budget.release(world.line, 0, sender=world.officer)


def test_release_reverts_when_line_is_unknown(world, law, refused, release):
    with refused(world.budget.LineUnknown, line=law.digest("line")):
        release(law.digest("line"), 0)


def test_release_reverts_when_less_is_committed(world, law, refused, release):
    committed = world.budget.get(world.line).committed
    for requested in (committed + 1, law.UINT96 + 1 + committed, law.UINT128):
        with refused(
            world.budget.LineExceeded, line=world.line, requested=requested, available=committed
        ):
            release(world.line, requested)


def test_release_gives_back(world, emitted, commit, release, escrow):
    before = world.budget.get(world.line).committed
    commit(world.line, world.id["buyer"], world.token, 70)
    emitted(
        release(world.line, 30),
        [
            world.budget.LineReleased(
                line=world.line, agreement=escrow.address, amount=30, committed=before + 40
            )
        ],
    )
    assert world.budget.get(world.line).committed == before + 40


def test_release_gives_back_to_the_last_unit(world, law, release):
    release(world.line, world.budget.get(world.line).committed)
    assert law.plain(world.budget.get(world.line)) == line(world, 5_000_000)


def test_line_id_hashes_buyer_token_year_and_code(world):
    buyer, token = world.id["buyer"], world.token.address
    assert world.budget.lineId(buyer, token, 2026, CODE) == keccak(
        encode(["bytes32", "address", "uint16", "string"], [buyer, token, 2026, CODE])
    )
