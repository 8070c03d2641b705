"""Text as it is searched, sorted and stored."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.db.text import fold, like_pattern, sort_key, storable, storable_json
from backend.db.types import SORTED_LENGTH


@pytest.mark.parametrize(
    ("text", "folded"),
    [("José ÑANDÚ", "jose nandu"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁn", "fin")],
)
def test_folds_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("word", "pattern"),
    [("road", "%road%"), ("100%", "%100\\%%"), ("a_b", "%a\\_b%"), ("c:\\d", "%c:\\\\d%")],
)
def test_escapes_wildcards(word: str, pattern: str) -> None:
    assert like_pattern(word) == pattern


@given(st.text(st.characters()))
def test_stores_any_text(text: str) -> None:
    stored = storable(text)
    assert stored.encode().decode() == stored
    assert "\0" not in stored
    assert storable(stored) == stored


PIECES = ["\ud83c", "\udfd7", "\\", '"', "u", "\0", "d83c", "é", "\n", "🏗"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_stores_any_text_in_json(text: str) -> None:
    given = json.dumps([text])
    (told,) = json.loads(given)
    stored = storable_json(given)
    assert json.loads(stored) == [told.encode("utf-8", "backslashreplace").decode()]
    assert storable_json(stored) == stored


@given(st.text(max_size=400))
def test_sort_keys_fit_their_column(text: str) -> None:
    assert len(sort_key(text)) <= SORTED_LENGTH
    assert fold(fold(text)) == fold(text)
