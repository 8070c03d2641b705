"""Whatever stands in a file: nothing fails, no contract and no payment goes missing."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.ocds.fields import identifier
from backend.ocds.reasons import Outcome
from backend.ocds.report import report_lines, to_json

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.sampled_from(["", " ", "C1", "P1", "MXN", "2024-01-01", "-1", "1.001", "\0", "\ud800"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "amount", "currency", "transactions", "name", "scheme"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)

HOSTILE = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def valid(sources: Any) -> Any:
    payments = [
        sources.payment("P1", 1),
        sources.payment("P1", 2),
        sources.payment(None, 3, relatedImplementationMilestone={"id": "M1", "title": "Roof"}),
        {
            "id": 4,
            "date": "2024-01-01",
            "amount": {"amount": "5.5", "currency": "MXN"},
            "receiverOrganization": {"scheme": "RFC", "id": "R1", "legalName": "R"},
        },
    ]
    implementation = {
        "transactions": payments,
        "milestones": [{"id": "M1", "title": "Roof", "dueDate": "2024-01-01", "status": "met"}],
    }
    return sources.release(
        sources.contract(implementation=implementation),
        sources.contract(sources.payment("Q1"), id=2, milestones=[{"id": "M2"}]),
        tender={"procuringEntity": {"id": "GOV-001", "identifier": {"scheme": "GOV"}}},
    )


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node of `value`, below its top."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in steps:
        yield (*path, step)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, step))


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> None:
    """Put `junk` where `path` leads, if it still leads anywhere."""
    for step in path[:-1]:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return
    if isinstance(value, dict) or (isinstance(value, list) and isinstance(path[-1], int)):
        try:
            value[path[-1]] = junk
        except IndexError:
            value.append(junk)


def listed(value: Any, *names: str) -> list[Any]:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def check(source: Any, release: Any) -> None:
    release = json.loads(json.dumps(release), parse_float=Decimal, parse_constant=str)
    lines = list(report_lines(source))
    assert all(to_json(line).encode() for line in lines)
    contracts = listed(release, "contracts")
    ids = Counter(identifier(each.get("id")) for each in contracts)
    reported = Counter(each.contract_id for each in lines if each.payment_id is None)
    assert {name: ids[name] for name in ids if name} == {
        name: reported[name] for name in reported if name
    }
    for contract in source.contracts:
        [raw, *_] = [
            each for each in contracts if identifier(each.get("id")) == contract.contract_id
        ]
        skipped = [
            line
            for line in lines
            if line.contract_id == contract.contract_id
            and line.payment_id is not None
            and line.outcome is Outcome.SKIPPED
            and "statement that counts" not in line.reason
        ]
        transactions = raw.get("implementation", {})
        transactions = transactions.get("transactions") if isinstance(transactions, dict) else None
        count = len(transactions) if isinstance(transactions, list) else transactions is not None
        assert len(contract.payments) + len(skipped) == count
        assert len({payment.id for payment in contract.payments}) == len(contract.payments)
        assert contract.first_date <= contract.date
        assert all(payment.amount >= 0 for payment in contract.payments)


@HOSTILE
@given(data=st.data())
def test_any_node_of_a_release_may_be_anything(sources: Any, data: Any) -> None:
    release = valid(sources)
    everywhere = sorted(paths(release), key=repr)
    for _ in range(data.draw(st.integers(1, 4))):
        replaced(release, data.draw(st.sampled_from(everywhere)), deepcopy(data.draw(JUNK)))
    check(sources.read({"releases": [release]}), release)


@HOSTILE
@given(data=st.data())
def test_any_node_of_a_record_package_may_be_anything(sources: Any, data: Any) -> None:
    record = {"ocid": "ocds-abc123-1", "compiledRelease": valid(sources), "releases": []}
    package = {"publisher": {"name": "P"}, "publishedDate": "2024-01-01", "records": [record]}
    everywhere = sorted(paths(package), key=repr)
    for _ in range(data.draw(st.integers(1, 4))):
        replaced(package, data.draw(st.sampled_from(everywhere)), deepcopy(data.draw(JUNK)))
    source = sources.read(package, package)
    assert len(source.contracts) <= 2


@HOSTILE
@given(data=st.data())
def test_any_releases_of_a_process_are_read(sources: Any, data: Any) -> None:
    releases = [valid(sources) for _ in range(3)]
    for release in releases:
        where = data.draw(st.sampled_from(sorted(paths(release), key=repr)))
        replaced(release, where, deepcopy(data.draw(JUNK)))
    source = sources.read(*releases)
    assert len(list(report_lines(source))) >= 1


@HOSTILE
@given(content=st.binary(max_size=200) | st.text(alphabet='[]{},:"0 \n', max_size=60))
def test_any_bytes_are_read(sources: Any, content: bytes | str) -> None:
    source = sources.read_bytes(content if isinstance(content, bytes) else content.encode())
    assert source.contracts == ()
