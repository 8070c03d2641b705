"""Branches: agreement_factory.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address


@pytest.fixture
def rupiah(world):
    """Another token of a currency that is admitted already."""
    return world.admin.deploy(
        world.project.SettlementToken, world.authority, world.registry, "IDR", 2
    )


@pytest.fixture
def yen(world):
    """A token that is not admitted."""
    return world.admin.deploy(
        world.project.SettlementToken, world.authority, world.registry, "JPY", 0
    )


def clone_address(factory, implementation, ocid, contract_id):
    """Where CREATE2 puts an ERC-1167 clone."""
    code = bytes.fromhex(
        "3d602d80600a3d3981f3363d3d373d3d3d363d73"
        + implementation.removeprefix("0x").lower()
        + "5af43d82803e903d91602b57fd5bf3"
    )
    salt = keccak(encode(["string", "string"], [ocid, contract_id]))
    deployer = bytes.fromhex(factory.removeprefix("0x"))
    return to_checksum_address(keccak(b"\xff" + deployer + salt + keccak(code))[12:])


def test_construction_announces_what_it_relies_on(world, emitted):
    # The factory's own first CREATE: RLP of its address and nonce 1.
    deployer = bytes.fromhex(world.factory.address[2:])
    implementation = to_checksum_address(keccak(b"\xd6\x94" + deployer + b"\x01")[12:])
    emitted(
        world.deployment,
        [
            world.factory.AuthorityUpdated(authority=world.authority.address),
            world.factory.FactoryDeployed(
                registry=world.registry.address,
                budget=world.budget.address,
                implementation=implementation,
            ),
        ],
    )


def test_admit_token_reverts_when_caller_is_not_admin(world, yen, refused):
    for caller in (world.stranger, world.issuer, world.account["first"]):
        with refused(world.factory.AccessManagedUnauthorized, caller=caller.address):
            world.factory.admitToken(yen, sender=caller)


def test_admit_token_reverts_when_currency_has_a_token(world, rupiah, refused):
    for token in (world.token, rupiah):
        with refused(world.factory.TokenAlreadyAdmitted, currency="IDR", token=world.token.address):
            world.factory.admitToken(token, sender=world.admin)


def test_admit_token_admits(world, law, yen, emitted):
    assert world.factory.tokenOf("JPY") == law.NO_ADDRESS
    receipt = world.factory.admitToken(yen, sender=world.admin)
    emitted(
        receipt,
        [world.factory.TokenAdmitted(token=yen.address, currency="JPY", decimals=0)],
    )
    assert world.factory.tokenOf("JPY") == yen.address
    assert world.factory.tokenOf("IDR") == world.token.address


def test_address_of_is_known_before_and_never_changes(world, implementation):
    draft = world.draft(ocid="ocds-é-1", contract_id="7/2026")
    before = world.factory.addressOf(draft.ocid, draft.contract_id)
    assert before == clone_address(
        world.factory.address, implementation.address, draft.ocid, draft.contract_id
    )
    assert world.sign(draft).address == before
    assert world.factory.addressOf(draft.ocid, draft.contract_id) == before


def test_address_of_keeps_ocid_and_contract_id_apart(world):
    assert world.factory.addressOf("ab", "c") != world.factory.addressOf("a", "bc")
    assert world.factory.addressOf("a", "b") != world.factory.addressOf("b", "a")


@pytest.mark.parametrize(("ocid", "contract_id"), [("", "1"), ("ocds-x-1", ""), ("", "")])
def test_create_reverts_when_ocid_or_contract_id_is_empty(world, refused, ocid, contract_id):
    draft = world.draft(ocid=ocid, contract_id=contract_id)
    with refused(world.factory.AgreementIdentifierEmpty, ocid=ocid, contractId=contract_id):
        world.factory.create(*draft.arguments, sender=world.account["first"])


@pytest.mark.parametrize("state", ["signed", "active", "closed"])
def test_create_reverts_when_the_contract_has_an_agreement(world, refused, request, state):
    agreement = request.getfixturevalue(state)
    terms = agreement.terms()
    draft = world.draft(ocid=terms.ocid, contract_id=terms.contractId, value=0, milestones=())
    with refused(
        world.factory.AgreementAlreadyExists,
        ocid=draft.ocid,
        contractId=draft.contract_id,
        agreement=agreement.address,
    ):
        world.factory.create(*draft.arguments, sender=world.account["second"])


def test_create_reverts_when_another_buyer_took_the_ids_first(world, law, refused, company):
    """On purpose, ids are unique over all buyers: who has a budget line can take them."""
    arguments = (company.id, world.token, 2026, "1")
    world.budget.appropriate(*arguments, 0, law.NONE, sender=world.officer)
    late = world.draft()
    early = world.draft(
        contract_id=late.contract_id,
        buyer=company.id,
        committee=(company.office,),
        quorum=1,
        value=0,
        budget_line=world.budget.lineId(*arguments),
        milestones=(),
    )
    agreement = world.sign(early, "its office")
    with refused(
        world.factory.AgreementAlreadyExists,
        ocid=late.ocid,
        contractId=late.contract_id,
        agreement=agreement.address,
    ):
        world.factory.create(*late.arguments, sender=world.account["first"])


def test_create_reverts_when_token_is_not_admitted(world, law, rupiah, yen, refused):
    for token in (yen.address, rupiah.address, law.NO_ADDRESS):
        with refused(world.factory.TokenNotAdmitted, token=token):
            world.factory.create(*world.draft(token=token).arguments, sender=world.account["first"])


def test_create_reverts_when_caller_is_not_on_the_committee(world, law, refused):
    draft = world.draft()
    for caller, participant in (
        (world.account["supplier"], world.id["supplier"]),
        (world.account["treasury"], world.id["treasury"]),
        (world.account["surveyor"], world.id["surveyor"]),
        (world.admin, law.NONE),
        (world.stranger, law.NONE),
    ):
        with refused(
            world.factory.CallerNotOnCommittee, caller=caller.address, participant=participant
        ):
            world.factory.create(*draft.arguments, sender=caller)


def test_create_reverts_when_nobody_is_on_the_committee_and_calls(world, law, refused, signed):
    draft = world.draft(committee=(law.NONE, world.id["first"]))
    with refused(signed.PartiesNotAscending, previous=law.NONE, next=law.NONE):
        world.factory.create(*draft.arguments, sender=world.stranger)


def test_create_reverts_when_factory_may_not_admit_escrows(world, law, refused):
    world.authority.revokeRole(law.Permission.ESCROW_ADMITTER, world.factory, sender=world.admin)
    with refused(world.registry.AccessManagedUnauthorized, caller=world.factory.address):
        world.factory.create(*world.draft().arguments, sender=world.account["first"])


def test_create_deploys_an_agreement_that_may_hold_money(world, law, emitted):
    draft = world.draft()
    committed = world.budget.get(world.line).committed
    receipt = world.factory.create(*draft.arguments, sender=world.account["first"])
    agreement = world.at(draft)
    assert receipt.return_value == agreement.address
    (first, second) = draft.milestones
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
            agreement.MilestoneScheduled(
                milestone=0,
                amount=first[0],
                dueAt=first[1],
                payee=world.id["supplier"],
                document=first[3],
            ),
            agreement.MilestoneScheduled(
                milestone=1,
                amount=second[0],
                dueAt=second[1],
                payee=world.id["subcontractor"],
                document=second[3],
            ),
            world.budget.LineCommitted(
                line=world.line,
                agreement=agreement.address,
                amount=100_000,
                committed=committed + 100_000,
            ),
        ],
    )
    assert world.registry.isEscrow(agreement)
    assert world.registry.mayHold(agreement)
    assert agreement.status() == law.AgreementStatus.SIGNED


def test_create_lets_every_member_deploy(world):
    for name in ("first", "second", "third"):
        agreement = world.sign(by=name)
        assert world.registry.isEscrow(agreement)
