"""logs
├── one JSON object a line where nobody looks on, text where it is asked for
├── what is in `extra` becomes fields
├── from the level on that is set; what others tell of every request is not told
├── no password of any URL, in whatever place
└── set up again: each line once
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from backend.core.logs import set_up_logs
from backend.core.secrets import without_secrets

logger = logging.getLogger("backend.indexer.runner")
SECRET = "postgresql://termin:geheim@db/termin"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


Captured = pytest.CaptureFixture[str]


def lines(text: str) -> list[dict[str, Any]]:
    """The objects, without the time, which must be there."""
    found = [json.loads(line) for line in text.splitlines()]
    assert all(each.pop("timestamp").endswith("Z") for each in found)
    return found


def test_json_where_nobody_looks_on(capsys: Captured) -> None:
    set_up_logs("INFO", "auto")
    place = {"block": 7, "transaction": "0x07", "agreement": "0xa9"}
    logger.warning("The chain gave up %d blocks – so.", 3, extra=place)
    assert lines(capsys.readouterr().err) == [
        {
            "event": "The chain gave up 3 blocks – so.",
            "level": "warning",
            "logger": "backend.indexer.runner",
            "block": 7,
            "transaction": "0x07",
            "agreement": "0xa9",
        }
    ]


def test_text_where_it_is_asked_for(capsys: Captured) -> None:
    set_up_logs("INFO", "text")
    logger.warning("Back to block %d.", 7, extra={"block": 7})
    text = capsys.readouterr().err
    assert "[warning" in text
    assert "Back to block 7." in text
    assert "block=7" in text


@pytest.mark.parametrize(
    ("level", "told"), [("DEBUG", "diwe"), ("INFO", "iwe"), ("WARNING", "we"), ("ERROR", "e")]
)
def test_from_the_level_on(capsys: Captured, level: str, told: str) -> None:
    set_up_logs(level, "json")
    for say, word in zip(
        (logger.debug, logger.info, logger.warning, logger.error), "diwe", strict=True
    ):
        say(word)
    logging.getLogger("httpx").info("HTTP Request: POST http://user:geheim@node")
    logging.getLogger("urllib3.connection").warning("Failed to parse headers (url=/v1/geheim)")
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    assert [line["event"] for line in lines(capsys.readouterr().err)] == list(told)


def test_no_password(capsys: Captured) -> None:
    set_up_logs("INFO", "json")
    logger.warning("%s rests: %s", "http://user:geheim@node:8545/", SECRET, extra={"url": SECRET})
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.exception("It failed.")
    text = capsys.readouterr().err
    assert "geheim" not in text
    first, second = lines(text)
    assert first["event"] == "http://***@node:8545/ rests: postgresql://***@db/termin"
    assert first["url"] == "postgresql://***@db/termin"
    assert second["exception"].endswith("ValueError: postgresql://***@db/termin")
    assert "test_no_password" in second["exception"]


def test_each_line_once(capsys: Captured) -> None:
    set_up_logs("INFO", "json")
    set_up_logs("INFO", "json")
    logger.warning("Once.")
    assert [line["event"] for line in lines(capsys.readouterr().err)] == ["Once."]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://a:b@c:1/d", "http://***@c:1/d"),
        ("at http://token@c, and ws://x:y@z", "at http://***@c, and ws://***@z"),
        ("http://c:1/d@e", "http://c:1/d@e"),
        ("user@example.org", "user@example.org"),
        ("postgresql://a:b'c@d/e", "postgresql://***@d/e"),
        ("", ""),
    ],
)
def test_without_secrets(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
