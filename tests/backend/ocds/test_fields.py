from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ocds.fields import (
    ID_LENGTH,
    JUNK,
    PROSE_LENGTH,
    TITLE_LENGTH,
    clean,
    digest,
    identifier,
    shorten,
    take_release,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  ICR081007SV5 ", "ICR081007SV5"),
        ("a\u0000b\r\nc\u2028d", "a b  c d"),
        ("\u202eevil\u2066", "evil"),
        ("R\ufeffFC\u200b", "RFC"),
        ("half \ud83d", "half \ufffd"),
        ("Añil 🏗", "Añil 🏗"),
    ],
)
def test_clean_leaves_what_can_be_seen_on_one_line(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1908008", "1908008"),
        (1908008, "1908008"),
        (Decimal("1.50"), "1.50"),
        (" ", None),
        (None, None),
        (True, None),
        ([1], None),
        ({"id": 1}, None),
    ],
)
def test_identifier_is_a_text_or_a_number(value: object, text: str | None) -> None:
    assert identifier(value) == text


def test_long_identifiers_are_cut_but_stay_different() -> None:
    first, second = (identifier("x" * 500 + end) for end in "ab")
    assert first is not None
    assert len(first) == ID_LENGTH
    assert first[:-20] == "x" * 179 + "~"
    assert first != second
    assert shorten("x" * ID_LENGTH, ID_LENGTH) == "x" * ID_LENGTH


def test_long_prose_is_cut_with_a_sign() -> None:
    taken = take_release({"contracts": [{"title": "t" * 999, "description": "d" * 99_999}]})
    assert taken == {
        "contracts": [
            {"title": "t" * (TITLE_LENGTH - 1) + "…", "description": "d" * (PROSE_LENGTH - 1) + "…"}
        ]
    }


def test_wrong_types_are_marked_and_never_guessed_at() -> None:
    assert take_release(
        {
            "ocid": ["x"],
            "date": {"x": 1},
            "tag": "compiled",
            "parties": [None, 3, {"roles": ["buyer", 5, None, "payer"], "name": False}],
            "buyer": "City",
            "tender": None,
            "contracts": {"id": "C1"},
            "awards": [{"suppliers": "x"}],
            "other": 1,
        }
    ) == {
        "ocid": None,
        "date": "an object",
        "tag": ["compiled"],
        "parties": [
            {JUNK: "null; expected an object"},
            {JUNK: "a number; expected an object"},
            {"roles": ["buyer", "5", "payer"], "name": None},
        ],
        "buyer": {JUNK: "a text; expected an object"},
        "tender": None,
        "contracts": [{JUNK: "an object; expected a list"}],
        "awards": [{"suppliers": [{JUNK: "a text; expected a list"}]}],
    }


def test_a_mark_cannot_be_brought_in_from_outside() -> None:
    assert take_release({"contracts": [{JUNK: "x", "id": "C\0001"}]}) == {
        "contracts": [{"id": "C 1"}]
    }


@given(st.text())
def test_cleaned_texts_can_be_encoded_and_hashed(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned
    assert cleaned == clean(cleaned)
    assert len(digest({"text": text})) == 64
