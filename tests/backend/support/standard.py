"""The official schema of OCDS 1.1.5, and the validator that works with it."""

from __future__ import annotations

import json
import zipfile
from contextlib import chdir
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from support.extensions import served
from support.shared import STANDARD

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


@cache
def schema() -> Any:
    """The release schema."""
    with zipfile.ZipFile(STANDARD) as archive:
        return json.loads(archive.read("standard-1__1__5/schema/release-schema.json"))


def findings(package: Any) -> dict[str, Any]:
    """What libcoveocds finds in a release package, as plain JSON; empty when all is well.

    The extensions that are published with come from this machine; see `extensions`.
    """
    from libcoveocds.api import ocds_json_output
    from libcoveocds.config import LibCoveOCDSConfig

    config = LibCoveOCDSConfig({"standard_zip": STANDARD.as_uri(), "context": "api"})
    # Where there are extensions, the library leaves the schema that it made of them.
    with served() as addresses, TemporaryDirectory() as folder, chdir(folder):
        here = {**package, "extensions": addresses}
        report = ocds_json_output(json_data=here, lib_cove_ocds_config=config)
    assert report["version_used"] == "1.1"
    assert len(report["extensions"]["extensions"]) == len(addresses)
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
