"""Whether what is served is what the chain says: every reason against it, with its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backend.api.probe import Glance, Sight
from backend.core.settings import Settings
from backend.db.session import DatabaseUnavailableError
from backend.projections import PROJECTION_VERSION
from backend.queries.index import Place

DOUBTS = {
    "chain-id-changed",
    "genesis-changed",
    "block-missing",
    "block-rewritten",
    "final-block-rewritten",
}
"""With these, what is served is not, or may not be, what the chain says; with the others it was."""

CODES = {
    "index-missing": "there is no database file yet",
    "index-empty": "no block has been indexed yet",
    "tables-missing": "the database has no tables",
    "tables-outdated": "the tables are of another version of Termin",
    "database-unreachable": "the database does not answer",
    "database-missing": "the server has no such database",
    "database-connections": "the database takes no further connections",
    "database-locked": "the database's lock is held by somebody else",
    "database-slow": "the database takes too long",
    "database-full": "the database's disk is full",
    "database-read-only": "the database takes no changes",
    "database-forbidden": "the database refuses user, password or right",
    "database-damaged": "the database file is damaged",
    "database-failed": "the database failed otherwise",
    "projections-outdated": "the index was made by another version and must be built again",
    "index-stopped": "the indexer in this process has stopped",
    "node-unreachable": "no node answers as it should within a second",
    "chain-id-changed": "the node is on a chain of another id",
    "genesis-changed": "the node's chain has another first block",
    "block-missing": "the node has no block where the index's last one is",
    "block-rewritten": "the node has another block where the index's last one is",
    "final-block-rewritten": "a block that cannot be taken back any more is another one",
    "lag-blocks": "the chain has more than `TERMIN_MAX_LAG_BLOCKS` blocks beyond the index",
    "lag-seconds": "the chain's last block is more than `TERMIN_MAX_LAG_SECONDS` newer",
}
"""All codes, with what they mean."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why what is served may not be what the chain says."""

    code: str
    detail: str


def reasons(glance: Glance, index_problem: str | None, settings: Settings) -> list[Reason]:
    """All reasons; none means ready."""
    return [*_of_index(glance, index_problem), *_of_chain(glance, settings)]


def _of_index(glance: Glance, index_problem: str | None) -> Iterator[Reason]:
    problem, place = glance.problem, glance.place
    if problem is not None:
        code = problem.code if isinstance(problem, DatabaseUnavailableError) else "index-empty"
        yield Reason(code, problem.detail)
    if place is not None and place.state.projection_version != PROJECTION_VERSION:
        yield Reason(
            "projections-outdated",
            f"The index was built by version {place.state.projection_version} of the projections, "
            f"this is version {PROJECTION_VERSION}.",
        )
    if index_problem is not None:
        yield Reason("index-stopped", index_problem)


def _of_chain(glance: Glance, settings: Settings) -> Iterator[Reason]:
    if glance.sight is None:
        yield Reason("node-unreachable", "No node answers as it should.")
    elif glance.place is not None:
        yield from _of_identity(glance.place, glance.sight)
        yield from _of_blocks(glance.place, glance.sight)
        yield from _of_lag(glance, settings)


def _of_identity(place: Place, sight: Sight) -> Iterator[Reason]:
    state = place.state
    if sight.chain_id != state.chain_id:
        yield Reason(
            "chain-id-changed",
            f"The index is of chain {state.chain_id}, the node is on chain {sight.chain_id}.",
        )
    if sight.genesis_hash != state.genesis_hash:
        yield Reason(
            "genesis-changed",
            f"The index is of a chain that begins with {state.genesis_hash}, the node's begins "
            f"with {sight.genesis_hash}.",
        )


def _of_blocks(place: Place, sight: Sight) -> Iterator[Reason]:
    state = place.state
    found = sight.hashes[state.block]
    if found is None:
        yield Reason(
            "block-missing",
            f"The index stands at block {state.block} {state.block_hash}, the node's last block is "
            f"{sight.head}.",
        )
    elif found != state.block_hash:
        yield Reason(
            "block-rewritten",
            f"The index has block {state.block} as {state.block_hash}, the node as {found}.",
        )
    settled = sight.hashes[place.settled] if place.settled is not None else None
    # A node that has no block there lags, or keeps no old ones.
    if settled is not None and settled != place.settled_hash:
        yield Reason(
            "final-block-rewritten",
            f"The index has block {place.settled} as {place.settled_hash}, the node as {settled}: "
            "that block was final, or is too far back to be undone. Run `termin index --rebuild`.",
        )


def _of_lag(glance: Glance, settings: Settings) -> Iterator[Reason]:
    blocks, seconds = glance.lag_blocks or 0, glance.lag_seconds or 0
    if blocks > settings.max_lag_blocks:
        yield Reason(
            "lag-blocks",
            f"The index is {blocks} blocks behind the chain; at most {settings.max_lag_blocks} "
            "are allowed.",
        )
    if seconds > settings.max_lag_seconds:
        yield Reason(
            "lag-seconds",
            f"The index is {seconds} seconds behind the chain; at most {settings.max_lag_seconds} "
            "are allowed.",
        )
