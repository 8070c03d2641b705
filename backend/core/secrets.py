"""What must not be shown, taken out of what is."""

from __future__ import annotations

import re

_USER = re.compile(r"(?<=://)[^\s/]+(?=@)")


def without_secrets(text: str) -> str:
    """The text without user and password of any URL in it."""
    return _USER.sub("***", text)
