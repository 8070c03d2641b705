"""`termin participant`: who may act."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.acts.deploy import NOWHERE
from backend.acts.directory import NOBODY
from backend.acts.sending import call
from backend.acts.words import ROLES
from backend.cli.desk import Desk
from backend.cli.options import As, Note, Reason, Yes, located
from backend.cli.typed import note_of, reason_code
from backend.core.errors import AppError
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)

OFFICE_SCHEME = "OFFICE"
STANDINGS = {"reinstate": 1, "suspend": 2, "debar": 3}

Who = Annotated[str, typer.Argument(help="SCHEME-IDENTIFIER or name.")]


class RegistrationError(AppError):
    """What is given does not make a participant."""

    status = 422
    title = "The participant cannot be registered"


class SuccessionError(AppError):
    """Nothing is proposed that could be confirmed."""

    status = 404
    title = "No succession is proposed"


@app.command()
@located
def register(
    settings: Settings,
    account: As,
    name: Annotated[str, typer.Option(help="Its name; kept as a document, not on the chain.")],
    role: Annotated[list[str], typer.Option(help=f"What it may be; any of: {', '.join(ROLES)}.")],
    identifier: Annotated[
        str, typer.Option(help="Its public identifier, or the name of the office.")
    ],
    scheme: Annotated[
        str | None, typer.Option(help="The register that gave the identifier, e.g. ID-NPWP.")
    ] = None,
    office_of: Annotated[
        str | None, typer.Option(help="The legal person whose office it is.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The account that acts for it: an alias or an address.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Register a legal person, or an office of one.

    Example: `termin participant register --as registrar --scheme ID-NPWP --identifier 00.1
    --name "CV Mitra" --role supplier --key vendor`
    """
    desk = Desk(settings)
    owner = desk.names.find(office_of) if office_of else None
    if owner is None and scheme is None:
        raise RegistrationError("A legal person needs a --scheme, an office an --office-of.")
    if owner is not None:
        scheme, identifier = OFFICE_SCHEME, f"{owner.public_id}/{identifier}"
    address = desk.address(key) if key else NOWHERE
    registration = {
        "scheme": scheme,
        "identifier": identifier,
        "account": address,
        "roles": _roles(role),
        "organization": owner.id if owner else NOBODY,
        "document": desk.store.write_json({"type": "participant", "name": name}),
    }
    what = call("ParticipantRegistry", desk.made.registry, "register", registration)
    acts = f"acts with {address}" if key else "acts through its offices only"
    words = f"Register {name} as {scheme}-{identifier}: {', '.join(role)}; {acts}."
    desk.act(words, account, [what], yes=yes)


@app.command("list")
@located
def list_(settings: Settings) -> None:
    """Show who is registered.

    Example: `termin participant list`
    """
    desk = Desk(settings)
    for entry in desk.names.entries.values():
        desk.console.print(
            f"{entry.public_id}  {entry.name or '(name not here)'}  {entry.role_names}  "
            f"{entry.standing_name}",
            markup=False,
        )


@app.command()
@located
def suspend(
    settings: Settings, who: Who, account: As, reason: Reason, note: Note = None, yes: Yes = False
) -> None:
    """Suspend a participant: what it earns waits as a claim.

    Example: `termin participant suspend "CV Mitra" --as registrar --reason investigation`
    """
    _change(settings, "suspend", who, account, reason, note, yes=yes)


@app.command()
@located
def debar(
    settings: Settings, who: Who, account: As, reason: Reason, note: Note = None, yes: Yes = False
) -> None:
    """Debar a participant: it signs nothing new, and can pull what it has earned.

    Example: `termin participant debar "CV Mitra" --as registrar --reason fraud`
    """
    _change(settings, "debar", who, account, reason, note, yes=yes)


@app.command()
@located
def reinstate(
    settings: Settings, who: Who, account: As, reason: Reason, note: Note = None, yes: Yes = False
) -> None:
    """End a suspension or a debarment.

    Example: `termin participant reinstate "CV Mitra" --as registrar --reason cleared`
    """
    _change(settings, "reinstate", who, account, reason, note, yes=yes)


@app.command()
@located
def succeed(
    settings: Settings,
    who: Who,
    key: Annotated[str, typer.Option(help="The account to act with: an alias or an address.")],
    account: As,
    note: Note = None,
    yes: Yes = False,
) -> None:
    """Propose that a participant act with another account. For the registrar.

    It happens when a second party confirms it: the outgoing account, that of the legal person whose
    office it is, or a witness.

    Example: `termin participant succeed "CV Mitra" --key vendor-2 --as registrar`
    """
    desk = Desk(settings)
    entry, address = desk.names.find(who), desk.address(key)
    arguments = (entry.id, address, note_of(desk.store, note))
    what = call("ParticipantRegistry", desk.made.registry, "proposeSuccession", *arguments)
    instead = f" instead of {entry.account}" if entry.account != NOWHERE else ""
    words = (
        f"Propose that {entry.label} act with {address}{instead}. What it did before stays its "
        "own. Next: `termin participant confirm-succession`."
    )
    desk.act(words, account, [what], yes=yes)


@app.command()
@located
def confirm_succession(
    settings: Settings,
    who: Who,
    account: As,
    key: Annotated[
        str | None, typer.Option(help="The new account; without it, the one that is proposed.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Confirm that a participant acts with another account. For a second party.

    That is the outgoing account, the one of the legal person whose office it is, or a witness;
    never the account that proposed it.

    Example: `termin participant confirm-succession "CV Mitra" --as vendor`
    """
    desk = Desk(settings)
    entry = desk.names.find(who)
    if not entry.proposed:
        raise SuccessionError(f"No succession of {entry.label} waits for confirmation.")
    address = desk.address(key) if key else entry.proposed
    what = call("ParticipantRegistry", desk.made.registry, "confirmSuccession", entry.id, address)
    instead = f", not {entry.account}" if entry.account != NOWHERE else ""
    words = f"Confirm that {entry.label} acts with {address} from now on{instead}."
    desk.act(words, account, [what], yes=yes)


def _change(
    settings: Settings,
    verb: str,
    who: str,
    account: str,
    reason: str,
    note: str | None,
    *,
    yes: bool,
) -> None:
    desk = Desk(settings)
    entry = desk.names.find(who)
    code = reason_code(reason)
    what = call(
        "ParticipantRegistry",
        desk.made.registry,
        "setStanding",
        entry.id,
        STANDINGS[verb],
        code,
        note_of(desk.store, note),
    )
    desk.act(f"{verb.capitalize()} {entry.label}: {reason}.", account, [what], yes=yes)


def _roles(names: list[str]) -> int:
    unknown = [name for name in names if name not in ROLES]
    if unknown:
        raise RegistrationError(f"Unknown role {unknown[0]!r}; expected any of: {', '.join(ROLES)}")
    return sum(1 << ROLES.index(name) for name in set(names))
