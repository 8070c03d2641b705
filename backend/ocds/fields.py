"""The fields of a release that are taken in, each with its type made sure of.

Contact points, addresses, telephones and whatever else is not named here stop at this door, so no
personal data can go further. What has the wrong type is marked, never guessed at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

Json = dict[str, Any]
Take = Callable[[object], object]

JUNK = "\0junk"
"""Key of a mark left where an object was expected; its value says so in words."""

ID_LENGTH = 200
NAME_LENGTH = 300
TITLE_LENGTH = 300
PROSE_LENGTH = 10_000
_HASH_DIGITS = 20

# Controls, line separators, and the marks that turn the direction of the text around them.
_CONTROLS = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` trimmed, on one line, and without characters that cannot be seen or encoded."""
    text = _CONTROLS.sub(" ", _INVISIBLE.sub("", text))
    return _HALF_CHARACTERS.sub("\ufffd", text).strip()


def shorten(identifier: str, length: int) -> str:
    """`identifier`, or when it is longer than `length` its start and a hash, so it stays unique."""
    if len(identifier) <= length:
        return identifier
    digits = hashlib.sha256(identifier.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{identifier[: length - _HASH_DIGITS - 1]}~{digits}"


def digest(value: object) -> str:
    """A hash of the content of `value`, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def kind(value: object) -> str:
    """What `value` is in the words of JSON, for a message."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")


def _plain(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    return clean(str(value)) or None


def identifier(value: object) -> str | None:
    """An id: a text or a number, as a text."""
    text = _plain(value)
    return shorten(text, ID_LENGTH) if text else None


def prose(length: int) -> Take:
    """A text of at most `length` characters, cut where it is longer."""

    def take(value: object) -> str | None:
        text = _plain(value)
        return f"{text[: length - 1]}…" if text and len(text) > length else text

    return take


def scalar(value: object) -> object:
    """A number, text or null as published; anything else only by its kind."""
    return kind(value) if isinstance(value, dict | list) else value


def words(value: object) -> list[str]:
    """A list of texts; what is no text is left out."""
    texts = map(_plain, value if isinstance(value, list) else [value])
    return [text for text in texts if text]


def _junk(value: object, expected: str) -> Json:
    return {JUNK: f"{kind(value)}; expected {expected}"}


def one(**fields: Take) -> Take:
    """An object, of which only `fields` are kept."""

    def take(value: object) -> Json | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            return _junk(value, "an object")
        return {name: fields[name](value[name]) for name in fields if name in value}

    return take


def many(**fields: Take) -> Take:
    """A list of objects, of which only `fields` are kept."""
    item = one(**fields)

    def take(value: object) -> list[object] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            return [_junk(value, "a list")]
        return [
            _junk(element, "an object") if element is None else item(element) for element in value
        ]

    return take


_name = prose(NAME_LENGTH)
_title = prose(TITLE_LENGTH)
_identifier = one(scheme=identifier, id=identifier, legalName=_name)
# `scheme` and `legalName` beside `id`: the organizations of OCDS 1.0 transactions.
_reference: dict[str, Take] = {
    "id": identifier,
    "name": _name,
    "scheme": identifier,
    "legalName": _name,
    "identifier": _identifier,
}
_value = one(amount=scalar, currency=scalar)
_milestones = many(id=identifier, title=_title, dueDate=scalar, status=_title)


def _milestone_reference(value: object) -> object:
    """The extension's object with id and title, or an id alone."""
    taken = {"id": identifier(value)} if isinstance(value, str | int) else value
    return one(id=identifier, title=_title)(taken)


_transactions = many(
    id=identifier,
    date=scalar,
    value=_value,
    payer=one(**_reference),
    payee=one(**_reference),
    relatedImplementationMilestone=_milestone_reference,
    # OCDS 1.0
    amount=_value,
    providerOrganization=one(**_reference),
    receiverOrganization=one(**_reference),
)
_contracts = many(
    id=identifier,
    awardID=identifier,
    title=_title,
    description=prose(PROSE_LENGTH),
    status=_title,
    period=one(startDate=scalar, endDate=scalar),
    value=_value,
    dateSigned=scalar,
    suppliers=many(**_reference),
    milestones=_milestones,
    implementation=one(transactions=_transactions, milestones=_milestones),
)

_release = one(
    ocid=identifier,
    id=identifier,
    date=scalar,
    tag=words,
    parties=many(roles=words, **_reference),
    buyer=one(**_reference),
    tender=one(
        id=identifier,
        title=_title,
        procurementMethod=_title,
        procurementMethodDetails=_title,
        mainProcurementCategory=_title,
        procuringEntity=one(**_reference),
    ),
    awards=many(id=identifier, suppliers=many(**_reference)),
    contracts=_contracts,
)


def take_release(release: Json) -> Json:
    """`release` with only the fields that are used, each with its type made sure of.

    Ids and texts are texts or None, objects and lists of objects are that or None (or hold `JUNK`),
    amounts, currencies and dates are as published.
    """
    return cast("Json", _release(release))


def part(value: Json, *names: str) -> Json:
    """The object at the path `names` in what `take_release` gave; empty when there is none."""
    for name in names:
        value = value.get(name) or {}
    return value


def parts(value: Json, *names: str) -> list[Json]:
    """The list of objects at the path `names`; empty when there is none."""
    return part(value, *names[:-1]).get(names[-1]) or []
