"""Branches: participant_registry.tree."""

import pytest
from eth_abi import encode
from eth_utils import keccak


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


@pytest.mark.parametrize("roles", [0, 128, 130, 65535])
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
    assert world.registry.mayHold(account)
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


def test_register_gives_the_empty_account_to_nobody(world, law):
    first = world.register("ID-NPWP", "1")
    second = world.register("ID-NPWP", "2")
    for participant in (first, second):
        assert world.registry.get(participant).account == law.NO_ADDRESS
    assert world.registry.participantOf(law.NO_ADDRESS) == law.NONE
    assert not world.registry.mayHold(law.NO_ADDRESS)


def test_set_roles_reverts_when_caller_is_not_registrar(world, refused):
    with refused(world.registry.AccessManagedUnauthorized, caller=world.stranger.address):
        world.registry.setRoles(world.id["supplier"], 1, sender=world.stranger)


def test_set_roles_reverts_when_participant_is_unknown(world, law, refused):
    with refused(world.registry.ParticipantUnknown, participant=law.digest("nobody")):
        world.registry.setRoles(law.digest("nobody"), 1, sender=world.registrar)


@pytest.mark.parametrize("roles", [0, 128])
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


@pytest.fixture
def admitter(world, law):
    """An account that admits escrows, as the factory does."""
    world.authority.grantRole(law.Permission.ESCROW_ADMITTER, world.admin, 0, sender=world.admin)
    return world.admin


def test_admit_escrow_reverts_when_caller_is_not_admitted(world, refused):
    for caller in (world.stranger, world.registrar, world.admin):
        with refused(world.registry.AccessManagedUnauthorized, caller=caller.address):
            world.registry.admitEscrow(world.stranger, sender=caller)


def test_admit_escrow_reverts_when_admitted_before(world, admitter, signed, refused):
    with refused(world.registry.EscrowAlreadyAdmitted, escrow=signed.address):
        world.registry.admitEscrow(signed, sender=admitter)


def test_admit_escrow_reverts_when_it_is_the_account_of_a_participant(world, admitter, refused):
    taken = world.account["supplier"].address
    with refused(
        world.registry.ParticipantAccountTaken, account=taken, participant=world.id["supplier"]
    ):
        world.registry.admitEscrow(taken, sender=admitter)


def test_admit_escrow_admits(world, law, admitter, emitted):
    escrow = world.spare[0]
    assert not world.registry.isEscrow(escrow)
    assert not world.registry.mayHold(escrow)
    receipt = world.registry.admitEscrow(escrow, sender=admitter)
    emitted(receipt, [world.registry.EscrowAdmitted(escrow=escrow.address)])
    assert world.registry.isEscrow(escrow)
    assert world.registry.mayHold(escrow)
    assert world.registry.participantOf(escrow) == law.NONE


def test_id_of_hashes_scheme_and_identifier(world):
    expected = keccak(encode(["string", "string"], ["ID-NPWP", "01.234"]))
    assert world.registry.idOf("ID-NPWP", "01.234") == expected
    assert world.registry.idOf("AB", "C") != world.registry.idOf("A", "BC")


def test_get_is_empty_when_participant_is_unknown(world, law):
    assert law.plain(world.registry.get(law.digest("nobody"))) == (
        law.NO_ADDRESS,
        law.Standing.UNREGISTERED,
        0,
        law.NONE,
    )


def test_require_active_reverts_when_participant_is_unknown(world, law, refused):
    with refused(world.registry.ParticipantUnknown, participant=law.digest("nobody")):
        world.registry.requireActive(law.digest("nobody"), 0)


@pytest.mark.parametrize("standing", [2, 3])
def test_require_active_reverts_when_participant_is_not_active(world, refused, standing):
    world.stand("supplier", standing)
    with refused(
        world.registry.ParticipantNotActive, participant=world.id["supplier"], standing=standing
    ):
        world.registry.requireActive(world.id["supplier"], 2)


def test_require_active_reverts_when_a_role_is_missing(world, law, refused):
    with refused(
        world.registry.ParticipantLacksRole,
        participant=world.id["supplier"],
        roles=law.Role.SUPPLIER,
        required=law.Role.SUPPLIER | law.Role.TREASURY,
    ):
        world.registry.requireActive(world.id["supplier"], law.Role.SUPPLIER | law.Role.TREASURY)


def test_require_active_reverts_when_participant_has_no_account(world, law, refused):
    with refused(world.registry.ParticipantHasNoAccount, participant=world.id["buyer"]):
        world.registry.requireActive(world.id["buyer"], law.Role.BUYER)


def test_require_active_returns_the_participant(world, law):
    assert law.plain(world.registry.requireActive(world.id["treasury"], law.Role.TREASURY)) == (
        world.account["treasury"].address,
        law.Standing.ACTIVE,
        law.Role.TREASURY,
        world.id["buyer"],
    )
