"""What processes that run for long say of themselves: one JSON object a line, or text to read.

Everything goes through the standard library's `logging`; what is in `extra` becomes fields.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from backend.core.secrets import without_secrets

LOUD = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "urllib3": logging.ERROR,
    "websockets": logging.WARNING,
}
"""They tell each request or step, and some its whole URL, of which urllib3 also warns."""

TWICE = ("color_message", "message")
"""What servers and other handlers add to what `event` says already."""


def set_up_logs(level: str, form: Literal["auto", "json", "text"]) -> None:
    """Let this process log to its error stream from `level` on."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(text=text))
    handler.set_name(__name__)
    root = logging.getLogger()
    for former in [each for each in root.handlers if each.get_name() == __name__]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for name, least in LOUD.items():
        logging.getLogger(name).setLevel(least)


def _formatter(*, text: bool) -> logging.Formatter:
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper("iso", utc=True),
    ]
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _discreetly,
            last,
        ],
    )


def _discreetly(_: WrappedLogger, __: str, found: EventDict) -> EventDict:
    """Without what others say twice, and without passwords."""
    return {
        name: without_secrets(value) if isinstance(value, str) else value
        for name, value in found.items()
        if name not in TWICE
    }
