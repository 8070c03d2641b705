"""The releases of one process made into one, and its contracts found in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ocdsmerge import Merger  # type: ignore[import-untyped]

from backend.ocds.fields import Json, digest, parts
from backend.ocds.reading import RawRelease
from backend.ocds.source import Origin

# What OCDS 1.1.5 says on merging the fields that are taken in: `omitWhenMerged` of
# release-schema.json, and "whole list merge" of the standard for a list of texts.
RULES: Final[dict[tuple[str, ...], str]] = {
    ("id",): "omitWhenMerged",
    ("date",): "omitWhenMerged",
    ("tag",): "omitWhenMerged",
    ("parties", "roles"): "wholeListMerge",
}

_MARK = "\0"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRelease:
    """All that one or several releases say of a process.

    `origins` holds, where several were merged, the newest release that names each contract.
    """

    origin: Origin
    ocid: str
    publisher: str
    data: Json
    origins: Mapping[str, Origin]

    def origin_of(self, contract_id: str) -> Origin:
        """Where the contract stands in the source."""
        return self.origins.get(contract_id, self.origin)


def compile_processes(releases: Iterable[RawRelease]) -> list[list[CompiledRelease]]:
    """For each process what is known of it, newest first.

    A process has several entries where it was published compiled more than once. Releases without
    a date count as the oldest; on the same date the later one in the source is the newer.
    """
    processes: dict[object, list[RawRelease]] = {}
    for number, release in enumerate(releases):
        processes.setdefault(release.ocid or number, []).append(release)
    return [_compile(process) for process in processes.values()]


def _compile(releases: Sequence[RawRelease]) -> list[CompiledRelease]:
    oldest_first = sorted(releases, key=lambda release: release.date or _LONG_AGO)
    changes = [release for release in oldest_first if not release.compiled]
    compiled = []
    for release in oldest_first:
        if release.compiled:
            compiled.append(_state(release, release.data, {}))
        elif release is changes[-1]:
            compiled.append(_merge(changes))
    return compiled[::-1]


def _state(release: RawRelease, data: Json, origins: Mapping[str, Origin]) -> CompiledRelease:
    return CompiledRelease(release.origin, release.ocid, release.publisher, data, origins)


def _merge(changes: Sequence[RawRelease]) -> CompiledRelease:
    newest = changes[-1]
    if len(changes) == 1:
        return _state(newest, newest.data, {})
    # The order is settled; ocdsmerge would compare dates as texts, whatever their offsets.
    numbered = [
        {**_keyed(change.data), "ocid": newest.ocid, "date": f"{number:09}"}
        for number, change in enumerate(changes)
    ]
    data = Merger(merge_rules=RULES).create_compiled_release(numbered)
    origins = {
        contract["id"]: change.origin
        for change in changes
        for contract in parts(change.data, "contracts")
        if contract.get("id")
    }
    return _state(newest, _unkeyed(data), origins)


def _keyed(value: Any) -> Any:
    """`value` with an id, unique in its list, on each object of each list.

    Merging goes by id and would overwrite the first of two objects with the same id by the second.
    An object without an id is known by its content, so that it is neither lost nor counted again
    when the next release repeats it.
    """
    if isinstance(value, dict):
        return {name: _keyed(element) for name, element in value.items()}
    if not isinstance(value, list):
        return value
    seen: Counter[str] = Counter()
    return [_with_key(_keyed(element), seen) for element in value]


def _with_key(value: Any, seen: Counter[str]) -> Any:
    if not isinstance(value, dict):
        return value
    key = value.get("id") or f"{_MARK}{digest(value)}"
    seen[key] += 1
    return {**value, "id": key if seen[key] == 1 else f"{key}{_MARK}{seen[key]}"}


def _unkeyed(value: Any) -> Any:
    """`value` with the ids that were published."""
    if isinstance(value, list):
        return [_unkeyed(element) for element in value]
    if not isinstance(value, dict):
        return value
    plain = {name: _unkeyed(element) for name, element in value.items()}
    if isinstance(plain.get("id"), str):
        plain["id"] = plain["id"].split(_MARK)[0] or None
    return plain
