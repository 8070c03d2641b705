"""Ids computed here and by the contracts are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.story import Story

from backend.chain.identity import (
    budget_line_id,
    bytes32_to_code,
    code_to_bytes32,
    participant_id,
)
from backend.chain.reader import View, read, read_all

NAMES = st.text(
    alphabet=st.characters(exclude_categories=("Cs",)), max_size=40
)  # no lone surrogates, which UTF-8 does not have


@settings(max_examples=25, deadline=None)
@given(scheme=NAMES, identifier=NAMES)
def test_participants(story: Story, scheme: str, identifier: str) -> None:
    registry = story.world.deployment.registry
    view = View("ParticipantRegistry", registry, "idOf", (scheme, identifier))
    assert participant_id(scheme, identifier) == read(story.rpc, view)


def test_participants_have_128_significant_bits() -> None:
    expected = "0daf5b0d6c61d2583f62490335e8ea4f" + "00" * 16
    assert participant_id("ID-NPWP", "01.234").hex() == expected


@settings(max_examples=25, deadline=None)
@given(
    buyer=st.binary(min_size=32, max_size=32),
    year=st.integers(0, 2**16 - 1),
    code=NAMES,
)
def test_budget_lines(story: Story, buyer: bytes, year: int, code: str) -> None:
    token = story.world.tokens["MXN"]
    line = (buyer, token, year, code)
    view = View("Budget", story.world.deployment.budget, "lineId", line)
    assert budget_line_id(*line) == read(story.rpc, view)


def test_where_the_border_between_scheme_and_identifier_lies_matters(story: Story) -> None:
    pairs = [("A", "BC"), ("AB", "C"), ("", "ABC"), ("ABC", "")]
    assert len({participant_id(*pair) for pair in pairs}) == 4
    registry = story.world.deployment.registry
    views = [View("ParticipantRegistry", registry, "idOf", pair) for pair in pairs]
    assert read_all(story.rpc, views) == [participant_id(*pair) for pair in pairs]


@pytest.mark.parametrize("code", ["a", "quality", "x" * 32, "two words"])
def test_codes_go_there_and_back(code: str) -> None:
    raw = code_to_bytes32(code)
    assert len(raw) == 32
    assert raw == code.encode().ljust(32, b"\0")
    assert bytes32_to_code(raw) == code


@pytest.mark.parametrize("code", ["", "x" * 33, "kualitas é", "日本"])
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(ValueError, match=r"characters, expected 1 to 32|ordinal not in range"):
        code_to_bytes32(code)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\0" * 32, ""),
        (b"\xff" * 32, "ff" * 32),
        (b"a\nb".ljust(32, b"\0"), b"a\nb".ljust(32, b"\0").hex()),
        (b"\x1b[31m".ljust(32, b"\0"), b"\x1b[31m".ljust(32, b"\0").hex()),
        (b"\0a".ljust(32, b"\0"), b"\0a".ljust(32, b"\0").hex()),
    ],
)
def test_what_an_event_may_carry_that_is_no_text(raw: bytes, shown: str) -> None:
    assert bytes32_to_code(raw) == shown
