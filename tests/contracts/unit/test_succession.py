"""Branches: succession.tree. A participant acts with another account."""

from collections import Counter
from contextlib import nullcontext
from itertools import pairwise
from types import SimpleNamespace

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from ..escrows import Holder
from ..successions import Successions


@pytest.fixture
def propose(world, law):
    """`propose(participant, account)`: the registrar does, unless another is named as `by`."""

    def do(participant, account, by=None):
        return world.registry.proposeSuccession(
            participant, account, law.digest("request"), sender=by or world.registrar
        )

    return do


@pytest.fixture
def witness(world, law):
    """Acts for nobody and may confirm."""
    world.authority.grantRole(law.Permission.WITNESS, world.officer, 0, sender=world.admin)
    return world.officer


@pytest.fixture
def gone(world, propose):
    """The account that the supplier gave up for the first spare one."""
    propose(world.id["supplier"], world.spare[0])
    outgoing = world.account["supplier"]
    world.registry.confirmSuccession(world.id["supplier"], world.spare[0], sender=outgoing)
    return outgoing


def test_propose_reverts_when_caller_is_not_registrar(world, refused, propose, witness):
    for caller in (world.stranger, world.account["supplier"], witness):
        with refused(world.registry.AccessManagedUnauthorized, caller=caller.address):
            propose(world.id["supplier"], world.spare[0], by=caller)


def test_propose_reverts_when_participant_is_unknown(world, law, refused, propose):
    for unknown in (law.digest("nobody"), law.NONE):
        with refused(world.registry.ParticipantUnknown, participant=unknown):
            propose(unknown, world.spare[0])


@pytest.mark.parametrize("name", ["supplier", "treasury"])
def test_propose_reverts_when_account_acts_for_somebody(world, refused, propose, name):
    taken = world.account[name].address
    with refused(world.registry.ParticipantAccountTaken, account=taken, participant=world.id[name]):
        propose(world.id["supplier"], taken)


def test_propose_reverts_when_account_was_given_up(world, refused, propose, gone):
    for name in ("supplier", "treasury"):
        with refused(
            world.registry.ParticipantAccountTaken,
            account=gone.address,
            participant=world.id["supplier"],
        ):
            propose(world.id[name], gone)


def test_propose_reverts_when_account_is_an_agreement(world, law, refused, propose, signed):
    with refused(
        world.registry.ParticipantAccountTaken, account=signed.address, participant=law.NONE
    ):
        propose(world.id["supplier"], signed)


def test_propose_changes_nothing_yet(world, law, emitted, propose):
    supplier, outgoing, incoming = world.id["supplier"], world.account["supplier"], world.spare[0]
    before = law.plain(world.registry.get(supplier))
    emitted(
        propose(supplier, incoming),
        [
            world.registry.SuccessionProposed(
                participant=supplier, account=incoming.address, document=law.digest("request")
            )
        ],
    )
    assert law.plain(world.registry.get(supplier)) == before
    assert world.registry.participantOf(outgoing) == supplier
    assert world.registry.participantOf(incoming) == law.NONE
    assert world.registry.holder(incoming) == Holder.NONE


def test_propose_replaces_an_earlier_proposal(world, refused, propose):
    supplier, outgoing = world.id["supplier"], world.account["supplier"]
    first, second = world.spare[:2]
    propose(supplier, first)
    propose(supplier, second)
    with refused(
        world.registry.SuccessionUnknown,
        participant=supplier,
        given=first.address,
        proposed=second.address,
    ):
        world.registry.confirmSuccession(supplier, first, sender=outgoing)
    world.registry.confirmSuccession(supplier, second, sender=outgoing)
    assert world.registry.participantOf(second) == supplier


def test_propose_withdraws_it_by_the_empty_account(world, law, emitted, refused, propose):
    supplier, outgoing = world.id["supplier"], world.account["supplier"]
    propose(supplier, world.spare[0])
    emitted(
        propose(supplier, law.NO_ADDRESS),
        [
            world.registry.SuccessionProposed(
                participant=supplier, account=law.NO_ADDRESS, document=law.digest("request")
            )
        ],
    )
    for given in (world.spare[0].address, law.NO_ADDRESS):
        with refused(
            world.registry.SuccessionUnknown,
            participant=supplier,
            given=given,
            proposed=law.NO_ADDRESS,
        ):
            world.registry.confirmSuccession(supplier, given, sender=outgoing)


