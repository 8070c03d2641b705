"""What must not be shown, taken out of what is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_USER = re.compile(r"(?<=://)[^\s/]+(?=@)")


def without_secrets(text: str) -> str:
    """The text without user and password of any URL in it."""
    return _USER.sub("***", text)


def place_of(url: str) -> str:
    """Scheme, host and port of a URL: user, path and query may hold what lets one in."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
