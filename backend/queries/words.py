"""Words that contracts are searched for: rare ones are looked up, common ones met on the way.

A page of a list is read in the order of the list until it is full. That is soon where many
contracts have a word. Where few have it they would all be read, so these are looked up by the
indexes of text. Which of both a word is, the statement itself finds out: it looks up the first
`FEW` contracts of each, and one more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Participant
from backend.db.text import LIKE_ESCAPE

FEW = 500
"""How many contracts of a rare word there are at most, and participants with it in their name."""

MANY = 4
"""Of how many words a search is kept at most as it was compiled: that of a hundred takes a
megabyte, and SQLAlchemy counts what it keeps, not how large that is."""

# Written in the statement: a plan depends on them.
_FEW = literal_column(str(FEW), Integer())
_ONE_MORE = literal_column(str(FEW + 1), Integer())


@dataclass(frozen=True, slots=True)
class Word:
    """A word as LIKE looks for it; `people` are all that have it in their name, `some_people` and
    `contracts` the first `FEW` and one more."""

    pattern: BindParameter[str]
    people: CTE
    some_people: CTE
    contracts: CTE

    @property
    def is_contained(self) -> ColumnElement[bool]:
        """The same as `contains`."""
        return _contains(self.pattern, select(self.people.c.id))

    @property
    def is_rare(self) -> ColumnElement[bool]:
        """Whether all that have it are among `contracts`."""
        return and_(_are_few(self.some_people), _are_few(self.contracts))


def word(name: str, pattern: BindParameter[str]) -> Word:
    """A word by a name of which a statement has only one."""
    people = _named(pattern).cte(f"{name}_people")
    some = select(people.c.id).limit(_ONE_MORE).cte(f"{name}_some_people")
    theirs = [
        select(Agreement.number).where(_are_few(some), party.in_(select(some.c.id)))
        for party in (Agreement.buyer, Agreement.supplier)
    ]
    # In the order of numbers an index is read until they are enough, where there are enough.
    own = select(Agreement.number).where(_has(pattern)).order_by(Agreement.number).limit(_ONE_MORE)
    every = union_all(select(own.subquery().c.number), *theirs).subquery()
    contracts = select(every.c.number).limit(_ONE_MORE).cte(f"{name}_contracts")
    return Word(pattern, people, some, contracts)


def contains(pattern: BindParameter[str]) -> ColumnElement[bool]:
    """Whether an agreement has a word, in what is said of itself or in the names of its parties."""
    return _contains(pattern, _named(pattern))


def among_few(words: Sequence[Word]) -> ColumnElement[bool]:
    """Whether an agreement is among those of a rare word; never where no word is rare."""
    found: Sequence[Select[int]] = [
        select(each.contracts.c.number).where(each.is_rare) for each in words
    ]
    numbers: Select[int] | CompoundSelect[int] = found[0] if len(found) == 1 else union_all(*found)
    return Agreement.number.in_(numbers)


def none_is_rare(words: Sequence[Word]) -> ColumnElement[bool]:
    """Whether no word is, which is the same for all agreements."""
    return not_(or_(*(each.is_rare for each in words)))


def has_indexes(session: Session) -> bool:
    """Whether the database has indexes of text."""
    return session.get_bind().dialect.name == "postgresql"


def plan_anew(session: Session, text: str) -> None:
    """Have statements planned for the words that they are given, until the transaction ends: what
    is best for one word may read everything for another. Those of many words are not kept either.
    """
    if len(text.split()) > MANY:
        session.connection().execution_options(compiled_cache=None)
    if has_indexes(session):
        session.execute(select(func.set_config("plan_cache_mode", "force_custom_plan", True)))


def _named(pattern: BindParameter[str]) -> Select[str]:
    return select(Participant.id).where(Participant.search.like(pattern, escape=LIKE_ESCAPE))


def _contains(pattern: BindParameter[str], people: Select[str]) -> ColumnElement[bool]:
    return or_(_has(pattern), Agreement.buyer.in_(people), Agreement.supplier.in_(people))


def _has(pattern: BindParameter[str]) -> ColumnElement[bool]:
    return Agreement.search.like(pattern, escape=LIKE_ESCAPE)


def _are_few(found: FromClause) -> ColumnElement[bool]:
    return select(func.count()).select_from(found).scalar_subquery() <= _FEW
