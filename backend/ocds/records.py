"""Records of OCDS 1.1: one for each process, with its releases and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocdsmerge import Merger  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from backend.db.text import storable
from backend.ocds.fields import Json
from backend.ocds.identifiers import ocid_of
from backend.ocds.merging import RULES
from backend.ocds.packages import release_url, to_json
from backend.ocds.releases import releases_of
from backend.queries.errors import NotFoundError
from backend.queries.index import IndexState
from backend.queries.records import PublishedProcess, process_of, published_processes

_MERGER = Merger(merge_rules=RULES)


def record_of(process: PublishedProcess, chain_id: int, links: str | None = None) -> Json:
    """The record of a process, with its releases in it.

    Where `links` is the address below which releases are found, with links to them instead.
    """
    releases = releases_of(process, chain_id)
    return {
        "ocid": process.ocid,
        "releases": [_link(links, each) for each in releases] if links else releases,
        "compiledRelease": compiled(releases),
    }


def find_release(session: Session, release: str, chain_id: int) -> Json:
    """The release with this id; raises `NotFoundError`."""
    process = process_of(session, storable(ocid_of(release)))
    for found in releases_of(process, chain_id) if process else []:
        if found["id"] == release:
            return found
    raise NotFoundError(
        f"There is no release {release!r:.200}; expected the id of one in a record. A document "
        "that became known, or was erased, makes another id."
    )


def _link(base: str, release: Json) -> Json:
    url = release_url(base, release["id"])
    return {"url": url, "date": release["date"], "tag": release["tag"]}


def compiled(releases: Sequence[Json]) -> Json:
    """The compiled release of `releases`, by the rules of OCDS 1.1.5."""
    release: Json = _MERGER.create_compiled_release(list(releases))
    order = dict.fromkeys(name for each in releases for name in each)
    return {name: release[name] for name in order if name in release}


def records(
    session: Session, state: IndexState, links: str | None = None, year: int | None = None
) -> Iterator[Json]:
    """All records in the order of the first contract of each; see `record_of`.

    With `year` those whose first contract was signed in it.
    """
    for process in published_processes(session, year=year):
        yield record_of(process, state.chain_id, links)


def record_lines(
    session: Session, state: IndexState, links: str | None = None, year: int | None = None
) -> Iterator[bytes]:
    """The `records` as JSON Lines."""
    for record in records(session, state, links, year):
        yield to_json(record) + b"\n"
