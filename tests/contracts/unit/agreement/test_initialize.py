"""Branches: initialize.tree."""

from dataclasses import replace

import pytest

# 24,575 bytes of code are 767 words, of which 32 members and two inspectors leave 712 for the two
# ids, 313 of them for 5,000 characters of two bytes.
LONGEST_IDENTIFIER = (767 - 55 - 313) * 32


def create(world, draft, by="first"):
    return world.factory.create(*draft.arguments, sender=world.account[by])


def others(world, law, count):
    """Ids that nobody has, in ascending order."""
    return tuple(sorted(law.digest(str(number)) for number in range(count)))


def test_reverts_when_caller_is_not_the_factory(world, law, refused, implementation):
    for caller in (world.stranger, world.admin, world.account["first"]):
        with refused(implementation.CallerNotFactory, caller=caller.address):
            implementation.initialize(*world.draft().arguments, sender=caller)


def test_reverts_when_initialized_before(world, law, refused, signed):
    with refused(
        signed.AgreementUnexpectedStatus,
        current=law.AgreementStatus.SIGNED,
        expected=law.AgreementStatus.NONE,
    ):
        signed.initialize(*world.draft().arguments, sender=world.account["first"])


@pytest.mark.parametrize(("quorum", "size"), [(0, 3), (4, 3), (255, 3), (2, 33)])
def test_reverts_when_quorum_or_committee_is_out_of_bounds(
    world, law, refused, signed, quorum, size
):
    committee = world.draft().committee if size == 3 else others(world, law, 32)
    draft = world.draft(quorum=quorum, committee=tuple(sorted({*committee, world.id["first"]})))
    with refused(
        signed.QuorumInvalid, quorum=quorum, committee=size, largest=law.LARGEST_COMMITTEE
    ):
        create(world, draft)


PARTS = [("supplier", 2), ("treasury", 16), ("second", 4), ("surveyor", 8), ("subcontractor", 2)]


@pytest.mark.parametrize("name", ["buyer", *(name for name, _ in PARTS)])
@pytest.mark.parametrize("standing", [2, 3])
def test_reverts_when_a_party_is_not_active(world, refused, name, standing):
    world.stand(name, standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id[name], standing=standing
    ):
        create(world, world.draft())


@pytest.mark.parametrize(("name", "role"), PARTS)
def test_reverts_when_a_party_lacks_its_role(world, law, refused, name, role):
    roles = law.ALL_ROLES - role
    world.registry.setRoles(world.id[name], roles, sender=world.registrar)
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id[name],
        roles=roles,
        required=role,
    ):
        create(world, world.draft())


def in_place_of(world, part, participant):
    """A draft in which a participant has this part, everyone else having its own."""
    draft = world.draft()
    changes = {
        "supplier": {"supplier": participant},
        "treasury": {"treasury": participant},
        "second": {"committee": tuple(sorted((participant, world.id["first"])))},
        "surveyor": {"inspectors": (participant,)},
        "subcontractor": {"milestones": ((1, 0, participant, bytes(32)),)},
    }
    return world.draft(contract_id=draft.contract_id, **changes[part])


@pytest.mark.parametrize(("part", "role"), PARTS)
def test_reverts_when_a_party_is_unknown(world, law, refused, part, role):
    unknown = law.digest("nobody")
    with refused(world.registry.ParticipantUnknown, participant=unknown):
        create(world, in_place_of(world, part, unknown))


def test_reverts_when_the_buyer_is_unknown(world, law, refused):
    with refused(
        world.registry.ParticipantNotActive,
        participant=law.digest("nobody"),
        standing=law.Standing.UNREGISTERED,
    ):
        create(world, world.draft(buyer=law.digest("nobody")))


@pytest.mark.parametrize(("part", "role"), PARTS)
def test_reverts_when_a_party_has_no_account(world, refused, part, role):
    participant = world.register("ID-NPWP", "no account", roles=role)
    with refused(world.registry.ParticipantHasNoAccount, participant=participant):
        create(world, in_place_of(world, part, participant))


def test_reverts_when_supplier_is_the_buyer(world, law, refused, signed):
    roles = law.Role.BUYER | law.Role.SUPPLIER
    both = world.register("ID-NPWP", "both", world.spare[0], roles)
    with refused(signed.DutiesNotSeparate, participant=both):
        create(world, world.draft(buyer=both, supplier=both))


