"""Published files into releases, each with the place where it stands.

Release packages, record packages, single releases and records, and lists of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from backend.core.dates import ImpossibleDateError, parse_date
from backend.ocds.fields import Json, clean, identifier, kind, take_release
from backend.ocds.files import Broken, SourceFileError, read_documents
from backend.ocds.reasons import Reason, ReasonCode
from backend.ocds.source import Origin, ReportLine

__all__ = ["RawRelease", "SourceFileError", "read_files"]

_PACKAGE = ("records", "releases")
_RECORD = ("compiledRelease", "versionedRelease", "releases")
_RELEASE = ("ocid", "contracts", "awards", "parties", "tender")


@dataclass(frozen=True, slots=True)
class RawRelease:
    """One release with its fields as `take_release` gives them.

    `compiled` when it already states all of its process; `date` is None where it is not known;
    `ocid` is empty where it is not published.
    """

    origin: Origin
    ocid: str
    date: datetime | None
    compiled: bool
    publisher: str
    data: Json


@dataclass(frozen=True, slots=True)
class _Context:
    """What the surrounding package and record say of a release."""

    origin: Origin
    publisher: str = ""
    published: datetime | None = None
    ocid: str = ""
    compiled: bool = False


Read = Iterator[RawRelease | ReportLine]


def read_files(paths: Sequence[Path]) -> Read:
    """All releases of the files at `paths`, and a line on whatever is none.

    Raises `SourceFileError` before anything is read if one of the files is missing.
    """
    for path in paths:
        _check(path)
    for path in paths:
        for read in read_documents(path, _recognized):
            origin = Origin(str(path), read.line)
            if isinstance(read, Broken):
                yield _finding(origin, read.reason.code, read.reason.detail)
            else:
                yield from _document(read.value, origin)


def _check(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise SourceFileError(path, error) from error


def _recognized(value: object) -> bool:
    return isinstance(value, dict) and any(name in value for name in (*_PACKAGE, *_RELEASE))


def _document(value: object, origin: Origin) -> Read:
    for element in value if isinstance(value, list) else [value]:
        yield from _value(element, origin)


def _value(value: object, origin: Origin) -> Read:
    if not isinstance(value, dict):
        detail = f"{kind(value)}; expected a package, a record or a release of OCDS"
        yield _finding(origin, ReasonCode.UNKNOWN_SHAPE, detail)
    elif _is_package(value):
        yield from _package(value, origin)
    elif any(name in value for name in _RECORD):
        yield from _record(value, _Context(origin))
    elif any(name in value for name in _RELEASE):
        yield _release(value, _Context(origin))
    else:
        detail = "an object that is no package, record or release of OCDS"
        yield _finding(origin, ReasonCode.UNKNOWN_SHAPE, detail)


def _is_package(value: Json) -> bool:
    # A record too has releases, beside its ocid or its compiled release.
    is_record = "ocid" in value or "compiledRelease" in value
    return "records" in value or ("releases" in value and not is_record)


def _package(package: Json, origin: Origin) -> Read:
    publisher = package.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else None
    published = _date(package.get("publishedDate"))
    context = _Context(origin, clean(name) if isinstance(name, str) else "", published)
    records, findings = _objects(package, "records", context)
    releases, more = _objects(package, "releases", context)
    yield from (*findings, *more)
    for record in records:
        yield from _record(record, context)
    for release in releases:
        yield _release(release, context)


def _record(record: Json, context: _Context) -> Read:
    context = replace(context, ocid=identifier(record.get("ocid")) or "")
    compiled = record.get("compiledRelease")
    if isinstance(compiled, dict) and compiled:
        yield _release(compiled, replace(context, compiled=True))
        return
    if not isinstance(compiled, dict | None):
        yield _unexpected(context, "compiledRelease", compiled, "an object")
    releases, findings = _objects(record, "releases", context)
    yield from findings
    linked = sum(map(_is_link, releases))
    if linked:
        detail = f"{linked} linked releases are not fetched; expected them in the file"
        yield _finding(context.origin, ReasonCode.LINKED_RELEASES, detail, context.ocid)
    elif compiled is None and not (releases or findings):
        detail = "a record that holds no release"
        yield _finding(context.origin, ReasonCode.UNKNOWN_SHAPE, detail, context.ocid)
    for release in releases:
        if not _is_link(release):
            yield _release(release, context)


def _is_link(release: Json) -> bool:
    return "url" in release and not any(name in release for name in _RELEASE)


def _release(release: Json, context: _Context) -> RawRelease:
    data = take_release(release)
    ocid = data.get("ocid") or context.ocid
    compiled = context.compiled or "compiled" in (data.get("tag") or [])
    date = _date(data.get("date")) or context.published
    return RawRelease(context.origin, ocid, date, compiled, context.publisher, data)


def _objects(value: Json, name: str, context: _Context) -> tuple[list[Json], list[ReportLine]]:
    """The objects in the list `name`, and a finding for each element that is none."""
    elements = value.get(name, [])
    if not isinstance(elements, list):
        return [], [_unexpected(context, name, elements, "a list")]
    others = [element for element in elements if not isinstance(element, dict)]
    findings = [_unexpected(context, name, element, "an object") for element in others]
    return [element for element in elements if isinstance(element, dict)], findings


def _date(value: object) -> datetime | None:
    try:
        return parse_date(value) if isinstance(value, str) else None
    except ImpossibleDateError:
        return None


def _unexpected(context: _Context, name: str, value: object, expected: str) -> ReportLine:
    detail = f"{name}: {kind(value)}; expected {expected}"
    return _finding(context.origin, ReasonCode.NOT_AN_OBJECT, detail, context.ocid)


def _finding(origin: Origin, code: ReasonCode, detail: str, ocid: str = "") -> ReportLine:
    reason = str(Reason(code, detail))
    return ReportLine(origin.file, origin.line, ocid or None, reason=reason)
