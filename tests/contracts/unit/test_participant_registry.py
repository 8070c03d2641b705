"""Branches: participant_registry.tree."""

import ape
import pytest
from eth_abi import encode
from eth_utils import keccak

from ..escrows import Holder, Maker

NOBODY = ("0x" + "00" * 20, 0, 0, 0, 0)


def registration(
    law, scheme="ID-NPWP", identifier="01.234", account=None, roles=2, organization=None
):
    return (
        scheme,
        identifier,
        account or law.NO_ADDRESS,
        roles,
        organization or law.NONE,
        law.digest("name"),
    )


@pytest.fixture
def gone(world, law):
    """The account that the supplier gave up for the first spare one."""
    outgoing, arguments = world.account["supplier"], (world.id["supplier"], world.spare[0])
    world.registry.proposeSuccession(*arguments, law.NONE, sender=world.registrar)
    world.registry.confirmSuccession(*arguments, sender=outgoing)
    return outgoing


def test_register_reverts_when_caller_is_not_registrar(world, law, refused):
    for caller in (world.stranger, world.admin, world.account["first"]):
        with refused(world.registry.AccessManagedUnauthorized, caller=caller.address):
            world.registry.register(registration(law), sender=caller)


@pytest.mark.parametrize(("scheme", "identifier"), [("", "1"), ("ID-NPWP", ""), ("", "")])
def test_register_reverts_when_scheme_or_identifier_is_empty(
    world, law, refused, scheme, identifier
):
    with refused(world.registry.ParticipantIdentifierEmpty, scheme=scheme, identifier=identifier):
        world.registry.register(
            registration(law, scheme=scheme, identifier=identifier), sender=world.registrar
        )


def test_register_reverts_when_registered_before(world, law, refused):
    participant = world.register("ID-NPWP", "01.234")
    with refused(
        world.registry.ParticipantAlreadyRegistered,
        participant=participant,
        scheme="ID-NPWP",
        identifier="01.234",
    ):
        world.registry.register(registration(law, roles=1), sender=world.registrar)


@pytest.mark.parametrize("roles", [0, 512, 514, 65535])
def test_register_reverts_when_roles_are_none_or_unknown(world, law, refused, roles):
    with refused(world.registry.ParticipantRolesInvalid, roles=roles, allowed=law.ALL_ROLES):
        world.registry.register(registration(law, roles=roles), sender=world.registrar)


def test_register_reverts_when_organization_is_unknown(world, law, refused):
    unknown = law.digest("nobody")
    with refused(world.registry.ParticipantUnknown, participant=unknown):
        world.registry.register(registration(law, organization=unknown), sender=world.registrar)


def test_register_reverts_when_organization_is_itself(world, law, refused):
    itself = law.participant_id("ID-NPWP", "01.234")
    with refused(world.registry.ParticipantUnknown, participant=itself):
        world.registry.register(registration(law, organization=itself), sender=world.registrar)


def test_register_reverts_when_organization_is_an_office(world, law, refused):
    office = world.id["treasury"]
    with refused(world.registry.ParticipantOrganizationInvalid, organization=office):
        world.registry.register(registration(law, organization=office), sender=world.registrar)


def test_register_reverts_when_account_acts_for_another(world, law, refused):
    taken = world.account["supplier"].address
    with refused(
        world.registry.ParticipantAccountTaken, account=taken, participant=world.id["supplier"]
    ):
        world.registry.register(registration(law, account=taken), sender=world.registrar)


def test_register_reverts_when_account_was_given_up(world, law, refused, gone):
    with refused(
        world.registry.ParticipantAccountTaken,
        account=gone.address,
        participant=world.id["supplier"],
    ):
        world.registry.register(registration(law, account=gone.address), sender=world.registrar)


def test_register_reverts_when_account_is_an_agreement(world, law, refused, signed):
    with refused(
        world.registry.ParticipantAccountTaken, account=signed.address, participant=law.NONE
    ):
        world.registry.register(registration(law, account=signed.address), sender=world.registrar)


