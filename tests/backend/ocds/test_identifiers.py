"""Stable and unique names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ocds.identifiers import Names, event_uri, ocid_of, release_id


def test_each_key_gets_the_first_name_that_is_free() -> None:
    names = Names()
    assert names.name(0, "EST-1", "12-0") == "EST-1"
    assert names.name(1, "EST-1", "12-1") == "12-1"
    assert names.name(2, "12-1", "12-2") == "12-2"
    assert names.name(3, "12-2", "12-1") == "12-1#2"
    assert names.name(4, "12-1") == "12-1#3"
    assert names.name(1, "anything") == "12-1"


@given(st.lists(st.lists(st.sampled_from(["a", "b", "a#2", "b#2"]), min_size=1)))
def test_no_two_keys_share_a_name(wanted: list[list[str]]) -> None:
    names = Names()
    given = [names.name(key, *each) for key, each in enumerate(wanted)]
    assert len(set(given)) == len(wanted)


def test_a_release_id_follows_from_the_content_whatever_its_order() -> None:
    first = release_id(7, {"ocid": "ocds-1", "tag": ["award"]})
    assert first == release_id(7, {"tag": ["award"], "ocid": "ocds-1"})
    assert first.startswith("ocds-1-7-")
    assert first != release_id(7, {"ocid": "ocds-1", "tag": ["contract"]})
    assert first != release_id(8, {"ocid": "ocds-1", "tag": ["award"]})


@given(st.text(), st.integers(0, 2**63))
def test_the_ocid_stands_in_the_id_of_a_release(ocid: str, block: int) -> None:
    assert ocid_of(release_id(block, {"ocid": ocid})) == ocid


@pytest.mark.parametrize("wrong", ["", "-", "ocds", "ocds-road"])
def test_what_is_no_id_of_a_release_has_no_ocid(wrong: str) -> None:
    assert ocid_of(wrong) == ""


def test_an_event_is_named_by_chain_transaction_and_log() -> None:
    assert event_uri(2026, "0xabc", 3) == "urn:termin:event:2026:0xabc:3"
