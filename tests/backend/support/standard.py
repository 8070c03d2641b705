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
from support.extensions import served
from support.shared import STANDARD

from backend.ocds.packages import EXTENSIONS

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
