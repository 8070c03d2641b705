"""The portal over HTTP, and every page that it has."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.routing import APIRoute
from support.node import free_port

from backend.web.languages import LANGUAGES
from backend.web.routes import router

START_SECONDS = 60
ANSWER_SECONDS = 60


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of a server that runs the application."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_keep_alive=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def pages(site: str, language: str) -> list[str]:
    """An address in a language for every page, no picture, that the application has by its routes.

    What an address names is counted from 1 until there is no more; a fact is looked up.
    """
    routes = [route.path for route in router.routes if isinstance(route, APIRoute)]
    # Each page has an address without a language, too, which leads to that of the reader.
    found = [path for path in routes if path[1:] not in LANGUAGES and not _is_file(path)]
    return [each for path in found for each in _filled(site, f"/{language}{path}")]


def _is_file(path: str) -> bool:
    return path.startswith("/static/") or path.endswith((".svg", ".png"))


def _filled(site: str, path: str) -> list[str]:
    if "{" not in path:
        return [path]
    if "{place}" in path:
        home = path.partition("facts/")[0]
        linked = re.findall(r"facts/(\d+-\d+)", _get(f"{site}{home}payments").text)
        return [path.replace("{place}", linked[0])]
    found: list[str] = []
    while True:
        one = _numbered(path, len(found) + 1)
        status = _get(f"{site}{one}").status_code
        if status == httpx.codes.NOT_FOUND and found:
            return found
        assert status == httpx.codes.OK, f"{one}: {status}"
        found.append(one)


def _get(address: str) -> httpx.Response:
    return httpx.get(address, timeout=ANSWER_SECONDS)


def _numbered(path: str, number: int) -> str:
    return re.sub(r"\{\w+\}", str(number), path)