def joined(world, *parts):
    """A draft in which each participant has its part, everyone else having its own."""
    standard = world.draft()
    drafts = [in_place_of(world, part, participant) for part, participant in parts]
    changes = {
        name: getattr(draft, name)
        for draft in drafts
        for name in ("supplier", "treasury", "committee", "inspectors", "milestones")
        if getattr(draft, name) != getattr(standard, name)
    }
    return world.draft(**changes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("supplier", "treasury"),
        ("supplier", "surveyor"),
        ("treasury", "surveyor"),
        ("treasury", "subcontractor"),
        ("surveyor", "subcontractor"),
    ],
)
def test_reverts_when_one_legal_person_has_two_duties(world, refused, signed, company, one, other):
    with refused(signed.DutiesNotSeparate, participant=company.id):
        create(world, joined(world, (one, company.id), (other, company.id)))


@pytest.mark.parametrize(
    ("one", "other"), [("treasury", "second"), ("treasury", "surveyor"), ("second", "surveyor")]
)
def test_reverts_when_one_office_of_the_buyer_has_two_duties(
    world, law, refused, signed, one, other
):
    both = world.register("OFFICE", "both", world.spare[0], law.ALL_ROLES, world.id["buyer"])
    with refused(signed.DutiesNotSeparate, participant=both):
        create(world, joined(world, (one, both), (other, both)))


@pytest.mark.parametrize("member", ["id", "office"])
def test_reverts_when_a_member_is_not_of_the_buyer(world, refused, signed, company, member):
    stranger = getattr(company, member)
    draft = in_place_of(world, "second", stranger)
    with refused(signed.OfficeNotOfBuyer, office=stranger, buyer=world.id["buyer"]):
        create(world, draft)


@pytest.mark.parametrize("part", ["supplier", "subcontractor"])
def test_reverts_when_a_member_is_paid(world, refused, signed, company, part):
    """Nobody of whoever is paid can be of the buyer."""
    draft = joined(world, (part, company.id), ("second", company.office))
    with refused(signed.OfficeNotOfBuyer, office=company.office, buyer=world.id["buyer"]):
        create(world, draft)


def test_reverts_when_the_buyer_is_an_office(world, law, refused, signed, company):
    """Its legal person could be paid for what it accepts."""
    arguments = (company.office, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, law.NONE, sender=world.officer)
    draft = world.draft(
        buyer=company.office,
        committee=(company.office,),
        quorum=1,
        budget_line=world.budget.lineId(*arguments),
        milestones=((1, 0, company.id, law.NONE),),
    )
    with refused(signed.LegalPersonExpected, office=company.office):
        create(world, draft, "its office")


@pytest.mark.parametrize("part", ["supplier", "subcontractor"])
def test_reverts_when_who_is_paid_is_an_office(world, law, refused, signed, company, part):
    own = world.known("works", world.spare[3], law.ALL_ROLES, world.id["buyer"])
    branch = world.known("branch", world.spare[4], law.ALL_ROLES, world.id["supplier"])
    for office in (company.office, own, branch):
        with refused(signed.LegalPersonExpected, office=office):
            create(world, in_place_of(world, part, office))


def test_reverts_when_who_is_paid_is_an_office_of_a_debarred_company(
    world, law, refused, signed, company
):
    world.stand("company", law.Standing.DEBARRED)
    with refused(signed.LegalPersonExpected, office=company.office):
        create(world, in_place_of(world, "supplier", company.office))


def test_reverts_when_an_office_of_the_supplier_inspects(world, refused, signed, company):
    draft = joined(world, ("supplier", company.id), ("surveyor", company.office))
    with refused(signed.DutiesNotSeparate, participant=company.office):
        create(world, draft)


def test_reverts_when_an_office_of_the_supplier_funds(world, refused, signed, company):
    draft = joined(world, ("supplier", company.id), ("treasury", company.office))
    with refused(signed.DutiesNotSeparate, participant=company.id):
        create(world, draft)


@pytest.mark.parametrize("part", ["treasury", "surveyor"])
def test_reverts_when_an_office_of_the_payee_funds_or_inspects(
    world, refused, signed, company, part
):
    draft = joined(world, ("subcontractor", company.id), (part, company.office))
    with refused(signed.DutiesNotSeparate, participant=company.id):
        create(world, draft)


