"""Releases of one process: merged as OCDS says, nothing lost where ids are missing or repeated."""

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocdsmerge import Merger
from ocdsmerge.rules import get_merge_rules
from support.shared import STANDARD

from backend.ocds.fields import take_release
from backend.ocds.merging import RULES, compile_processes
from backend.ocds.reading import RawRelease
from backend.ocds.source import Origin

needs_schema = pytest.mark.skipif(
    not STANDARD.exists(), reason=f"the official OCDS schema is not at {STANDARD.parent}"
)


def official_rules() -> dict[tuple[str, ...], str]:
    with zipfile.ZipFile(STANDARD) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/release-schema.json"))
        rules: dict[tuple[str, ...], str] = get_merge_rules(json.loads(archive.read(name)))
    return rules


def compiled(*releases: Any) -> Any:
    raws = [
        RawRelease(Origin("f", line), "ocds-abc123-1", None, False, "", take_release(release))
        for line, release in enumerate(releases, 1)
    ]
    [[process]] = compile_processes(raws)
    return process.data


def payments(source: Any) -> list[tuple[str, int]]:
    return [(each.id, each.amount) for each in source.contracts[0].payments]


# Paths of arrays and objects that are taken in, to compare rules on.
TAKEN = {("id",), ("date",), ("tag",), ("parties", "roles")}


@needs_schema
def test_rules_are_those_of_the_official_schema_for_the_fields_taken_in() -> None:
    official = official_rules()
    assert {path: rule for path, rule in official.items() if path in TAKEN} == RULES
    others = {path[-1] for path in official if path not in TAKEN}
    # None of the lists that the other rules are on is taken in.
    assert others == {
        "additionalIdentifiers",
        "additionalClassifications",
        "additionalProcurementCategories",
        "submissionMethod",
        "changes",
        "relationship",
    }
    assert all(f"'{name}'" not in repr(take_release(_full(name))) for name in others)


def _full(name: str) -> Any:
    party = {"id": "1", name: [{"id": "1"}]}
    item = {"payer": party, "payee": party, **party}
    contract = {**party, "implementation": {"transactions": [item], **party}, "items": [party]}
    return {
        "parties": [party],
        "buyer": party,
        "tender": {"procuringEntity": party, "tenderers": [party], **party},
        "awards": [{"suppliers": [party], **party}],
        "contracts": [contract],
        **party,
    }


@needs_schema
def test_the_result_is_that_of_the_official_schema(sources: Any) -> None:
    first = sources.release(
        sources.contract(sources.payment("P1", 100), sources.payment("P2", 5), status="pending"),
        date="2024-01-01T00:00:00Z",
    )
    second = sources.release(
        {
            "id": "C1",
            "title": None,
            "status": "active",
            "implementation": {"transactions": [sources.payment("P2", 6), sources.payment("P3")]},
        },
        date="2024-02-01T00:00:00Z",
        parties=[{"id": "GOV-001", "roles": ["procuringEntity"]}],
        awards=[],
    )
    taken = [take_release(first), take_release(second)]
    expected = Merger(merge_rules=official_rules()).create_compiled_release(taken)
    merged = compiled(first, second)
    for fields in (merged, expected):
        del fields["id"], fields["date"]
    assert merged == expected
    assert merged["contracts"][0]["status"] == "active"
    assert "title" not in merged["contracts"][0]


def test_releases_are_merged_across_lines_and_files_by_date(sources: Any) -> None:
    new = sources.release(
        {
            "id": "C1",
            "value": {"amount": 2000, "currency": "MXN"},
            "implementation": {"transactions": [sources.payment("P2", 1500)]},
        },
        date="2024-03-01T00:00:00+00:00",
    )
    # As texts this date would come after the other one.
    old = sources.release(
        sources.contract(sources.payment("P1", 100)), date="2024-03-01T01:00:00+07:00"
    )
    source = sources.read_bytes(sources.lines(None, new), sources.lines(old))
    [contract] = source.contracts
    assert contract.value == 200000
    assert payments(source) == [("P1", 10000), ("P2", 150000)]
    assert (Path(contract.origin.file).name, contract.origin.line) == ("source.jsonl", 2)


def test_a_contract_stands_where_the_newest_release_names_it(sources: Any) -> None:
    first = sources.release(sources.contract(), date="2024-01-01")
    second = sources.release(sources.contract(id="C2"), date="2024-02-01")
    source = sources.read(first, second)
    assert [(each.contract_id, each.origin.line) for each in source.contracts] == [
        ("C1", 1),
        ("C2", 2),
    ]


def test_a_release_without_date_is_the_oldest(sources: Any) -> None:
    dated = sources.release(sources.contract(title="new"), date="2024-01-01")
    undated = sources.release(sources.contract(title="old"), date="soon")
    source = sources.read(dated, undated)
    assert [each.title for each in source.contracts] == ["new"]
    assert source.findings == ()


def test_the_date_of_the_package_stands_in_for_that_of_a_release(sources: Any) -> None:
    undated = sources.release(sources.contract(title="new"), date=None)
    package = {"publishedDate": "2024-06-01T00:00:00Z", "releases": [undated]}
    source = sources.read(package, sources.release(sources.contract(title="old")))
    assert [each.title for each in source.contracts] == ["new"]


def test_payments_that_share_an_id_survive_the_merge(sources: Any) -> None:
    both = [sources.payment("P1", 100), sources.payment("P1", 200)]
    first = sources.release(sources.contract(*both), date="2024-01-01")
    second = sources.release(sources.contract(*both, sources.payment("P2", 3)), date="2024-02-01")
    assert payments(sources.read(first, second)) == [("P1", 10000), ("P1#2", 20000), ("P2", 300)]


def test_payments_without_id_are_neither_lost_nor_counted_again(sources: Any) -> None:
    hundred, fifty = sources.payment(None, 100), sources.payment(None, 50)
    first = sources.release(sources.contract(hundred, hundred), date="2024-01-01")
    second = sources.release(sources.contract(hundred, fifty), date="2024-02-01")
    third = sources.release(sources.contract(fifty), date="2024-03-01")
    source = sources.read(first, second, third)
    assert payments(source) == [("payment-1", 10000), ("payment-2", 10000), ("payment-3", 5000)]


def test_releases_merge_whatever_their_fields_hold(sources: Any) -> None:
    first = sources.release(sources.contract(sources.payment()), date="2024-01-01")
    second = sources.release(date="2024-02-01", contracts={"id": "C1"}, parties="x", buyer=[])
    source = sources.read(first, second)
    assert payments(source) == [("P1", 10000)]
    assert [found.reason for found in source.findings] == [
        "not_an_object: contracts: an object; expected a list"
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "contracts", "implementation", "transactions", "parties"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
RELEASES = st.fixed_dictionaries(
    {"contracts": VALUES, "parties": VALUES, "awards": VALUES, "buyer": VALUES, "tender": VALUES}
)


@given(st.lists(RELEASES, min_size=2, max_size=4))
def test_any_releases_can_be_merged(releases: list[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(compiled(*releases), dict)
