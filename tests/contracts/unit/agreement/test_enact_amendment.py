"""Branches: enact_amendment.tree."""


def signed(world, law, agreement, *by, **content):
    """A proposal of the first member that others sign; its terms."""
    terms = tuple(law.Amendment(**content))
    agreement.proposeAmendment(terms, sender=world.account["first"])
    for name in by:
        agreement.signAmendment(1, terms, sender=world.account[name])
    return terms


def approve(world, agreement, amount):
    world.token.approve(agreement, amount, sender=world.account["treasury"])


def test_reverts_when_caller_is_not_the_treasury(world, law, refused, active):
    terms = signed(world, law, active, "second", "supplier", increase=10_000)
    for name in ("first", "supplier", "authority"):
        caller = world.account[name]
        with refused(
            active.CallerNotParty,
            caller=caller.address,
            participant=world.id[name],
            expected=world.id["treasury"],
        ):
            active.enactAmendment(1, terms, sender=caller)


def test_reverts_when_a_signature_is_missing(world, law, refused, kept, active):
    terms = signed(world, law, active, "supplier", increase=10_000)
    approve(world, active, 10_000)
    with (
        kept(active),
        refused(active.AmendmentNotSigned, supplier=True, approvals=1, quorum=2, authority=True),
    ):
        active.enactAmendment(1, terms, sender=world.account["treasury"])


def test_reverts_when_the_authority_has_not_signed_above_the_cap(world, law, refused, active):
    ground = law.digest("emergency")
    terms = signed(world, law, active, "second", "supplier", increase=10_001, legal_ground=ground)
    approve(world, active, 10_001)
    with refused(active.AmendmentNotSigned, supplier=True, approvals=2, quorum=2, authority=False):
        active.enactAmendment(1, terms, sender=world.account["treasury"])


def test_reverts_when_the_budget_line_has_less_left(world, law, refused, kept, active):
    terms = signed(world, law, active, "second", "supplier", increase=10_000)
    approve(world, active, 10_000)
    arguments = (world.id["buyer"], world.token.address, 2026, "5.2.3.01")
    committed = world.budget.get(world.line).committed
    world.budget.appropriate(*arguments, committed + 9_999, law.NONE, sender=world.officer)
    with (
        kept(active),
        refused(world.budget.LineExceeded, line=world.line, requested=10_000, available=9_999),
    ):
        active.enactAmendment(1, terms, sender=world.account["treasury"])


def test_reverts_when_the_treasury_has_not_approved_the_money(world, law, refused, kept, active):
    terms = signed(world, law, active, "second", "supplier", increase=10_000)
    approve(world, active, 9_999)
    with (
        kept(active),
        refused(
            world.token.ERC20InsufficientAllowance,
            spender=active.address,
            allowance=9_999,
            needed=10_000,
        ),
    ):
        active.enactAmendment(1, terms, sender=world.account["treasury"])


def test_brings_in_the_money_and_takes_effect(world, law, ledger, active):
    added = ((30_000, 0, law.NONE, law.digest("fence")),)
    terms = signed(world, law, active, "second", "supplier", increase=10_000, milestones=added)
    approve(world, active, 10_000)
    committed = world.budget.get(world.line).committed
    receipt = active.enactAmendment(1, terms, sender=world.account["treasury"])
    (funded,) = active.AgreementFunded.from_receipt(receipt)
    assert (funded.amount, funded.funded) == (10_000, 110_000)
    (enacted,) = active.AmendmentEnacted.from_receipt(receipt)
    assert (enacted.previousValue, enacted.value) == (100_000, 110_000)
    assert world.budget.get(world.line).committed == committed + 10_000
    assert world.money(active).scheduled == 110_000
    assert ledger(active) == (110_000, 0, 0, 0)


def test_given_a_legal_ground_and_the_authority_exceeds_the_cap(world, law, active):
    ground = law.digest("emergency")
    terms = signed(
        world,
        law,
        active,
        *("second", "supplier", "authority"),
        increase=50_000,
        legal_ground=ground,
    )
    approve(world, active, 50_000)
    receipt = active.enactAmendment(1, terms, sender=world.account["treasury"])
    (enacted,) = active.AmendmentEnacted.from_receipt(receipt)
    assert (enacted.value, enacted.legalGround) == (150_000, ground)
