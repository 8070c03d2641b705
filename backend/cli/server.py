"""API and portal in a thread of their own, for as long as a command needs them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from backend.core.errors import AppError

START_SECONDS = 30.0
LOCALHOST = "127.0.0.1"


class PortTakenError(AppError):
    """Somebody else listens where API and portal should."""

    status = 409
    title = "The port is taken"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


def require_free(host: str, port: int) -> None:
    """Raise `PortTakenError` if somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(
                f"{host}:{port} cannot be listened on ({error.strerror}); choose another with "
                "--port (make: PORT=8001)."
            ) from error


def server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """A server for `app`; raises `PortTakenError`."""
    require_free(host, port)
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=5
    )
    return uvicorn.Server(config)


@contextmanager
def serving(app: FastAPI, host: str, port: int) -> Iterator[None]:
    """Serve `app` while the context lasts."""
    running = server(app, host, port)
    thread = threading.Thread(target=running.run, name="server", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + START_SECONDS
        while not running.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        yield
    finally:
        running.should_exit = True
        thread.join()
