"""The history of a contracting process as releases of OCDS 1.1, one for each block that changed it.

`docs/open-data.md` says what each field means.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import groupby

from backend.chain.events import Event
from backend.ocds.changes import CHANGES
from backend.ocds.drafts import Draft, ordered
from backend.ocds.fields import Json
from backend.ocds.identifiers import release_id
from backend.ocds.publishing import date, known, moment_of
from backend.ocds.roles import Parties
from backend.ocds.telling import Telling
from backend.queries.records import PublishedContract, PublishedProcess

_Happened = tuple[int, int, int, Event]
"""Block, log index, place of the contract in its process, and the event."""


def releases_of(process: PublishedProcess, chain_id: int) -> list[Json]:
    """The releases of a process, oldest first, which is the order of their dates too."""
    parties = Parties(process.people)
    tellings = [Telling(process, each, parties, chain_id) for each in process.contracts]
    happened = merge(*(_events(place, each) for place, each in enumerate(process.contracts)))
    releases: list[Json] = []
    for block, group in groupby(happened, key=lambda each: each[0]):
        events = [(tellings[place], event) for _, _, place, event in group]
        parties.begin(block)
        drafts = _tell(events, releases[-1]["id"] if releases else None)
        if drafts:
            content = _content(process.ocid, events[0][1].origin.timestamp, drafts, parties)
            identifier = release_id(block, content)
            releases.append({"ocid": process.ocid, "id": identifier, **content})
    return releases


def _events(place: int, contract: PublishedContract) -> Iterator[_Happened]:
    for event in contract.events:
        yield event.origin.block, event.origin.log_index, place, event


def _tell(events: list[tuple[Telling, Event]], latest: str | None) -> dict[str, Draft]:
    """What a block says of each contract that it changes, by contract id."""
    tellings = {telling.contract.number: telling for telling, _ in events}
    for telling in tellings.values():
        telling.begin(latest)
    for telling, event in events:
        CHANGES[type(event)](telling, event)
    drafts = {telling.contract.contract_id: telling.finish() for telling in tellings.values()}
    return {name: draft for name, draft in drafts.items() if not draft.is_empty()}


def _content(ocid: str, at: int, drafts: dict[str, Draft], parties: Parties) -> Json:
    content = {
        "ocid": ocid,
        "date": date(moment_of(at)),
        "tag": ordered(tag for draft in drafts.values() for tag in draft.tags),
        "initiationType": "tender",
        **known(parties=parties.list()),
    }
    for draft in drafts.values():
        awards = [*content.get("awards", []), *draft.process.get("awards", [])]
        content |= draft.process | known(awards=awards)
    return content | {"contracts": [draft.build(name) for name, draft in drafts.items()]}
