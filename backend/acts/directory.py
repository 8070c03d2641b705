"""Who is who: the participants of the registry, by id, account, identifier or name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

from backend.acts.words import ROLES, STANDING, TO_THE_DAY, TO_THE_MINUTE, moment
from backend.chain.contract import contract
from backend.chain.deployment import Deployment
from backend.chain.reader import logs
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.core.money import from_minor
from backend.core.yamlfiles import Location, Problem, Written

NOBODY = b"\0" * 32
NO_ACCOUNT = "0x" + "0" * 40


class ParticipantNotFoundError(AppError):
    """Nobody, or more than one, answers to that name."""

    status = 404
    title = "No such participant"

    def __init__(self, text: str, several: Iterable[Entry] = ()) -> None:
        self.several = ", ".join(entry.public_id for entry in several)
        super().__init__(
            f"{text!r} may be any of: {self.several}"
            if self.several
            else f"Nobody is registered as {text!r}. `termin participant list` shows who is."
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One participant. `roles` are bits, `standing` is 1 active, 2 suspended, 3 debarred.

    `proposed` is the account that it is to act with next, once that is confirmed; `former` are
    those that it gave up.
    """

    id: bytes
    scheme: str
    identifier: str
    account: str
    roles: int
    organization: bytes
    document: bytes
    standing: int
    name: str
    proposed: str = ""
    former: tuple[str, ...] = ()

    @property
    def public_id(self) -> str:
        """Scheme and identifier as one word."""
        return f"{self.scheme}-{self.identifier}"

    @property
    def label(self) -> str:
        """The name, if its document is here, and the public identifier."""
        return f"{self.name} ({self.public_id})" if self.name else self.public_id

    def has(self, role: str) -> bool:
        """Whether it has a role of `ROLES`."""
        return bool(self.roles >> ROLES.index(role) & 1)

    @property
    def role_names(self) -> str:
        """Its roles in words."""
        return ", ".join(role for role in ROLES if self.has(role))

    @property
    def standing_name(self) -> str:
        """Its standing in a word."""
        return STANDING[self.standing]


class Directory:
    """The registry as it stands, with names from the documents that are here."""

    def __init__(self, entries: Iterable[Entry], currency: str = "", zone: tzinfo = UTC) -> None:
        self.zone = zone
        self.entries = {entry.id: entry for entry in entries}
        self._accounts = {entry.account: entry for entry in self.entries.values()}
        self._named = Counter(entry.name for entry in self.entries.values() if entry.name)
        self._currency = currency

    def with_currency(self, currency: str) -> Directory:
        """The same directory, telling amounts in a currency."""
        return Directory(self.entries.values(), currency, self.zone)

    def participant(self, participant: bytes) -> str:
        """How a participant is called."""
        if participant == NOBODY:
            return "nobody"
        entry = self.entries.get(participant)
        return self.short(entry) if entry else f"0x{participant.hex()}"

    def short(self, entry: Entry) -> str:
        """The name alone where nobody else has it."""
        return entry.name if self._named[entry.name] == 1 else entry.label

    def amount(self, minor: int) -> str:
        """An amount with its currency."""
        if not self._currency:
            return f"{minor} minor units"
        return f"{self._currency} {from_minor(minor, self._currency):,f}"

    def moment(self, seconds: int) -> str:
        """A moment where the sentence is read, to the minute."""
        return moment(seconds, self.zone, TO_THE_MINUTE)

    def day(self, seconds: int) -> str:
        """The day of a moment where the sentence is read."""
        return moment(seconds, self.zone, TO_THE_DAY)

    def of_account(self, address: str) -> Entry | None:
        """The participant that an account acts for."""
        return self._accounts.get(address)

    def find(self, text: str) -> Entry:
        """The participant with this public identifier (SCHEME-IDENTIFIER), id, account or name.

        Raises `ParticipantNotFoundError`.
        """
        wanted = text.strip().casefold()
        for keys in (_identities, _names):
            found = [e for e in self.entries.values() if wanted in keys(e)]
            if len(found) == 1:
                return found[0]
            if found:
                raise ParticipantNotFoundError(text, found)
        raise ParticipantNotFoundError(text)

    def find_written(
        self, written: Written, wanted: Mapping[Location, str]
    ) -> dict[Location, Entry]:
        """The participants that a file names, by where it names them.

        Raises `YamlFileError` with the line of everybody who is not found.
        """
        found: dict[Location, Entry] = {}
        problems = []
        for location, text in wanted.items():
            try:
                found[location] = self.find(text)
            except ParticipantNotFoundError as error:
                someone = "somebody who is registered (`termin participant list`)"
                expected = f"one of {error.several}" if error.several else someone
                problems.append(Problem(location, repr(text), expected))
        if problems:
            raise written.error(problems)
        return found

    def having(self, role: str) -> list[Entry]:
        """Everybody with a role, in the order of registration."""
        return [entry for entry in self.entries.values() if entry.has(role)]

    def offices_of(self, organization: Entry, role: str) -> list[Entry]:
        """The offices of a legal person that have a role, in the order of registration."""
        return [entry for entry in self.having(role) if entry.organization == organization.id]


def read_directory(
    rpc: Rpc, made: Deployment, store: DocumentStore, zone: tzinfo = UTC
) -> Directory:
    """Read the registry's log; moments are told in `zone`."""
    kind = contract("ParticipantRegistry")
    entries: dict[bytes, Entry] = {}
    for log in logs(rpc, [made.registry], [], made.start_block):
        event = kind.event(log)
        if event is not None:
            _apply(entries, *event)
    named = (
        replace(entry, name=store.read_text(entry.document, "name")) for entry in entries.values()
    )
    return Directory(named, zone=zone)


def _apply(entries: dict[bytes, Entry], name: str, values: dict[str, Any]) -> None:
    if name == "ParticipantRegistered":
        entries[values["participant"]] = Entry(
            id=values["participant"],
            scheme=values["scheme"],
            identifier=values["identifier"],
            account=values["account"],
            roles=values["roles"],
            organization=values["organization"],
            document=values["document"],
            standing=1,
            name="",
        )
        return
    known = entries.get(values.get("participant", NOBODY))
    if known is None:
        return
    match name:
        case "ParticipantRolesChanged":
            known = replace(known, roles=values["roles"])
        case "ParticipantStandingChanged":
            known = replace(known, standing=values["standing"])
        case "ParticipantDocumentChanged":
            known = replace(known, document=values["document"])
        case "SuccessionProposed":
            proposed = values["account"]
            known = replace(known, proposed="" if proposed == NO_ACCOUNT else proposed)
        case "ParticipantSucceeded":
            former = tuple(a for a in (*known.former, values["previous"]) if a != NO_ACCOUNT)
            known = replace(known, account=values["account"], proposed="", former=former)
    entries[known.id] = known


def _identities(entry: Entry) -> set[str]:
    return {entry.public_id.casefold(), f"0x{entry.id.hex()}", entry.account.casefold()}


def _names(entry: Entry) -> set[str]:
    return {entry.name.casefold()} if entry.name else set()
