"""JSON objects
├── are in UTF-8 and nothing else, without a byte order mark
├── have a bounded depth, whoever asks from however deep
│   ├── brackets in texts are not counted
│   └── what is counted is what the parser goes into
└── anything else is none
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.objects import DEEPEST, _depth, parse_object

OBJECT = '{"type":"participant","name":"PT Karya é 日本 🏗"}'


def nested(depth: int, inner: bytes = b"1") -> bytes:
    """An object that is `depth` deep."""
    return b'{"a":' * depth + inner + b"}" * depth


def from_below(frames: int, content: bytes) -> dict[str, Any] | None:
    """`parse_object` with so many callers more."""
    return from_below(frames - 1, content) if frames else parse_object(content)


def test_is_in_utf_8() -> None:
    assert parse_object(OBJECT.encode()) == parse_object(OBJECT) == json.loads(OBJECT)


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_is_in_no_other_code(code: str) -> None:
    assert parse_object(OBJECT.encode(code)) is None


@pytest.mark.parametrize(
    "content",
    [
        OBJECT.encode("utf-8-sig"),
        OBJECT.encode("latin-1", "replace"),
        b'{"name":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":[-1.5E+999]}',
        b'{"a":"\0"}',
        b"{}\0",
        b'{"a":%s}' % (b"1" * 5000),
    ],
)
def test_what_is_none(content: bytes) -> None:
    assert parse_object(content) is None


def test_a_byte_order_mark_is_none_of_it() -> None:
    assert parse_object("\ufeff" + OBJECT) is None


@pytest.mark.parametrize("frames", [0, 50, 300, 600])
def test_is_as_deep_as_that_whoever_asks(frames: int) -> None:
    assert sys.getrecursionlimit() == 1000
    assert from_below(frames, nested(DEEPEST)) is not None
    assert from_below(frames, nested(DEEPEST + 1)) is None
    assert from_below(frames, nested(DEEPEST - 1, b"[]")) is not None
    assert from_below(frames, nested(DEEPEST, b"[]")) is None
    assert from_below(frames, nested(960)) is None


def test_brackets_in_texts_do_not_count() -> None:
    text = '[{"\\' * 300
    assert parse_object(json.dumps({"a": text, text: ["\\", '"', "\\\\"]})) is not None
    assert parse_object(nested(DEEPEST, json.dumps('"[[{{' * 99).encode())) is not None


def test_many_beside_one_another_are_not_deep() -> None:
    assert parse_object(json.dumps({"a": [[{}]] * 1000})) is not None


@given(
    st.recursive(
        st.text(st.sampled_from('[]{}"\\a\n'), max_size=6) | st.integers(),
        lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=3), each),
    )
)
def test_counts_what_the_parser_goes_into(value: Any) -> None:
    def depth(value: Any) -> int:
        children = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, children), default=0) if isinstance(value, dict | list) else 0

    # Far more brackets than may be deep, so that they are counted one by one.
    wide = [[]] * (DEEPEST + 1)
    assert _depth(json.dumps([value, wide])) == 1 + max(2, depth(value))


@pytest.mark.parametrize("piece", ["[", '{"a":', '\\"', '"', '"\\', "\\", '["', "]", "[]"])
def test_takes_no_longer_than_the_text_is(piece: str) -> None:
    # By the square of it this would take hours.
    assert parse_object('{"a":"' + "[" * DEEPEST + piece * 300_000) is None