def test_register_keeps_a_legal_person(world, law, emitted):
    account = world.spare[0]
    receipt = world.registry.register(
        registration(law, account=account, roles=law.ALL_ROLES), sender=world.registrar
    )
    participant = law.participant_id("ID-NPWP", "01.234")
    assert receipt.return_value == participant
    emitted(
        receipt,
        [
            world.registry.ParticipantRegistered(
                participant=participant,
                account=account.address,
                organization=law.NONE,
                scheme="ID-NPWP",
                identifier="01.234",
                roles=law.ALL_ROLES,
                document=law.digest("name"),
            )
        ],
    )
    assert law.plain(world.registry.get(participant)) == (
        account.address,
        law.Standing.ACTIVE,
        law.ALL_ROLES,
        law.NONE,
    )
    assert world.registry.participantOf(account) == participant
    assert world.registry.holder(account) == Holder.PARTICIPANT
    assert not world.registry.isEscrow(account)


def test_register_keeps_an_office(world, law, emitted):
    account, buyer = world.spare[0], world.id["buyer"]
    receipt = world.registry.register(
        registration(law, "OFFICE", "works", account, law.Role.COMMITTEE, buyer),
        sender=world.registrar,
    )
    office = law.participant_id("OFFICE", "works")
    emitted(
        receipt,
        [
            world.registry.ParticipantRegistered(
                participant=office,
                account=account.address,
                organization=buyer,
                scheme="OFFICE",
                identifier="works",
                roles=law.Role.COMMITTEE,
                document=law.digest("name"),
            )
        ],
    )
    assert world.registry.get(office).organization == buyer


def test_register_numbers_participants_in_their_order(world, law):
    first = world.register("ID-NPWP", "1")
    office = world.register("OFFICE", "2", organization=first)
    last = world.register("ID-NPWP", "3")
    buyer = world.register("OFFICE", "4", organization=world.id["buyer"])
    numbers = [
        (details.number, details.organization)
        for details in map(world.registry.credentials, (first, office, last, buyer))
    ]
    number = numbers[0][0]
    assert numbers == [(number, 0), (number + 1, number), (number + 2, 0), (number + 3, 1)]


def test_register_gives_the_empty_account_to_nobody(world, law):
    first = world.register("ID-NPWP", "1")
    second = world.register("ID-NPWP", "2")
    for participant in (first, second):
        assert world.registry.get(participant).account == law.NO_ADDRESS
    assert world.registry.participantOf(law.NO_ADDRESS) == law.NONE
    assert world.registry.holder(law.NO_ADDRESS) == Holder.NONE
    assert law.plain(world.registry.actor(law.NO_ADDRESS)) == (law.NONE, NOBODY)


def test_set_roles_reverts_when_caller_is_not_registrar(world, refused):
    with refused(world.registry.AccessManagedUnauthorized, caller=world.stranger.address):
        world.registry.setRoles(world.id["supplier"], 1, sender=world.stranger)


def test_set_roles_reverts_when_participant_is_unknown(world, law, refused):
    with refused(world.registry.ParticipantUnknown, participant=law.digest("nobody")):
        world.registry.setRoles(law.digest("nobody"), 1, sender=world.registrar)


@pytest.mark.parametrize("roles", [0, 512])
def test_set_roles_reverts_when_roles_are_none_or_unknown(world, law, refused, roles):
    with refused(world.registry.ParticipantRolesInvalid, roles=roles, allowed=law.ALL_ROLES):
        world.registry.setRoles(world.id["supplier"], roles, sender=world.registrar)


def test_set_roles_replaces_roles(world, law, emitted):
    supplier = world.id["supplier"]
    receipt = world.registry.setRoles(supplier, law.Role.AUDITOR, sender=world.registrar)
    emitted(
        receipt,
        [
            world.registry.ParticipantRolesChanged(
                participant=supplier, previous=law.Role.SUPPLIER, roles=law.Role.AUDITOR
            )
        ],
    )
    assert law.plain(world.registry.get(supplier)) == (
        world.account["supplier"].address,
        law.Standing.ACTIVE,
        law.Role.AUDITOR,
        law.NONE,
    )


def test_set_standing_reverts_when_caller_is_not_registrar(world, law, refused):
    with refused(world.registry.AccessManagedUnauthorized, caller=world.stranger.address):
        world.registry.setStanding(
            world.id["supplier"], 2, law.NONE, law.NONE, sender=world.stranger
        )


def test_set_standing_reverts_when_participant_is_unknown(world, law, refused):
    unknown = law.digest("nobody")
    with refused(world.registry.ParticipantUnknown, participant=unknown):
        world.registry.setStanding(unknown, 2, law.NONE, law.NONE, sender=world.registrar)


