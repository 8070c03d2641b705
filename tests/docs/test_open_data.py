"""docs/open-data.md and the code say the same."""

import re
from pathlib import Path
from typing import get_args

import pytest

from backend.api.routers import downloads, ocds, reorganizations
from backend.core.settings import Settings
from backend.ocds.drafts import TAGS
from backend.ocds.roles import ROLES

TEXT = (Path(__file__).parents[2] / "docs/open-data.md").read_text(encoding="utf-8")


def test_every_endpoint_is_there() -> None:
    routes = [*ocds.router.routes, *reorganizations.router.routes]
    paths = {f"/api/v1{getattr(route, 'path')}" for route in routes}  # noqa: B009
    documented = set(re.findall(r"`GET (/api\S+?)(?:/\{number or address\})?`", TEXT))
    listed = {"/api/v1/downloads"}
    known = {path.removesuffix("/{name}").replace(":path", "") for path in paths}
    assert known | listed == documented


def test_every_download_is_there() -> None:
    names = get_args(get_args(downloads.Name)[0])
    for route in downloads.router.routes:
        path = str(getattr(route, "path"))  # noqa: B009
        assert f"/api/v1{path.partition('/{')[0]}" in TEXT
    assert len(names) == 3
    assert all(f"/{name}`" in TEXT for name in names)


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("publisher_name", "Termin"),
        ("publisher_uri", ""),
        ("license_uri", ""),
        ("publication_policy_uri", ""),
        ("api_url", ""),
        ("ocid_prefix", "ocds-000000"),
    ],
)
def test_settings_are_those_of_the_code(name: str, default: str) -> None:
    assert Settings.model_fields[name].default == default
    assert f"| `TERMIN_{name.upper()}` |" in TEXT


def test_tags_are_those_of_the_code() -> None:
    table = TEXT.partition("## Releases")[2].partition("\n## ")[0]
    named = re.findall(r"^\| (`.+?) \|", table, re.M)
    assert [tag for names in named for tag in re.findall(r"`(\w+)`", names)] == list(TAGS)


def test_roles_and_statuses_are_those_of_the_code() -> None:
    assert ", ".join(f"`{role}`" for role in ROLES) in TEXT
    for status in ("pending", "active", "terminated", "cancelled", "scheduled", "met", "notMet"):
        assert f"| `{status}` |" in TEXT
