"""Who is who: references to organizations, as publishers write them, made into identities.

The same organization appears as a bare tax number, with its scheme in front of it, by an id that
only its own release knows, or by its name alone. One key must come of all of them, in every
contract of the source.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from backend.ocds.fields import Json, part, parts, shorten
from backend.ocds.merging import CompiledRelease
from backend.ocds.source import Organization

Key = tuple[str, str]

IDENTIFIER_LENGTH = 100
NAME_SCHEME = "X-NAME"
PUBLISHER_SCHEME = "X-PUBLISHER"
UNPUBLISHED_SCHEME = "X-UNPUBLISHED"
UNPUBLISHED_NAME = "Not published"

_NAME_DIGITS = 20
_SHORTEST_IDENTIFIER = 5
# A list of identifiers as org-id.guide names it (GB-COH, RFC), then the identifier.
_WITH_SCHEME = re.compile(r"((?:[A-Z]{2}-)?[A-Z][A-Z_]+)-(.*\w.*)")
_OCID_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")


@dataclass(slots=True)
class Book:
    """The parties and awards of one release, by what a reference may call them.

    None stands where two parties answer to the same call.
    """

    prefix: str
    by_id: dict[str, Key] = field(default_factory=dict)
    by_identifier: dict[str, Key | None] = field(default_factory=dict)
    by_name: dict[str, Key | None] = field(default_factory=dict)
    by_role: dict[str, list[Key]] = field(default_factory=dict)
    award_suppliers: dict[str, list[Json]] = field(default_factory=dict)


class Directory:
    """Every organization that the source names. Same key, same name, in every contract."""

    def __init__(self, releases: Iterable[CompiledRelease]) -> None:
        releases = list(releases)
        self._identifiers: dict[str, set[Key]] = {}
        self._local_names: dict[Key, set[str]] = {}
        self._names: dict[Key, str] = {}
        for release in releases:
            self._learn(release)
        self._books = {release: self._book(release) for release in releases}
        for release in releases:
            for reference in _references(release.data):
                self._note_name(self._find(reference, self._books[release]), reference)

    def book(self, release: CompiledRelease) -> Book:
        """What `release` says of its parties and awards."""
        return self._books[release]

    def resolve(self, reference: Json, book: Book) -> Organization | None:
        """The organization that `reference` means, or None when it has neither id nor name."""
        key = self._find(reference, book)
        return self.organization(key) if key else None

    def organization(self, key: Key) -> Organization:
        """The organization with `key`, under the first name by which the source calls it."""
        return Organization(*key, name=self._names.get(key, key[1]))

    def _learn(self, release: CompiledRelease) -> None:
        """Note what can be known before any reference is resolved."""
        prefix = ocid_prefix(release.ocid)
        for party in (*parts(release.data, "parties"), *_references(release.data)):
            key = _explicit_key(party)
            if key:
                self._identifiers.setdefault(key[1], set()).add(key)
        for party in parts(release.data, "parties"):
            if _is_weak(_bare(party)) and _name(party):
                names = self._local_names.setdefault(_local_key(_bare(party), prefix), set())
                names.add(_normal(_name(party)))

    def _book(self, release: CompiledRelease) -> Book:
        book = Book(ocid_prefix(release.ocid))
        for party in parts(release.data, "parties"):
            self._enter(party, book)
        for award in parts(release.data, "awards"):
            suppliers = book.award_suppliers.setdefault(award.get("id") or "", [])
            suppliers.extend(parts(award, "suppliers"))
        return book

    def _enter(self, party: Json, book: Book) -> None:
        key = self._own_key(party, book.prefix)
        if key is None:
            return
        self._note_name(key, party)
        if party.get("id"):
            book.by_id.setdefault(party["id"], key)
        for text in {part(party, "identifier").get("id"), key[1]}:
            _enter_once(book.by_identifier, text, key)
        _enter_once(book.by_name, _normal(_name(party)), key)
        for role in party.get("roles") or []:
            book.by_role.setdefault(role, []).append(key)

    def _find(self, reference: Json, book: Book) -> Key | None:
        identifier = _bare(reference)
        return (
            book.by_id.get(reference.get("id") or "")
            or _stated_key(reference)
            or book.by_identifier.get(identifier)
            or (None if identifier else book.by_name.get(_normal(_name(reference))))
            or self._own_key(reference, book.prefix)
        )

    def _own_key(self, party: Json, prefix: str) -> Key | None:
        """The key of `party` from what it says itself and what the whole source knows."""
        explicit = _explicit_key(party)
        if explicit:
            return explicit
        identifier, name = _bare(party), _normal(_name(party))
        known = self._identifiers.get(identifier, set())
        if len(known) == 1:
            return next(iter(known))
        local = _local_key(identifier, prefix)
        # "1" or "supplier" may well be somebody else in each release.
        if identifier and not (name and len(self._local_names.get(local, ())) > 1):
            return local
        return _name_key(name) if name else None

    def _note_name(self, key: Key | None, party: Json) -> None:
        name = _name(party)
        if key and name:
            self._names.setdefault(key, name)


def ocid_prefix(ocid: str) -> str:
    """The part of `ocid` that names the publisher, or `unregistered`."""
    match = _OCID_PREFIX.match(ocid)
    return match.group() if match else "unregistered"


def payee_of(transaction: Json) -> Json:
    """The reference to who is paid, by its name in OCDS 1.1 or 1.0."""
    return part(transaction, "payee") or part(transaction, "receiverOrganization")


def payer_of(transaction: Json) -> Json:
    """The reference to who pays, by its name in OCDS 1.1 or 1.0."""
    return part(transaction, "payer") or part(transaction, "providerOrganization")


def _references(release: Json) -> Iterator[Json]:
    yield part(release, "buyer")
    yield part(release, "tender", "procuringEntity")
    for award in parts(release, "awards"):
        yield from parts(award, "suppliers")
    for contract in parts(release, "contracts"):
        yield from parts(contract, "suppliers")
        for transaction in parts(contract, "implementation", "transactions"):
            yield payee_of(transaction)
            yield payer_of(transaction)


def _explicit_key(party: Json) -> Key | None:
    """Scheme and identifier as `party` states them, or as its id shows them: `RFC-GEN620601DTA`."""
    stated = _stated_key(party)
    matches = map(_WITH_SCHEME.fullmatch, (_bare(party), party.get("id") or ""))
    return stated or next((_key(*match.groups()) for match in matches if match), None)


def _stated_key(party: Json) -> Key | None:
    identifier = part(party, "identifier")
    scheme = identifier.get("scheme") or party.get("scheme")
    if not scheme:
        return None
    # With a scheme but no identifier of its own, the party's id must show that it is one.
    if identifier.get("id") or party.get("scheme") or _bare(party).startswith(f"{scheme}-"):
        return _key(scheme, _without(scheme, _bare(party)))
    return None


def _without(scheme: str, identifier: str) -> str:
    return identifier.removeprefix(f"{scheme}-").strip() or identifier


def _key(scheme: str, identifier: str) -> Key | None:
    if not identifier:
        return None
    return shorten(scheme, IDENTIFIER_LENGTH), shorten(identifier, IDENTIFIER_LENGTH)


def _local_key(identifier: str, prefix: str) -> Key:
    return f"X-{prefix}", shorten(identifier, IDENTIFIER_LENGTH)


def _name_key(normal_name: str) -> Key:
    return NAME_SCHEME, hashlib.sha256(normal_name.encode()).hexdigest()[:_NAME_DIGITS]


def _bare(party: Json) -> str:
    return part(party, "identifier").get("id") or party.get("id") or ""


def _name(party: Json) -> str:
    names = (party.get("name"), party.get("legalName"), part(party, "identifier").get("legalName"))
    return next(filter(None, names), "")


def _is_weak(identifier: str) -> bool:
    """Whether `identifier` looks like one that only its own release knows."""
    short = len(identifier) < _SHORTEST_IDENTIFIER
    return bool(identifier) and (short or not any(map(str.isdigit, identifier)))


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _enter_once(entries: dict[str, Key | None], text: str | None, key: Key) -> None:
    if text:
        entries[text] = key if entries.get(text, key) == key else None
