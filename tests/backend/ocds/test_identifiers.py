"""Stable and unique names."""

from hypothesis import given
from hypothesis import strategies as st

from backend.ocds.identifiers import Names, event_uri, release_id


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
    first = release_id(12, 7, {"ocid": "ocds-1", "tag": ["award"]})
    assert first == release_id(12, 7, {"tag": ["award"], "ocid": "ocds-1"})
    assert first.startswith("ocds-1-12-7-")
    assert first != release_id(12, 7, {"ocid": "ocds-1", "tag": ["contract"]})


def test_an_event_is_named_by_chain_transaction_and_log() -> None:
    assert event_uri(2026, "0xabc", 3) == "urn:termin:event:2026:0xabc:3"
