"""The official schema of OCDS 1.1.5, and the validator that works with it."""

from __future__ import annotations

import json
import zipfile
from contextlib import chdir
from functools import cache, partial
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import jsonref
import pytest
from ocdsmerge import Merger
from support.extensions import served
from support.shared import STANDARD

from backend.db.session import Database
from backend.ocds.packages import EXTENSIONS, release_url
from backend.ocds.records import record_lines
from backend.queries.index import index_state

needs_standard = pytest.mark.skipif(
    not STANDARD.exists(), reason=f"the schema of OCDS is not at {STANDARD.parent}"
)

# What libcoveocds calls a defect or worth a look; each must be empty.
FINDINGS = (
    "validation_errors",
    "additional_fields",
    "additional_closed_codelist_values",
    "additional_open_codelist_values",
    "deprecated_fields",
    "additional_checks",
)


def schema() -> Any:
    """The release schema."""
    return _schema("release-schema.json")


@cache
def _schema(address: str) -> Any:
    """A file of the standard by its name or its address."""
    name = address.rsplit("/", 1)[-1]
    with zipfile.ZipFile(STANDARD) as archive:
        return json.loads(archive.read(f"standard-1__1__5/schema/{name}"))


@cache
def _merger() -> Merger:
    return Merger(schema())


def merged(releases: list[Any]) -> Any:
    """What ocdsmerge makes of releases, by the official schema."""
    return _merger().create_compiled_release(releases)


def findings(package: Any) -> dict[str, Any]:
    """What libcoveocds finds in a package, as plain JSON; empty when all is well.

    The extensions that are published with come from this machine; see `extensions`. So do the
    schemas that the library asks the network for where it reads a record package.
    """
    from libcoveocds.api import ocds_json_output
    from libcoveocds.config import LibCoveOCDSConfig

    config = LibCoveOCDSConfig({"standard_zip": STANDARD.as_uri(), "context": "api"})
    resolved = partial(jsonref.replace_refs, loader=_schema)
    # Where there are extensions, the library leaves the schema that it made of them.
    with (
        served() as addresses,
        TemporaryDirectory() as folder,
        chdir(folder),
        patch.object(jsonref, "replace_refs", resolved),
    ):
        used = [addresses[each] for each in package.get("extensions", EXTENSIONS)]
        report = ocds_json_output(
            json_data={**package, "extensions": used}, lib_cove_ocds_config=config
        )
    assert report["version_used"] == "1.1"
    assert len(report["extensions"]["extensions"]) == len(used)
    found = {name: report.get(name) for name in FINDINGS}
    found["invalid_extensions"] = (report.get("extensions") or {}).get("invalid_extensions")
    return {name: value for name, value in found.items() if value}


def package(*releases: Any) -> dict[str, Any]:
    """The least that a release package needs."""
    return {
        "uri": "https://example.org/package",
        "version": "1.1",
        "publishedDate": "2024-01-01T00:00:00Z",
        "publisher": {"name": "Example"},
        "releases": list(releases),
    }


def record_package(*records: Any) -> dict[str, Any]:
    """The least that a record package needs."""
    found = package()
    del found["releases"]
    return {**found, "records": list(records)}


def defects(export: bytes) -> dict[str, Any]:
    """What is wrong with exported records, by where; empty when all is well.

    The validator looks at the releases, at what they come to, and at the records with releases in
    them and with links to them. What they come to must be what ocdsmerge makes of them by the
    official schema, and ids of releases must be unique.
    """
    records = [json.loads(line) for line in export.splitlines()]
    releases = [each for record in records for each in record["releases"]]
    compiled = [record["compiledRelease"] for record in records]
    links = [
        {**record, "releases": [link(each) for each in record["releases"]]} for record in records
    ]
    found = {
        "releases": findings(package(*releases)),
        "compiled releases": findings(package(*compiled)),
        "records": findings(record_package(*records)),
        "linked records": findings(record_package(*links)),
        "ocds-merge": [
            record["ocid"]
            for record in records
            if merged(record["releases"]) != record["compiledRelease"]
        ],
        "ids": len(releases) - len({each["id"] for each in releases}),
    }
    return {name: value for name, value in found.items() if value}


def link(release: Any) -> Any:
    """What a record has instead of a release where it links to it."""
    url = release_url("https://termin.example/api/v1/ocds", release["id"])
    return {"url": url, "date": release["date"], "tag": release["tag"]}


def exported(database: Database) -> bytes:
    """All records of an index as JSON Lines."""
    with database.reading() as session:
        return b"".join(record_lines(session, index_state(session)))
