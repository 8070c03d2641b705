"""What must not be shown, taken out of what is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NO_URL = "an address that is no URL"
_USER = re.compile(r"(?<=://)[^\s/]+(?=@)")


def without_secrets(text: str) -> str:
    """The text without user and password of any URL in it."""
    return _USER.sub("***", text)


def place_of(url: str) -> str:
    """Scheme, host and port of a URL: user, path and query may hold what lets one in."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return _NO_URL
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if host else _NO_URL