@pytest.mark.parametrize("standing", [0, 1])
def test_set_standing_reverts_when_standing_is_unregistered_or_unchanged(
    world, law, refused, standing
):
    with refused(
        world.registry.ParticipantStandingInvalid,
        participant=world.id["supplier"],
        current=law.Standing.ACTIVE,
        given=standing,
    ):
        world.registry.setStanding(
            world.id["supplier"], standing, law.NONE, law.NONE, sender=world.registrar
        )


@pytest.mark.parametrize("steps", [(2, 1), (3, 1), (2, 3, 2)])
def test_set_standing_changes_standing(world, law, emitted, steps):
    supplier, previous = world.id["supplier"], law.Standing.ACTIVE
    for standing in steps:
        receipt = world.registry.setStanding(
            supplier, standing, law.digest("bribes"), law.digest("ruling"), sender=world.registrar
        )
        emitted(
            receipt,
            [
                world.registry.ParticipantStandingChanged(
                    participant=supplier,
                    previous=previous,
                    standing=standing,
                    reason=law.digest("bribes"),
                    document=law.digest("ruling"),
                )
            ],
        )
        assert world.registry.get(supplier).standing == standing
        previous = standing


def test_set_document_reverts_when_caller_is_not_registrar(world, law, refused):
    with refused(world.registry.AccessManagedUnauthorized, caller=world.stranger.address):
        world.registry.setDocument(world.id["supplier"], law.NONE, sender=world.stranger)


def test_set_document_reverts_when_participant_is_unknown(world, law, refused):
    with refused(world.registry.ParticipantUnknown, participant=law.digest("nobody")):
        world.registry.setDocument(law.digest("nobody"), law.NONE, sender=world.registrar)


def test_set_document_records_the_document(world, law, emitted):
    document, supplier = law.digest("new name"), world.id["supplier"]
    receipt = world.registry.setDocument(supplier, document, sender=world.registrar)
    emitted(
        receipt,
        [world.registry.ParticipantDocumentChanged(participant=supplier, document=document)],
    )


def test_admit_factory_reverts_when_caller_is_not_admin(world, law, refused):
    for caller in (world.stranger, world.registrar, world.account["first"]):
        with refused(world.registry.AccessManagedUnauthorized, caller=caller.address):
            world.registry.admitFactory(world.stranger, law.digest("code"), sender=caller)


def test_admit_factory_reverts_when_admitted_before(world, law, refused):
    for code_hash in (world.factory.initCodeHash(), law.digest("code")):
        with refused(world.registry.FactoryAlreadyAdmitted, factory=world.factory.address):
            world.registry.admitFactory(world.factory, code_hash, sender=world.admin)


def test_admit_factory_admits(world, emitted):
    maker = Maker(world, admitted=False)
    escrow, code_hash = maker.escrow(), maker.contract.initCodeHash()
    assert not world.registry.isEscrow(escrow)
    receipt = world.registry.admitFactory(maker.contract, code_hash, sender=world.admin)
    emitted(
        receipt,
        [world.registry.FactoryAdmitted(factory=maker.contract.address, initCodeHash=code_hash)],
    )
    assert world.registry.isEscrow(escrow)


def test_id_of_hashes_scheme_and_identifier(world):
    expected = keccak(encode(["string", "string"], ["ID-NPWP", "01.234"]))
    assert world.registry.idOf("ID-NPWP", "01.234")[:16] == expected[:16]
    assert world.registry.idOf("AB", "C") != world.registry.idOf("A", "BC")


@pytest.mark.parametrize(("scheme", "identifier"), [("ID-NPWP", "01.234"), ("", ""), ("É", "日本")])
def test_id_of_has_128_significant_bits(world, law, scheme, identifier):
    found = world.registry.idOf(scheme, identifier)
    assert found[16:] == bytes(16)
    assert found == law.participant_id(scheme, identifier)


def test_get_is_empty_when_participant_is_unknown(world, law):
    assert law.plain(world.registry.get(law.digest("nobody"))) == (
        law.NO_ADDRESS,
        law.Standing.UNREGISTERED,
        0,
        law.NONE,
    )


def test_credentials_is_empty_when_participant_is_unknown(world, law):
    for unknown in (law.NONE, law.digest("nobody"), law.participant_id("ID-NPWP", "nobody")):
        assert law.plain(world.registry.credentials(unknown)) == NOBODY


