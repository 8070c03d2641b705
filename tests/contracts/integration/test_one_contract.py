"""Branches: one_contract.tree."""


def test_lives_from_signature_to_closure(world, law, ledger):
    committed = world.budget.get(world.line).committed
    balance = {name: world.balance(name) for name in ("treasury", "supplier", "subcontractor")}

    agreement = world.sign()
    assert ledger(agreement) == (0, 0, 0, 0)
    assert world.budget.get(world.line).committed == committed + 100_000

    world.activate(agreement)
    assert ledger(agreement) == (100_000, 0, 0, 0)

    world.submit(agreement)
    world.attest(agreement)
    world.reject(agreement, "first")
    world.accept(agreement, "second")
    world.reject(agreement, "third")
    assert ledger(agreement) == (100_000, 0, 0, 0)

    world.pay(agreement, 0)
    assert ledger(agreement) == (50_000, 50_000, 0, 0)

    world.stand("subcontractor", law.Standing.SUSPENDED)
    world.pay(agreement, 1)
    assert ledger(agreement) == (50_000, 50_000, 30_000, 0)

    added = ((50_000, 0, law.NONE, law.NONE), (10_000, 0, law.NONE, law.NONE))
    ground = law.digest("emergency")
    terms = tuple(law.Amendment(increase=40_000, milestones=added, legal_ground=ground))
    agreement.proposeAmendment(terms, sender=world.account["first"])
    for name in ("second", "supplier", "authority"):
        agreement.signAmendment(1, terms, sender=world.account[name])
    assert ledger(agreement) == (50_000, 50_000, 30_000, 0)

    world.token.approve(agreement, 40_000, sender=world.account["treasury"])
    agreement.enactAmendment(1, terms, sender=world.account["treasury"])
    assert world.budget.get(world.line).committed == committed + 140_000
    assert ledger(agreement) == (90_000, 50_000, 30_000, 0)

    world.pay(agreement, 2)
    assert ledger(agreement) == (40_000, 100_000, 30_000, 0)

    world.terminate(agreement)
    assert ledger(agreement) == (30_000, 100_000, 30_000, 10_000)

    world.stand("subcontractor", law.Standing.ACTIVE)
    agreement.claim(1, world.id["subcontractor"], sender=world.stranger)
    assert ledger(agreement) == (0, 130_000, 0, 10_000)

    assert world.money(agreement) == law.Money(
        value=140_000,
        scheduled=130_000,
        funded=140_000,
        accepted=130_000,
        paid=130_000,
        refunded=10_000,
    )
    assert world.balance("treasury") == balance["treasury"] - 130_000
    assert world.balance("supplier") == balance["supplier"] + 100_000
    assert world.balance("subcontractor") == balance["subcontractor"] + 30_000
    assert world.budget.get(world.line).committed == committed + 130_000
