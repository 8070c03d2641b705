"""what pure functions made
├── is made once
├── is forgotten when there is more than may be kept
└── is not kept where it raised
"""

from __future__ import annotations

import pytest

from backend.core.kept import kept


def test_is_made_once() -> None:
    asked: list[int | None] = []

    def text(number: int | None) -> str:
        asked.append(number)
        return str(number)

    known = kept(text, 10)
    assert [known(1), known(None), known(1), known(None)] == ["1", "None", "1", "None"]
    assert asked == [1, None]


def test_no_more_is_kept_than_may_be() -> None:
    asked: list[int] = []

    def twice(number: int) -> int:
        asked.append(number)
        return 2 * number

    known = kept(twice, 3)
    assert [known(number) for number in (1, 2, 3, 1, 4, 4, 1)] == [2, 4, 6, 2, 8, 8, 2]
    assert asked == [1, 2, 3, 4, 1]


def test_what_raised_is_asked_again() -> None:
    asked: list[str] = []

    def number(text: str) -> int:
        asked.append(text)
        return int(text)

    known = kept(number, 10)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            known("x")
    assert asked == ["x", "x"]
