"""What the index holds, in one table."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from backend.core.settings import Settings
from backend.db.session import Database
from backend.queries.totals import CurrencyTotals, totals

MONEY = ("appropriated", "committed", "value", "accepted", "paid", "owed", "refunded")
COUNTS = ("contracts", "late", "payments")


def summarize(settings: Settings, console: Console) -> None:
    """Print contracts, payments and money, with a column for each currency."""
    database = Database(settings.database)
    with database.reading() as session:
        columns = [row for row in totals(session, datetime.now(UTC)) if row.contracts]
    database.close()
    table = Table("")
    for column in columns:
        table.add_column(column.currency, justify="right")
    for name in (*COUNTS, *MONEY):
        table.add_row(name, *(_shown(column, name) for column in columns))
    console.print(table)


def _shown(column: CurrencyTotals, name: str) -> str:
    value = getattr(column, name)
    return f"{value.decimal:,f}" if name in MONEY else f"{value:,}"