def test_reverts_when_the_payee_is_the_buyer(world, law, refused, signed):
    buyer = world.known("both", world.spare[0], law.ALL_ROLES)
    arguments = (buyer, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, law.NONE, sender=world.officer)
    draft = world.draft(
        buyer=buyer,
        committee=(buyer,),
        quorum=1,
        budget_line=world.budget.lineId(*arguments),
        milestones=((1, 0, buyer, law.NONE),),
    )
    with refused(signed.DutiesNotSeparate, participant=buyer):
        create(world, draft, "both")


@pytest.mark.parametrize("part", ["committee", "inspectors"])
def test_reverts_when_offices_are_not_in_strictly_ascending_order(world, refused, signed, part):
    *_, low, high = getattr(world.draft(), part)
    for order in ((high, low), (low, low)):
        draft = world.draft(**{part: order})
        with refused(signed.PartiesNotAscending, previous=order[0], next=order[1]):
            create(world, draft, "second" if low == world.id["second"] else "third")


def test_reverts_when_milestones_exceed_the_value(world, law, refused, signed):
    milestones = tuple((amount, 0, law.NONE, law.NONE) for amount in (60_000, 40_000, 1))
    with refused(signed.ScheduleExceedsValue, scheduled=100_001, value=100_000):
        create(world, world.draft(milestones=milestones))


def test_reverts_when_milestones_add_up_to_more_than_128_bits(world, law, refused, signed):
    milestones = tuple((law.UINT128, 0, law.NONE, law.NONE) for _ in range(3))
    with refused(signed.ScheduleExceedsValue, scheduled=3 * law.UINT128, value=100_000):
        create(world, world.draft(milestones=milestones))


def test_reverts_when_the_end_is_too_large(world, law, refused, signed):
    for date in (law.FAR_FUTURE, 2**64 - 1):
        with refused(signed.DateTooLarge, given=date):
            create(world, world.draft(ends_at=date))


def test_reverts_when_a_due_date_is_too_large(world, law, refused, signed):
    for date in (law.FAR_FUTURE, 2**64 - 1):
        with refused(signed.DateTooLarge, given=date):
            create(world, world.draft(milestones=((1, date, law.NONE, law.NONE),)))


def test_reverts_when_the_budget_line_is_unknown(world, law, refused):
    with refused(world.budget.LineUnknown, line=law.digest("line")):
        create(world, world.draft(budget_line=law.digest("line")))


def test_reverts_when_the_budget_line_is_of_another_buyer(world, refused, company):
    draft = world.draft(buyer=company.id, committee=(company.office,), quorum=1)
    with refused(
        world.budget.LineMismatch,
        line=world.line,
        buyer=world.id["buyer"],
        token=world.token.address,
    ):
        create(world, draft, "its office")


def test_reverts_when_the_budget_line_is_in_another_currency(world, law, refused):
    yen = world.admin.deploy(
        world.project.SettlementToken, world.authority, world.registry, "JPY", 0
    )
    world.factory.admitToken(yen, sender=world.admin)
    with refused(
        world.budget.LineMismatch,
        line=world.line,
        buyer=world.id["buyer"],
        token=world.token.address,
    ):
        create(world, world.draft(token=yen.address))


def test_reverts_when_the_budget_line_has_less_left(world, law, refused):
    details = world.budget.get(world.line)
    available = details.appropriated - details.committed
    with refused(
        world.budget.LineExceeded, line=world.line, requested=available + 1, available=available
    ):
        create(world, world.draft(value=available + 1))


def test_keeps_what_was_agreed(world, law):
    draft = world.draft()
    agreement = world.sign(draft)
    assert agreement.status() == law.AgreementStatus.SIGNED
    assert law.plain(agreement.parties()) == law.plain(draft.parties)
    assert law.plain(agreement.terms()) == draft.terms
    assert world.money(agreement) == law.Money(value=100_000, scheduled=80_000)
    assert world.milestones(agreement) == [
        law.Milestone(50_000, 1_780_000_000, law.MilestoneStatus.SCHEDULED),
        law.Milestone(30_000, 1_780_086_400, law.MilestoneStatus.SCHEDULED),
    ]
    assert agreement.payeeOf(0) == world.id["supplier"]
    assert agreement.payeeOf(1) == world.id["subcontractor"]
    assert world.held(agreement) == 0