def test_credentials_tells_account_standing_roles_and_numbers(world, law):
    world.stand("treasury", law.Standing.SUSPENDED)
    assert law.plain(world.registry.credentials(world.id["buyer"])) == (
        law.NO_ADDRESS,
        law.Standing.ACTIVE,
        law.Role.BUYER,
        1,
        0,
    )
    assert law.plain(world.registry.credentials(world.id["treasury"])) == (
        world.account["treasury"].address,
        law.Standing.SUSPENDED,
        law.Role.TREASURY,
        2,
        1,
    )


def test_actor_is_nobody_when_account_is_unknown(world, law, gone, signed):
    for account in (world.stranger, gone, signed):
        assert law.plain(world.registry.actor(account)) == (law.NONE, NOBODY)


def test_actor_tells_who_acts(world, law, gone):
    for name, account in (("treasury", world.account["treasury"]), ("supplier", world.spare[0])):
        details = law.plain(world.registry.credentials(world.id[name]))
        assert details[0] == account.address
        assert law.plain(world.registry.actor(account)) == (world.id[name], details)


def test_is_escrow_is_false_when_factory_is_not_admitted(world):
    assert not world.registry.isEscrow(Maker(world, admitted=False).escrow())


def test_is_escrow_is_false_when_code_tells_another_salt(world, law):
    maker = Maker(world)
    liar = maker.make(maker.proxy + maker.origin(law.digest("another salt")))
    assert not world.registry.isEscrow(liar)


@pytest.mark.parametrize("admitted", [True, False])
def test_is_escrow_is_false_when_code_tells_another_factory(world, law, admitted):
    maker = Maker(world, admitted=admitted)
    for salt, factory in (
        (law.digest("a"), world.factory),
        (law.digest("b"), Maker(world).contract),
    ):
        told = bytes.fromhex(factory.address[2:]) + salt
        assert not world.registry.isEscrow(maker.make(maker.proxy + told, salt))


def test_is_escrow_is_false_when_factory_was_admitted_with_another_code(world, law):
    maker = Maker(world, admitted=False)
    world.registry.admitFactory(maker.contract, law.digest("code"), sender=world.admin)
    assert not world.registry.isEscrow(maker.escrow())


@pytest.mark.parametrize("length", [0, 1, 32, 51])
def test_is_escrow_is_false_when_code_is_too_short(world, length):
    maker = Maker(world)
    liar = maker.make(maker.origin()[52 - length :])
    assert len(ape.chain.provider.get_code(liar.address)) == length
    assert not world.registry.isEscrow(liar)


def test_is_escrow_is_false_when_there_is_no_code(world, law):
    coming = world.at(world.draft())
    for account in (world.stranger.address, coming.address, law.NO_ADDRESS):
        assert not world.registry.isEscrow(account)


@pytest.mark.parametrize("before", [0, 1, 45, 20_000])
def test_is_escrow_is_true_when_address_follows_from_the_end_of_the_code(world, before):
    maker = Maker(world)
    assert world.registry.isEscrow(maker.make(bytes(before) + maker.origin()))


def test_is_escrow_is_true_when_the_factory_made_it(world):
    for agreement in world.states.values():
        assert world.registry.isEscrow(agreement)


def test_holder_is_none_when_account_is_unknown(world):
    liar = Maker(world, admitted=False).escrow()
    for account in (world.stranger, world.registry, world.factory, liar):
        assert world.registry.holder(account) == Holder.NONE


def test_holder_is_none_when_account_was_given_up(world, gone):
    assert world.registry.holder(gone) == Holder.NONE
    assert world.registry.holder(world.spare[0]) == Holder.PARTICIPANT


@pytest.mark.parametrize("standing", ["ACTIVE", "SUSPENDED", "DEBARRED"])
def test_holder_is_participant_whatever_its_standing(world, law, standing):
    if standing != "ACTIVE":
        world.stand("supplier", law.Standing[standing])
    assert world.registry.holder(world.account["supplier"]) == Holder.PARTICIPANT


def test_holder_is_escrow_when_it_is_an_agreement(world, signed, closed):
    for agreement in (signed, closed, Maker(world).escrow()):
        assert world.registry.holder(agreement) == Holder.ESCROW
