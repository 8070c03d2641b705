"""Shapes of documents: packages, records, releases, and what is none of them."""

from typing import Any

import pytest

from backend.ocds.reading import read_files

LINK = {"url": "http://publisher.example/1", "date": "2024-01-01", "tag": ["tender"]}


def shape(source: Any) -> tuple[list[tuple[str, str]], list[tuple[Any, str]]]:
    contracts = [(each.ocid, each.contract_id) for each in source.contracts]
    return contracts, [(found.ocid, found.reason) for found in source.findings]


FOUND = ([("ocds-abc123-1", "C1")], [])


def test_every_published_shape_is_read(sources: Any) -> None:
    release = sources.release(sources.contract(sources.payment()))
    record = {"ocid": "ocds-abc123-1", "compiledRelease": release, "releases": [LINK]}
    embedded = {"ocid": "ocds-abc123-1", "releases": [release]}
    for document in (
        release,
        record,
        embedded,
        {"releases": [release], "publisher": {"name": "City"}},
        {"records": [record], "publisher": None},
        {"records": [embedded]},
        [release],
        [{"records": [record]}],
    ):
        assert shape(sources.read(document)) == FOUND


def test_the_compiled_release_has_its_own_ocid(sources: Any) -> None:
    release = sources.release(sources.contract(), ocid="ocds-abc123-own")
    source = sources.read({"ocid": "ocds-abc123-record", "compiledRelease": release})
    assert [each.ocid for each in source.contracts] == ["ocds-abc123-own"]


def test_without_one_it_has_that_of_the_record(sources: Any) -> None:
    release = sources.release(sources.contract(), ocid=None)
    source = sources.read({"ocid": "ocds-abc123-record", "compiledRelease": release})
    assert [each.ocid for each in source.contracts] == ["ocds-abc123-record"]


def test_a_record_with_a_compiled_release_needs_no_other(sources: Any) -> None:
    old = sources.release(sources.contract(sources.payment("OLD")))
    new = sources.release(sources.contract(sources.payment("NEW")))
    source = sources.read({"ocid": "x", "compiledRelease": new, "releases": [old]})
    assert [each.id for each in source.contracts[0].payments] == ["NEW"]


def test_an_empty_compiled_release_does_not_hide_the_others(sources: Any) -> None:
    release = sources.release(sources.contract())
    document = {"ocid": "ocds-abc123-1", "compiledRelease": {}, "releases": [release]}
    assert shape(sources.read(document)) == FOUND


def test_releases_that_are_only_linked_are_a_finding(sources: Any) -> None:
    release = sources.release(sources.contract())
    assert shape(sources.read({"ocid": "ocds-abc123-1", "releases": [LINK, release, LINK]})) == (
        FOUND[0],
        [
            (
                "ocds-abc123-1",
                "linked_releases: 2 linked releases are not fetched; expected them in the file",
            )
        ],
    )


def test_a_record_without_releases_is_a_finding(sources: Any) -> None:
    source = sources.read({"ocid": "ocds-abc123-1", "versionedRelease": {}})
    assert shape(source) == (
        [],
        [("ocds-abc123-1", "unknown_shape: a record that holds no release")],
    )


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            {"name": "a catalogue"},
            "unknown_shape: an object that is no package, record or release of OCDS",
        ),
        (3, "unknown_shape: a number; expected a package, a record or a release of OCDS"),
        ([[]], "unknown_shape: a list; expected a package, a record or a release of OCDS"),
        ([None], "unknown_shape: null; expected a package, a record or a release of OCDS"),
        ({"records": {"ocid": "x"}}, "not_an_object: records: an object; expected a list"),
        ({"records": None}, "not_an_object: records: null; expected a list"),
        ({"releases": ["x"]}, "not_an_object: releases: a text; expected an object"),
        ({"releases": [{}]}, "no_ocid: neither release nor record has an ocid"),
        (
            {"compiledRelease": [1], "releases": []},
            "not_an_object: compiledRelease: a list; expected an object",
        ),
    ],
)
def test_other_shapes_are_a_finding_and_the_rest_goes_on(
    sources: Any, document: Any, reason: str
) -> None:
    source = sources.read(document, sources.release(sources.contract()))
    assert shape(source)[0] == FOUND[0]
    assert source.findings[0].reason == reason
    assert (source.findings[0].line, source.findings[0].contract_id) == (1, None)


@pytest.mark.parametrize("document", [[], {"records": []}, {"releases": []}])
def test_an_empty_package_holds_nothing_to_report(sources: Any, document: Any) -> None:
    assert shape(sources.read(document)) == ([], [])


def test_personal_data_stops_at_the_door(sources: Any) -> None:
    person = {
        "contactPoint": {"name": "PERSONAL", "email": "PERSONAL", "telephone": "PERSONAL"},
        "address": {"streetAddress": "PERSONAL"},
        "email": "PERSONAL",
        "telephone": "PERSONAL",
        "details": {"x": "PERSONAL"},
        "additionalIdentifiers": [{"scheme": "CURP", "id": "PERSONAL"}],
    }
    transaction = sources.payment(payee={"id": "1", **person}, payer={"id": "2", **person})
    release = sources.release(sources.contract(transaction, **person), **person)
    release["parties"] = [{**party, **person} for party in release["parties"]]
    release["buyer"] |= person
    release["awards"][0] |= person
    release["tender"] = {"procuringEntity": {"id": "3", **person}, **person}
    path = sources.folder / "personal.json"
    path.write_bytes(sources.lines({"releases": [release], "publisher": person}))
    reads = list(read_files([path]))
    assert len(reads) == 1
    assert "PERSONAL" not in repr(reads)
    assert "PERSONAL" not in repr(sources.read(release))
