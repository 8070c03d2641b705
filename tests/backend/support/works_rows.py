"""The rows of the agreements of `works`, by their names."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import select
from support.vocabulary import code
from support.works import DAY, START, Works

from backend.db import models as m
from backend.db.base import Base
from backend.db.session import Database

Row = TypeVar("Row", bound=Base)
NAMES = ["plant", "dam", "weir", "pier", "quay", "lock"]


def rows(database: Database, works: Works, name: str, model: type[Row], *order: str) -> list[Row]:
    """All rows of an agreement, in the order of some columns or of the key."""
    kind: Any = model
    wanted = select(kind).where(kind.agreement == works.contracts[name].address)
    columns = [getattr(kind, column) for column in order] or list(kind.__table__.primary_key)
    with database.reading() as session:
        return list(session.scalars(wanted.order_by(*columns)))


def agreement(database: Database, works: Works, name: str) -> m.Agreement:
    """The row of an agreement."""
    with database.reading() as session:
        return session.get_one(m.Agreement, works.contracts[name].address)


def hexed(text: str) -> str:
    """A coded reason as the index has it."""
    return f"0x{code(text).hex()}"


def day(number: float) -> int:
    """The first second of a day of the story."""
    return int(START + number * DAY)