def test_takes_no_inspectors_no_milestones_and_the_last_date(world, law):
    bare = world.sign(world.draft(inspectors=(), milestones=()))
    assert bare.parties().inspectors == []
    assert bare.milestones() == []
    last = law.FAR_FUTURE - 1
    late = world.sign(world.draft(milestones=((100_000, last, law.NONE, law.NONE),)))
    assert world.milestones(late) == [law.Milestone(100_000, last, law.MilestoneStatus.SCHEDULED)]


def test_keeps_the_largest_record(world, law, refused, signed):
    names = [f"office {number}" for number in range(32)]
    accounts = [*world.spare[:1], *map(law.address, names[1:])]
    for name, account in zip(names, accounts, strict=True):
        world.known(name, account, law.Role.COMMITTEE, world.id["buyer"])
    draft = world.draft(
        committee=tuple(sorted(world.id[name] for name in names)),
        quorum=32,
        ocid="é" * 5_000,
        contract_id="x" * LONGEST_IDENTIFIER,
        signed_at=2**64 - 1,
        starts_at=2**64 - 1,
        ends_at=law.FAR_FUTURE - 1,
    )
    with refused(signed.RecordTooLarge, size=24_576, largest=24_575):
        world.sign(replace(draft, contract_id=draft.contract_id + "x"), names[0])
    agreement = world.sign(draft, names[0])
    assert law.plain(agreement.parties()) == law.plain(draft.parties)
    assert law.plain(agreement.terms()) == draft.terms
    world.fund(agreement)
    world.submit(agreement)
    world.attest(agreement)
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.INSPECTED


def test_takes_the_buyer_for_a_committee(world, law):
    buyer = world.known("agency", world.spare[0], law.Role.BUYER | law.Role.COMMITTEE)
    arguments = (buyer, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 100_000, law.NONE, sender=world.officer)
    draft = world.draft(
        buyer=buyer, committee=(buyer,), quorum=1, budget_line=world.budget.lineId(*arguments)
    )
    agreement = world.sign(draft, "agency")
    world.fund(agreement)
    world.submit(agreement)
    world.attest(agreement)
    world.accept(agreement, "agency")
    assert world.milestones(agreement)[0].status == law.MilestoneStatus.PAID


def test_commits_the_last_unit_of_the_budget_line(world):
    details = world.budget.get(world.line)
    world.sign(world.draft(value=details.appropriated - details.committed))
    assert world.budget.get(world.line).committed == details.appropriated


def test_activates_an_agreement_without_value(world, law, emitted):
    draft = world.draft(value=0, milestones=())
    committed = world.budget.get(world.line).committed
    receipt = create(world, draft)
    agreement = world.at(draft)
    emitted(
        receipt,
        [
            law.event(
                world.factory.AgreementCreated,
                agreement=agreement.address,
                buyer=draft.buyer,
                supplier=draft.supplier,
                by=world.id["first"],
                parties=draft.parties,
                terms=draft.terms,
            ),
            world.registry.EscrowAdmitted(escrow=agreement.address),
            world.budget.LineCommitted(
                line=world.line, agreement=agreement.address, amount=0, committed=committed
            ),
            agreement.AgreementActivated(),
        ],
    )
    assert agreement.status() == law.AgreementStatus.ACTIVE
    assert world.money(agreement) == law.Money(value=0)


def test_leaves_the_implementation_unusable(world, law, refused, implementation):
    none = law.AgreementStatus.NONE
    active = {"current": none, "expected": law.AgreementStatus.ACTIVE}
    caller = {"sender": world.stranger}
    amendment = (1, 0, [], law.digest("reason"), law.NONE)
    for act, arguments in (
        (implementation.fund, (0,)),
        (implementation.submit, (0, law.NONE)),
        (implementation.attest, (0, 0, 0, law.NONE)),
        (implementation.accept, (0, 0)),
        (implementation.reject, (0, 0, law.NONE, law.NONE)),
        (implementation.proposeAmendment, (amendment,)),
        (implementation.signAmendment, (1, amendment)),
        (implementation.close, (law.digest("reason"), law.NONE)),
    ):
        with refused(implementation.AgreementUnexpectedStatus, **active):
            act(*arguments, **caller)
    with refused(implementation.MilestoneUnknown, milestone=0, count=0):
        implementation.claim(0, **caller)
