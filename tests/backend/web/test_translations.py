"""No text is without a translation, and each says what its catalogue says."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from support.toolchain import load

from backend.chain.events import EVENTS
from backend.db.models import OPEN_STATUSES, Document
from backend.queries.participant_totals import Part
from backend.queries.participants import ROLES
from backend.web.languages import LANGUAGES, translations
from backend.web.words import Words

EXAMPLE = Path(__file__).parents[3] / "examples" / "kabupaten-sukamaju.yaml"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("translations.py")


def test_every_text_is_translated_and_compiled(script: ModuleType) -> None:
    catalogues = script.catalogues()
    assert catalogues.keys() == LANGUAGES.keys() - {"en"}
    assert [line for code, file in catalogues.items() for line in script.problems(code, file)] == []


def test_missing_translation_is_found(script: ModuleType, tmp_path: Path) -> None:
    file = script.catalogues()["id"]
    copy = tmp_path / "messages.po"
    catalogue = script.read("id", file)
    catalogue["Contracts"].string = ""
    script.write("id", copy, catalogue)
    assert script.problems("id", copy) == ["id: no translation: 'Contracts'"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_is_a_word_for_every_code(code: str) -> None:
    words = Words(translations(code))
    assert all(words.event(kind.__name__) for kinds in EVENTS.values() for kind in kinds)
    assert all(words.role(role) for role in (*ROLES, *get_args(Part)))
    assert all(words.standing(standing).text for standing in ("active", "suspended", "debarred"))
    assert OPEN_STATUSES
    kinds = set(re.findall(r'"([a-z]+)"', (Document.__doc__ or "").split("`state`")[0]))
    assert len(kinds) == 20
    assert all(words.paper(kind) for kind in kinds)


def test_every_reason_of_the_example_has_its_words() -> None:
    """And those that the contracts give themselves."""
    text = EXAMPLE.read_text(encoding="utf-8")
    given = set(re.findall(r"\breason: ([a-z-]+)", text))
    assert len(given) > 20
    words = Words(translations("id"))
    own = {"lapsed", "default", "advance-unrecovered"}
    assert {code for code in given | own if words.reason(code) == code.replace("-", " ")} == set()


@pytest.mark.parametrize(
    ("basis", "told"),
    [
        ("acceptance", "accepted and paid"),
        ("partial-acceptance", "paid"),
        ("settlement", "paid"),
        ("ruling", "paid"),
        ("silence", "accepted by silence: the review period passed without a decision"),
        ("default-ruling", "nobody ruled in time: the agreed share"),
    ],
)
def test_a_payment_repeats_no_decision_that_has_a_step_of_its_own(basis: str, told: str) -> None:
    assert Words(translations("en")).step("PaymentMade", basis) == told


def test_unknown_reason_is_shown_as_it_is() -> None:
    words = Words(translations("id"))
    assert words.reason("additional-work") == "pekerjaan tambah"
    assert words.reason("out-of-cement") == "out of cement"
    assert words.reason(None) == ""
