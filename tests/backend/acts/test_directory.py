"""Who is who: found by identifier, id, account or name, and told so that nobody is confused."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from support.acting import Scene, person

from backend.acts.accounts import find_signer
from backend.acts.directory import (
    NO_ACCOUNT,
    NOBODY,
    Directory,
    Entry,
    ParticipantNotFoundError,
    read_directory,
)
from backend.acts.sending import call
from backend.chain.identity import participant_id


def entry(identifier: str, name: str = "", roles: int = 2, scheme: str = "ID") -> Entry:
    key = participant_id(scheme, identifier)
    account = "0x" + key.hex()[:40]
    return Entry(key, scheme, identifier, account, roles, NOBODY, NOBODY, 1, name)


ONE, TWO, TWIN, BARE = entry("1", "Ada"), entry("2", "Twin"), entry("3", "Twin"), entry("4")
NAMES = Directory([ONE, TWO, TWIN, BARE])


@pytest.mark.parametrize(
    "text", ["ID-1", "id-1", " ID-1 ", "Ada", "ADA", f"0x{ONE.id.hex()}", ONE.account]
)
def test_one_participant_by_any_of_its_names(text: str) -> None:
    assert NAMES.find(text) == ONE


def test_a_name_that_two_have() -> None:
    with pytest.raises(ParticipantNotFoundError) as caught:
        NAMES.find("twin")
    assert caught.value.detail == "'twin' may be any of: ID-2, ID-3"
    assert NAMES.find("ID-2") == TWO


@pytest.mark.parametrize("text", ["", "Nobody", "ID-", "0x"])
def test_a_name_that_nobody_has(text: str) -> None:
    with pytest.raises(ParticipantNotFoundError) as caught:
        NAMES.find(text)
    assert caught.value.detail == (
        f"Nobody is registered as {text!r}. `termin participant list` shows who is."
    )


def test_an_identifier_counts_before_a_name() -> None:
    impostor = entry("9", "ID-1")
    assert Directory([ONE, impostor]).find("ID-1") == ONE


def test_how_they_are_called() -> None:
    assert NAMES.participant(ONE.id) == "Ada"
    assert NAMES.participant(TWO.id) == "Twin (ID-2)"
    assert NAMES.participant(BARE.id) == "ID-4"
    assert NAMES.participant(NOBODY) == "nobody"
    assert NAMES.participant(b"\1" * 32) == "0x" + "01" * 32


def test_amounts() -> None:
    assert NAMES.amount(1_234_567) == "1234567 minor units"
    assert NAMES.with_currency("IDR").amount(123_456_789) == "IDR 1,234,567.89"
    assert NAMES.with_currency("JPY").amount(1_234_567) == "JPY 1,234,567"


def test_roles_and_standing_in_words() -> None:
    both = entry("5", roles=1 | 16)
    assert both.role_names == "buyer, treasury"
    assert both.standing_name == "active"
    assert both.has("treasury")
    assert not both.has("supplier")


def test_the_registry_as_it_stands(scene: Scene) -> None:
    registry = ("ParticipantRegistry", scene.made.registry)
    standing = (person("supplier"), 2, b"test".ljust(32, b"\0"), NOBODY)
    scene.administer(*registry, "setStanding", *standing)
    names = read_directory(scene.rpc, scene.made, scene.store)
    supplier = names.find("ID-supplier")
    assert (supplier.name, supplier.standing_name, supplier.role_names) == (
        "Supplier",
        "suspended",
        "supplier",
    )
    assert names.of_account(supplier.account) == supplier
    assert names.of_account("0x" + "9" * 40) is None
    city = names.find("City")
    assert [each.identifier for each in names.offices_of(city, "committee")] == ["ID-city/member"]
    scene.store.erase(supplier.document)
    again = read_directory(scene.rpc, scene.made, scene.store)
    assert again.participant(supplier.id) == "ID-supplier"


def test_a_succession_changes_who_an_account_acts_for(scene: Scene) -> None:
    registry = ("ParticipantRegistry", scene.made.registry)
    old, new = (find_signer(name).address for name in ("TEST::4", "TEST::5"))
    supplier = person("supplier")
    scene.administer(*registry, "proposeSuccession", supplier, new, NOBODY)
    entry = read_directory(scene.rpc, scene.made, scene.store).find("Supplier")
    assert (entry.account, entry.proposed, entry.former) == (old, new, ())
    scene.act("supplier", call(*registry, "confirmSuccession", supplier, new))
    names = read_directory(scene.rpc, scene.made, scene.store)
    entry = names.find("Supplier")
    assert (entry.account, entry.proposed, entry.former) == (new, "", (old,))
    assert names.of_account(new) == entry
    assert names.of_account(old) is None


def test_a_succession_that_is_taken_back_is_not_proposed(scene: Scene) -> None:
    registry = ("ParticipantRegistry", scene.made.registry)
    for account in (find_signer("TEST::5").address, NO_ACCOUNT):
        scene.administer(*registry, "proposeSuccession", person("supplier"), account, NOBODY)
    entry = read_directory(scene.rpc, scene.made, scene.store).find("Supplier")
    assert (entry.proposed, entry.former) == ("", ())


def test_moments_where_the_sentence_is_read() -> None:
    names = Directory([], zone=ZoneInfo("Asia/Jakarta"))
    # One second before midnight in Jakarta.
    assert names.moment(1_798_736_399) == "2026-12-31 23:59 WIB"
    assert names.with_currency("IDR").day(1_798_736_399) == "2026-12-31"
    assert Directory([]).moment(1_798_736_399) == "2026-12-31 16:59 UTC"
    # Nothing on the chain keeps a party from naming such a moment.
    assert names.moment(2**40 - 1) == f"second {2**40 - 1}"
