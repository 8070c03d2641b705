"""What all tables have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

LAST_MOMENT = 253_402_300_799
"""9999-12-31T23:59:59Z: what lies later has no ISO 8601 date and is held and shown as this one."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def only_where(condition: str) -> dict[str, Any]:
    """Arguments of an index that holds the rows for which a condition in SQL is true."""
    where = text(condition)
    return {"sqlite_where": where, "postgresql_where": where}


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row. Moments are Unix seconds in UTC, hashes 0x-hex, addresses checksummed.

    A column that a row does not need at birth has its default in Python, so that a projection can
    count on it before the row reaches the database.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {int: BigInteger(), str: String()}  # noqa: RUF012


class Made(MappedAsDataclass, kw_only=True):
    """Which event made a row that never changes, or changes together with another."""

    made_block: Mapped[int]
    made_transaction: Mapped[str] = mapped_column(String(66))
    made_log_index: Mapped[int] = mapped_column(Integer)


class Provenance(Made, kw_only=True):
    """Which event made a row, and which one changed it last."""

    changed_block: Mapped[int]
    changed_transaction: Mapped[str] = mapped_column(String(66))
    changed_log_index: Mapped[int] = mapped_column(Integer)