def test_confirm_reverts_when_participant_is_unknown(world, law, refused, witness):
    for unknown in (law.digest("nobody"), law.NONE):
        with refused(world.registry.ParticipantUnknown, participant=unknown):
            world.registry.confirmSuccession(unknown, world.spare[0], sender=witness)


def test_confirm_reverts_when_nothing_is_proposed(world, law, refused, propose):
    supplier, treasury = world.id["supplier"], world.id["treasury"]
    propose(treasury, world.spare[0])
    for given in (world.spare[0].address, law.NO_ADDRESS):
        with refused(
            world.registry.SuccessionUnknown,
            participant=supplier,
            given=given,
            proposed=law.NO_ADDRESS,
        ):
            world.registry.confirmSuccession(supplier, given, sender=world.account["supplier"])


def test_confirm_reverts_when_another_account_is_proposed(world, refused, propose):
    supplier, proposed = world.id["supplier"], world.spare[0].address
    propose(supplier, proposed)
    for given in (world.spare[1].address, world.account["supplier"].address):
        with refused(
            world.registry.SuccessionUnknown,
            participant=supplier,
            given=given,
            proposed=proposed,
        ):
            world.registry.confirmSuccession(supplier, given, sender=world.account["supplier"])


def test_confirm_reverts_when_it_was_confirmed_before(world, law, refused, witness, gone):
    supplier, present = world.id["supplier"], world.spare[0]
    for caller in (present, witness):
        with refused(
            world.registry.SuccessionUnknown,
            participant=supplier,
            given=present.address,
            proposed=law.NO_ADDRESS,
        ):
            world.registry.confirmSuccession(supplier, present, sender=caller)


def test_confirm_reverts_when_account_acts_for_another_since(world, refused, propose):
    supplier, incoming = world.id["supplier"], world.spare[0]
    propose(supplier, incoming)
    other = world.register("ID-NPWP", "other", incoming)
    with refused(
        world.registry.ParticipantAccountTaken, account=incoming.address, participant=other
    ):
        world.registry.confirmSuccession(supplier, incoming, sender=world.account["supplier"])


def test_confirm_reverts_when_account_was_given_up_since(world, refused, propose):
    supplier, incoming = world.id["supplier"], world.spare[0]
    propose(supplier, incoming)
    other = world.register("ID-NPWP", "other", incoming)
    propose(other, world.spare[1])
    world.registry.confirmSuccession(other, world.spare[1], sender=incoming)
    with refused(
        world.registry.ParticipantAccountTaken, account=incoming.address, participant=other
    ):
        world.registry.confirmSuccession(supplier, incoming, sender=world.account["supplier"])


def test_confirm_reverts_when_account_became_an_agreement(world, law, refused, propose):
    supplier, draft = world.id["supplier"], world.draft()
    agreement = world.at(draft).address
    propose(supplier, agreement)
    world.sign(draft)
    with refused(world.registry.ParticipantAccountTaken, account=agreement, participant=law.NONE):
        world.registry.confirmSuccession(supplier, agreement, sender=world.account["supplier"])


def test_confirm_reverts_when_caller_is_no_second_party(world, refused, propose, company):
    office, incoming = company.office, world.issuer
    propose(office, incoming)
    other_office, others = world.spare[2], (world.account["supplier"], world.account["first"])
    for caller in (world.stranger, other_office, incoming, *others):
        with refused(
            world.registry.SuccessionNotConfirmable, participant=office, caller=caller.address
        ):
            world.registry.confirmSuccession(office, incoming, sender=caller)


@pytest.mark.parametrize("part", ["witness", "outgoing account", "legal person"])
def test_confirm_reverts_when_caller_proposed_it(world, law, refused, propose, company, part):
    caller = {
        "witness": world.stranger,
        "outgoing account": world.spare[1],
        "legal person": world.spare[0],
    }[part]
    for role in (law.Permission.REGISTRAR, law.Permission.WITNESS)[: 1 + (part == "witness")]:
        world.authority.grantRole(role, caller, 0, sender=world.admin)
    propose(company.office, world.issuer, by=caller)
    with refused(
        world.registry.SuccessionNotConfirmable, participant=company.office, caller=caller.address
    ):
        world.registry.confirmSuccession(company.office, world.issuer, sender=caller)
    propose(company.office, world.issuer)
    world.registry.confirmSuccession(company.office, world.issuer, sender=caller)
    assert world.registry.participantOf(world.issuer) == company.office


