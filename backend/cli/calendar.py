"""`termin calendar`: which days are worked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from backend.acts.calendar import YearDraft, read_year, typed_year
from backend.acts.sending import call
from backend.cli.desk import Desk
from backend.cli.options import As, Yes, located
from backend.core.documents import NO_DOCUMENT, sha256_of_file
from backend.core.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the group a group while it has one command."""


@app.command()
@located
def set_year(
    settings: Settings,
    account: As,
    file: Annotated[
        Path | None, typer.Argument(help="YAML with year, weekend and holidays; or the options.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year, in place of a file.")] = None,
    holidays: Annotated[
        str, typer.Option(help="Days that are not worked, e.g. 2027-01-01,2027-03-19.")
    ] = "",
    weekend: Annotated[str, typer.Option(help="Weekdays that are not worked.")] = "saturday,sunday",
    decree: Annotated[
        Path | None, typer.Option(help="The decree; only its SHA-256 is sent.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Set the days of a year that are not worked. For the calendar keeper.

    Days that have begun cannot change. A year that is not set has Saturday and Sunday off.

    Example: `termin calendar set-year --year 2027 --holidays 2027-01-01,2027-03-19
    --as calendar-keeper`
    """
    if (file is None) == (year is None) or (file is not None and holidays):
        raise typer.BadParameter("give a file, or --year with --holidays")
    draft = read_year(file) if file else typed_year(year or 0, weekend, holidays)
    desk = Desk(settings)
    document = sha256_of_file(decree) if decree else NO_DOCUMENT
    arguments = (draft.year, draft.weekend_bits, draft.days, document)
    what = call("WorkCalendar", desk.made.calendar, "setYear", *arguments)
    desk.act(_words(draft), account, [what], yes=yes)


def _words(draft: YearDraft) -> str:
    weekend = ", ".join(draft.weekend) or "no weekday"
    off = ", ".join(map(date.isoformat, draft.ordered)) or "no other day"
    return f"Set {draft.year}: {weekend} and {off} are not worked."
