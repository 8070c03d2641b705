"""The languages of the portal, and which one a reader gets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations, translation
from importlib import resources

from babel import Locale


@dataclass(frozen=True, slots=True)
class Language:
    """A language: `code` as it stands in paths, `name` in itself, `locale` for numbers and dates.

    `symbols` are the signs of currencies that its readers expect in place of their codes.
    """

    code: str
    name: str
    locale: Locale
    symbols: dict[str, str]


LANGUAGES = {
    "en": Language("en", "English", Locale("en", "GB"), {}),
    "id": Language("id", "Bahasa Indonesia", Locale("id", "ID"), {"IDR": "Rp"}),
}
DEFAULT = LANGUAGES["en"]
DOMAIN = "messages"


@lru_cache
def translations(code: str) -> NullTranslations:
    """The catalogue of a language; the texts in the code are the English ones."""
    if code == DEFAULT.code:
        return NullTranslations()
    folder = resources.files("backend.web").joinpath("translations")
    return translation(DOMAIN, str(folder), [code])


def of_path(path: str) -> Language | None:
    """The language that a path begins with."""
    return LANGUAGES.get(path.split("/", 2)[1] if path.startswith("/") else "")


def preferred(accepted: str) -> Language:
    """The language that an Accept-Language header (RFC 9110) prefers, or the default."""
    best, found = 0.0, DEFAULT
    for entry in accepted.split(",")[:20]:
        tag, _, parameters = entry.partition(";")
        language = LANGUAGES.get(tag.strip().lower().partition("-")[0])
        weight = _weight(parameters)
        if language is not None and weight > best:
            best, found = weight, language
    return found


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
