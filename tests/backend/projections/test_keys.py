"""which rows may be there
├── is known of all that were made: none is missed
├── and of few others, beside as many as an index of some size has
└── is asked of a model: keys of another are others
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.db.models import Milestone, Token
from backend.projections.keys import KeyFilter

KEYS = st.one_of(st.text(), st.integers(), st.tuples(st.text(), st.integers()))


@given(st.lists(KEYS))
def test_all_that_were_made(keys: list[object]) -> None:
    known = KeyFilter()
    known.add(Token, keys)
    assert all(known.has(Token, key) for key in keys)


def test_few_others() -> None:
    known = KeyFilter()
    known.add(Milestone, ((f"0x{number:040x}", number % 20) for number in range(100_000)))
    others = [(f"0x{number:040x}", number % 20) for number in range(100_000, 200_000)]
    assert sum(known.has(Milestone, key) for key in others) < 200


def test_of_a_model() -> None:
    known = KeyFilter()
    assert not known.has(Token, "a")
    known.add(Token, ["a"])
    assert known.has(Token, "a")
    assert not known.has(Milestone, "a")