def test_confirm_reverts_when_caller_was_given_up_as_well(world, refused, propose, gone):
    supplier = world.id["supplier"]
    propose(supplier, world.spare[1])
    with refused(
        world.registry.SuccessionNotConfirmable, participant=supplier, caller=gone.address
    ):
        world.registry.confirmSuccession(supplier, world.spare[1], sender=gone)


def test_confirm_reverts_when_witness_was_dismissed(world, law, refused, propose, witness):
    supplier = world.id["supplier"]
    propose(supplier, world.spare[0])
    world.authority.revokeRole(law.Permission.WITNESS, witness, sender=world.admin)
    with refused(
        world.registry.SuccessionNotConfirmable, participant=supplier, caller=witness.address
    ):
        world.registry.confirmSuccession(supplier, world.spare[0], sender=witness)


def test_confirm_reverts_when_witness_must_wait(world, law, refused, propose):
    supplier = world.id["supplier"]
    propose(supplier, world.spare[0])
    world.authority.grantRole(law.Permission.WITNESS, world.stranger, 1, sender=world.admin)
    with refused(
        world.registry.SuccessionNotConfirmable,
        participant=supplier,
        caller=world.stranger.address,
    ):
        world.registry.confirmSuccession(supplier, world.spare[0], sender=world.stranger)


@pytest.fixture
def hands_over(world, law, emitted, propose):
    """`hands_over(participant, outgoing, incoming, by)`: all that a succession changes."""

    def check(participant, outgoing, incoming, by):
        _, *kept = law.plain(world.registry.credentials(participant))
        organization = world.registry.get(participant).organization
        propose(participant, incoming)
        emitted(
            world.registry.confirmSuccession(participant, incoming, sender=by),
            [
                world.registry.ParticipantSucceeded(
                    participant=participant,
                    previous=outgoing.address,
                    account=incoming.address,
                    by=by.address,
                )
            ],
        )
        details = (incoming.address, *kept)
        assert law.plain(world.registry.credentials(participant)) == details
        assert law.plain(world.registry.actor(incoming)) == (participant, details)
        assert world.registry.actor(outgoing)[0] == law.NONE
        assert world.registry.participantOf(outgoing) == law.NONE
        assert world.registry.get(participant).account == incoming.address
        assert world.registry.get(participant).organization == organization
        holders = (world.registry.holder(outgoing), world.registry.holder(incoming))
        assert holders == (Holder.NONE, Holder.PARTICIPANT)
        assert world.registry.successorOf(outgoing) == incoming.address

    return check


@pytest.mark.parametrize("standing", ["ACTIVE", "SUSPENDED", "DEBARRED"])
def test_confirm_hands_over_when_outgoing_account_confirms(world, law, hands_over, standing):
    if standing != "ACTIVE":
        world.stand("supplier", law.Standing[standing])
    outgoing = world.account["supplier"]
    hands_over(world.id["supplier"], outgoing, world.spare[0], by=outgoing)


def test_confirm_hands_over_when_legal_person_confirms(world, hands_over, company):
    hands_over(company.office, world.spare[1], world.stranger, by=world.spare[0])


def test_confirm_hands_over_when_a_witness_confirms(world, hands_over, witness):
    hands_over(world.id["treasury"], world.account["treasury"], world.spare[0], by=witness)
    hands_over(world.id["supplier"], world.account["supplier"], world.spare[1], by=witness)


def test_confirm_gives_an_account_to_who_had_none(world, law, emitted, refused, propose, witness):
    buyer, incoming = world.id["buyer"], world.spare[0]
    propose(buyer, incoming)
    for caller in (world.stranger, world.account["treasury"]):
        with refused(
            world.registry.SuccessionNotConfirmable, participant=buyer, caller=caller.address
        ):
            world.registry.confirmSuccession(buyer, incoming, sender=caller)
    emitted(
        world.registry.confirmSuccession(buyer, incoming, sender=witness),
        [
            world.registry.ParticipantSucceeded(
                participant=buyer,
                previous=law.NO_ADDRESS,
                account=incoming.address,
                by=witness.address,
            )
        ],
    )
    assert world.registry.actor(incoming)[0] == buyer
    assert world.registry.participantOf(law.NO_ADDRESS) == law.NONE
    assert world.registry.successorOf(law.NO_ADDRESS) == law.NO_ADDRESS


