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

START_SECONDS = 15


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
    """An address for every page that the application has, as its routes say, in a language.

    What an address names is counted from 1 until there is no more; a fact is looked up.
    """
    routes = [route.path for route in router.routes if isinstance(route, APIRoute)]
    # Each page has an address without a language, too, which leads to that of the reader.
    found = [path for path in routes if path[1:] not in LANGUAGES and not _is_static(path)]
    return [each for path in found for each in _filled(site, f"/{language}{path}")]


def _is_static(path: str) -> bool:
    return path.startswith("/static/")


def _filled(site: str, path: str) -> list[str]:
    if "{" not in path:
        return [path]
    if "{place}" in path:
        home = path.partition("facts/")[0]
        linked = re.findall(r"facts/(\d+-\d+)", httpx.get(f"{site}{home}payments").text)
        return [path.replace("{place}", linked[0])]
    found = []
    while httpx.get(f"{site}{_numbered(path, len(found) + 1)}").status_code == httpx.codes.OK:
        found.append(_numbered(path, len(found) + 1))
    assert found, f"no page for {path}"
    return found


def _numbered(path: str, number: int) -> str:
    return re.sub(r"\{\w+\}", str(number), path)
