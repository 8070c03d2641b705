"""Static files, named by their content so that they can be kept for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_HASH_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file; `path` changes with its content."""

    path: str
    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """All static files, by their plain name."""
    folder = resources.files("backend.web").joinpath("static")
    return {file.name: _asset(file.name, file.read_bytes()) for file in folder.iterdir()}


@cache
def by_path() -> dict[str, Asset]:
    """All static files, by their path."""
    return {asset.path: asset for asset in assets().values()}


def asset_path(name: str) -> str:
    """The path of a static file; raises KeyError for one that does not exist."""
    return assets()[name].path


def _asset(name: str, content: bytes) -> Asset:
    stem, _, extension = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
    return Asset(f"/static/{stem}.{digest}.{extension}", content, _MEDIA_TYPES[extension])
