"""Branches: agreement_factory.tree."""

from dataclasses import replace

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


def create2(factory, init_code_hash, ocid, contract_id):
    """Where CREATE2 puts an agreement."""
    salt = keccak(encode(["string", "string"], [ocid, contract_id]))
    deployer = bytes.fromhex(factory.removeprefix("0x"))
    return to_checksum_address(keccak(b"\xff" + deployer + salt + init_code_hash)[12:])


def test_construction_announces_what_it_relies_on(world, emitted, implementation):
    emitted(
        world.deployment,
        [
            world.factory.AuthorityUpdated(authority=world.authority.address),
            world.factory.FactoryDeployed(
                registry=world.registry.address,
                budget=world.budget.address,
                calendar=world.calendar.address,
                implementation=implementation.address,
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


def test_address_of_is_known_before_and_never_changes(world):
    draft = world.draft(ocid="ocds-é-1", contract_id="7/2026")
    before = world.factory.addressOf(draft.ocid, draft.contract_id)
    assert world.sign(draft).address == before
    assert world.factory.addressOf(draft.ocid, draft.contract_id) == before


def test_address_of_follows_from_factory_and_salt_alone(world):
    """Whatever is agreed: the hash of the code that all agreements begin with is one."""
    ids = ("ocds-é-1", "7/2026")
    code_hash = bytes(world.factory.initCodeHash())
    creation = world.project.AgreementClone.contract_type.get_deployment_bytecode()
    assert code_hash == keccak(bytes(creation))
    expected = create2(world.factory.address, code_hash, *ids)
    assert world.factory.addressOf(*ids) == expected


def test_address_of_keeps_ocid_and_contract_id_apart(world):
    assert world.factory.addressOf("ab", "c") != world.factory.addressOf("a", "bc")
    assert world.factory.addressOf("a", "b") != world.factory.addressOf("b", "a")


def test_code_in_the_making_is_empty_before_and_after(world):
    assert world.factory.codeInTheMaking() == b""
    world.sign()
    assert world.factory.codeInTheMaking() == b""


@pytest.mark.parametrize(("ocid", "contract_id"), [("", "1"), ("ocds-x-1", ""), ("", "")])
def test_create_reverts_when_ocid_or_contract_id_is_empty(world, refused, ocid, contract_id):
    draft = world.draft(ocid=ocid, contract_id=contract_id)
    with refused(world.factory.AgreementIdentifierEmpty, ocid=ocid, contractId=contract_id):
        world.factory.create(*draft.arguments, sender=world.account["first"])


@pytest.mark.parametrize("status", ["signed", "active", "closed"])
def test_create_reverts_when_the_contract_has_an_agreement(world, refused, status):
    draft = world.draft()
    agreement = world.sign(draft)
    if status == "active":
        world.activate(agreement)
    if status == "closed":
        world.terminate(agreement)
    again = replace(draft, value=0, milestones=())
    with refused(
        world.factory.AgreementAlreadyExists,
        ocid=draft.ocid,
        contractId=draft.contract_id,
        agreement=agreement.address,
    ):
        world.factory.create(*again.arguments, sender=world.account["second"])


def test_create_reverts_when_a_participant_has_its_address(world, refused):
    """A participant that an agreement's money could be paid to, as if to an account."""
    draft = world.draft()
    address = world.factory.addressOf(draft.ocid, draft.contract_id)
    participant = world.register("ID-NPWP", "early", address)
    with refused(world.registry.ParticipantAccountTaken, account=address, participant=participant):
        world.factory.create(*draft.arguments, sender=world.account["first"])


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


def test_create_reverts_when_nobody_is_on_the_committee_and_calls(world, law, refused):
    draft = world.draft(committee=(law.NONE, world.id["first"]))
    with refused(world.factory.PartiesNotAscending, previous=law.NONE, next=law.NONE):
        world.factory.create(*draft.arguments, sender=world.stranger)


def test_create_reverts_when_the_factory_is_not_admitted(world, refused, implementation):
    parts = (world.authority, world.registry, world.budget, world.calendar, implementation)
    factory = world.admin.deploy(world.project.AgreementFactory, *parts)
    factory.admitToken(world.token, sender=world.admin)
    draft = world.draft()
    agreement = factory.addressOf(draft.ocid, draft.contract_id)
    with refused(world.budget.CallerNotEscrow, caller=agreement):
        factory.create(*draft.arguments, sender=world.account["first"])


def test_create_deploys_an_agreement_that_may_hold_money(world, law, emitted, told):
    draft = world.draft()
    committed = world.budget.get(world.line).committed
    receipt = world.factory.create(*draft.arguments, sender=world.account["first"])
    agreement = world.at(draft)
    assert receipt.return_value == agreement.address
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
            law.event(agreement.MilestonesScheduled, first=0, milestones=draft.milestones),
            told(agreement).committed(100_000, committed + 100_000),
        ],
    )
    assert world.registry.isEscrow(agreement)
    assert agreement.status() == law.AgreementStatus.SIGNED


def test_create_lets_every_member_deploy(world):
    for name in ("first", "second", "third"):
        agreement = world.sign(by=name)
        assert world.registry.isEscrow(agreement)
