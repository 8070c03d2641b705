"""`termin money`: settlement tokens against bank money."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.acts.sending import call
from backend.chain.hashing import keccak
from backend.chain.reader import View, read_all
from backend.cli.desk import Desk
from backend.cli.options import As, Yes, located
from backend.cli.typed import decimal
from backend.core.money import to_minor
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)

Amount = Annotated[str, typer.Argument(help="E.g. 480000000.00.")]
Currency = Annotated[str, typer.Argument(help="ISO 4217 code.")]
BankReference = Annotated[
    str, typer.Option(help="The bank's own reference; its hash stands on the chain.")
]


@app.command()
@located
def issue(
    settings: Settings,
    amount: Amount,
    currency: Currency,
    account: As,
    to: Annotated[str, typer.Option(help="Who made the deposit.")],
    bank_reference: BankReference,
    yes: Yes = False,
) -> None:
    """Issue money to a participant against its deposit at the bank.

    Example: `termin money issue 480000000.00 IDR --as issuer --to bendahara
    --bank-reference "SP2D 0001/2026"`
    """
    desk = Desk(settings)
    entry, names = desk.names.find(to), desk.names.with_currency(currency)
    minor = to_minor(decimal(amount), currency)
    arguments = (entry.account, minor, keccak(bank_reference.encode()))
    what = call("SettlementToken", desk.token(currency), "issue", *arguments)
    words = f"Issue {names.amount(minor)} to {names.short(entry)} against {bank_reference}."
    desk.act(words, account, [what], yes=yes, names=names)


@app.command()
@located
def approve(
    settings: Settings,
    amount: Amount,
    currency: Currency,
    account: As,
    issuer: Annotated[str, typer.Option(help="Account of the issuer: an alias or an address.")],
    yes: Yes = False,
) -> None:
    """Let the issuer take back money of yours, to be paid out by the bank.

    Example: `termin money approve 144000000.00 IDR --as vendor --issuer TEST::0`
    """
    desk = Desk(settings)
    names = desk.names.with_currency(currency)
    minor, address = to_minor(decimal(amount), currency), desk.address(issuer)
    what = call("SettlementToken", desk.token(currency), "approve", address, minor)
    words = f"Let {address} take back {names.amount(minor)} against a bank transfer."
    desk.act(words, account, [what], yes=yes, names=names)


@app.command()
@located
def redeem(
    settings: Settings,
    amount: Amount,
    currency: Currency,
    account: As,
    holder: Annotated[str, typer.Option("--from", help="Whom the bank has paid.")],
    bank_reference: BankReference,
    yes: Yes = False,
) -> None:
    """Take back money whose holder the bank has paid, and who has approved it.

    Example: `termin money redeem 144000000.00 IDR --as issuer --from "CV Mitra"
    --bank-reference "TRF 77/2026"`
    """
    desk = Desk(settings)
    entry, names = desk.names.find(holder), desk.names.with_currency(currency)
    minor = to_minor(decimal(amount), currency)
    arguments = (entry.account, minor, keccak(bank_reference.encode()))
    what = call("SettlementToken", desk.token(currency), "redeem", *arguments)
    words = f"Take back {names.amount(minor)} of {names.short(entry)}, paid by {bank_reference}."
    desk.act(words, account, [what], yes=yes, names=names)


@app.command()
@located
def forward(
    settings: Settings,
    who: Annotated[str, typer.Argument(help="The participant: SCHEME-IDENTIFIER or name.")],
    currency: Currency,
    account: As,
    yes: Yes = False,
) -> None:
    """Move what a participant's former accounts hold to the one it acts with now. For anyone.

    Needs no key of the account that was given up.

    Example: `termin money forward "CV Mitra" IDR --as registrar`
    """
    desk = Desk(settings)
    entry, names = desk.names.find(who), desk.names.with_currency(currency)
    token = desk.token(currency)
    views = [View("SettlementToken", token, "balanceOf", (each,)) for each in entry.former]
    held = dict(zip(entry.former, read_all(desk.rpc, views), strict=True))
    calls = [call("SettlementToken", token, "forward", each) for each in held if held[each]]
    if not calls:
        desk.console.print(
            f"{names.short(entry)} has no former account that holds {currency}.", markup=False
        )
        return
    parts = ", ".join(f"{names.amount(held[each])} of {each}" for each in held if held[each])
    words = f"Move {parts} to {entry.account}, which {names.short(entry)} acts with now."
    desk.act(words, account, calls, yes=yes, names=names)