@pytest.fixture
def parties(world, law, company, witness):
    """Who proposes, confirms, succeeds and is succeeded; the second registrar is a witness too."""
    for role in (law.Permission.REGISTRAR, law.Permission.WITNESS):
        world.authority.grantRole(role, world.issuer, 0, sender=world.admin)
    holders = (*world.spare[:3], world.stranger)
    return SimpleNamespace(
        registrars=(world.registrar, world.issuer),
        callers=(world.registrar, world.issuer, witness, *holders, world.account["supplier"]),
        accounts=[each.address for each in holders] + [law.address("a"), law.address("b")],
        participants=(company.id, company.office, company.other),
        witnesses={witness.address, world.issuer.address},
    )


@pytest.fixture
def act(world, refused, propose):
    """An act on the registry has the outcome that it has by the rules; gives its name."""

    def do(rules, name, participant, account, by):
        refusal = getattr(rules, name)(participant, account, by.address)
        with (
            refused(getattr(world.registry, refusal[0]), **refusal[1]) if refusal else nullcontext()
        ):
            if name == "propose":
                propose(participant, account, by=by)
            else:
                world.registry.confirmSuccession(participant, account, sender=by)
        return refusal[0] if refusal else name

    return do


@pytest.fixture
def play(world, law, act, parties):
    """Acts in a row: what is confirmed is mostly what was proposed last. Gives the outcomes."""

    def do(acts):
        legal_person, *offices = parties.participants
        accounts = dict(zip(parties.participants, parties.accounts, strict=False))
        rules = Successions(accounts, dict.fromkeys(offices, legal_person), parties.witnesses)
        last = (legal_person, law.NO_ADDRESS)
        for proposes, follows, whose, which, who in acts:
            subject = (parties.participants[whose], parties.accounts[which])
            if proposes:
                last = subject
                yield act(rules, "propose", *subject, parties.registrars[who % 2])
            else:
                yield act(rules, "confirm", *(last if follows else subject), parties.callers[who])
        for account in parties.accounts:
            acting = world.registry.participantOf(account)
            assert acting == (rules.acting(account) or law.NONE)
            assert world.registry.successorOf(account) == rules.successor(account)

    return do


ACTS = st.tuples(
    st.booleans(),
    st.sampled_from((True, True, True, False)),
    st.integers(0, 2),
    st.integers(0, 5),
    st.integers(0, 7),
)


def test_confirm_takes_two_parties_whatever_the_order_of_acts(chain, play):
    outcomes = Counter()

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(acts=st.lists(ACTS, min_size=12, max_size=12))
    def play_all(acts):
        start = chain.snapshot()
        try:
            outcomes.update(play(acts))
        finally:
            chain.restore(start)

    play_all()
    assert outcomes["confirm"] >= 10
    assert set(outcomes) == {
        "propose",
        "confirm",
        "ParticipantAccountTaken",
        "SuccessionUnknown",
        "SuccessionNotConfirmable",
    }


def test_successor_of_is_nobody_when_account_was_not_given_up(world, law, gone, signed):
    for account in (world.stranger, world.spare[0], world.account["treasury"], signed):
        assert world.registry.successorOf(account) == law.NO_ADDRESS
    assert world.registry.successorOf(law.NO_ADDRESS) == law.NO_ADDRESS


def test_successor_of_is_nobody_when_account_became_an_agreement(world, law, propose, witness):
    draft = world.draft()
    coming = world.at(draft).address
    taker = world.register("ID-NPWP", "taker", coming)
    propose(taker, world.spare[0])
    world.registry.confirmSuccession(taker, world.spare[0], sender=witness)
    assert world.registry.successorOf(coming) == world.spare[0].address
    world.sign(draft)
    assert world.registry.successorOf(coming) == law.NO_ADDRESS
    assert world.registry.holder(coming) == Holder.ESCROW


def test_successor_of_is_the_present_account_after_several_successions(world, law, propose, gone):
    supplier = world.id["supplier"]
    accounts = [gone, *world.spare[:2], world.stranger]
    for outgoing, incoming in pairwise(accounts[1:]):
        propose(supplier, incoming)
        world.registry.confirmSuccession(supplier, incoming, sender=outgoing)
    for account in accounts[:-1]:
        assert world.registry.successorOf(account) == world.stranger.address
    assert world.registry.successorOf(world.stranger) == law.NO_ADDRESS
