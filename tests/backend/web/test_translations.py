"""No text is without a translation, and each says what its catalogue says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from backend.chain.events import EVENTS
from backend.db.models import OPEN_STATUSES
from backend.queries.participants import ROLES
from backend.web.languages import LANGUAGES, translations
from backend.web.words import Words

SCRIPT = Path(__file__).parents[3] / "toolchain" / "translations.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("translations_script", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


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
    assert all(words.role(role) for role in ROLES)
    assert all(words.standing(standing).text for standing in ("active", "suspended", "debarred"))
    assert OPEN_STATUSES


def test_unknown_reason_is_shown_as_it_is() -> None:
    words = Words(translations("id"))
    assert words.reason("additional-work") == "pekerjaan tambah"
    assert words.reason("out-of-cement") == "out of cement"
    assert words.reason(None) == ""
