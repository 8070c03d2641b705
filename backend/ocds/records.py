"""Records of OCDS 1.1: one for each contract, with its releases and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocdsmerge import Merger  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from backend.ocds.fields import Json
from backend.ocds.merging import RULES
from backend.ocds.packages import to_json
from backend.ocds.releases import releases_of
from backend.queries.index import IndexState
from backend.queries.records import PublishedContract, published_contracts

_MERGER = Merger(merge_rules=RULES)


def record_of(contract: PublishedContract, chain_id: int) -> Json:
    """The record of a contract."""
    releases = releases_of(contract, chain_id)
    return {
        "ocid": contract.ocid,
        "releases": releases,
        "compiledRelease": compiled(releases),
    }


def compiled(releases: Sequence[Json]) -> Json:
    """The compiled release of `releases`, by the rules of OCDS 1.1.5."""
    release: Json = _MERGER.create_compiled_release(list(releases))
    order = dict.fromkeys(name for each in releases for name in each)
    return {name: release[name] for name in order if name in release}


def records(session: Session, state: IndexState, year: int | None = None) -> Iterator[Json]:
    """All records in the order in which the contracts were made; with `year` those signed in it."""
    for contract in published_contracts(session, year):
        yield record_of(contract, state.chain_id)


def record_lines(session: Session, state: IndexState, year: int | None = None) -> Iterator[bytes]:
    """The `records` as JSON Lines."""
    for record in records(session, state, year):
        yield to_json(record) + b"\n"
