"""API and portal in a thread of their own, for as long as a command needs them."""

from __future__ import annotations

import errno
import gc
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, start_http_server

from backend.api.exposition import Exposition
from backend.api.probe import ChainWatch
from backend.api.readiness import reasons
from backend.api.services import wall_clock
from backend.cli.protocol import WholeAnswers
from backend.cli.stopping import end_soon
from backend.core.errors import AppError
from backend.core.settings import Settings
from backend.db.session import Database

START_SECONDS = 30.0
LOCALHOST = "127.0.0.1"
_THRESHOLDS = (10_000, 20, 50)
STOP_SECONDS = 1
"""For how long requests may go on after the server was asked to end."""


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
    """Raise `PortTakenError` if somebody listens there already, or nobody can."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        bound = [_bind(family, kind, address) for family, kind, _, _, address in found]
        if not any(bound):
            raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
    except OSError as error:
        shown = f"[{host}]" if ":" in host else host
        raise PortTakenError(
            f"{shown}:{port} cannot be listened on ({error.strerror}); choose another with "
            "--port (make: PORT=8001)."
        ) from error


def _bind(family: int, kind: int, address: tuple[Any, ...]) -> bool:
    """As the server will: False where this machine has no such addresses; and one of IPv6 is none
    of IPv4 as well."""
    try:
        probe = socket.socket(family, kind)
    except OSError:
        return False
    with probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.bind(address)
    return True


def server(
    app: FastAPI, host: str, port: int, *, requests: bool = False, proxies: str = ""
) -> uvicorn.Server:
    """A server for `app`; with `requests` each is logged. Raises `PortTakenError`.

    What `proxies` (addresses or networks, separated by commas) say of their clients is believed.
    """
    require_free(host, port)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=WholeAnswers,
        # Nobody here speaks it, and what keeps bounds does not see it.
        ws="none",
        log_config=None,
        access_log=requests,
        # Anybody can write X-Forwarded-For: whoever is not named here is not believed.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return _Server(config)


def settle() -> None:
    """Let the garbage collector leave alone what is there for good, and come less often.

    To be called once, when everything is loaded. What answers are made of is gone when they are
    sent: looking through it for cycles takes a tenth of the time of an answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


class _Server(uvicorn.Server):
    """Ends within seconds when it is told to, whatever a request waits for."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGINT or SIGTERM came."""
        end_soon()
        super().handle_exit(sig, frame)


@contextmanager
def serving_metrics(settings: Settings, database: Database, host: str, port: int) -> Iterator[None]:
    """Give the metrics of this process on a port while the context lasts."""
    require_free(host, port)
    watch = ChainWatch(settings.node_urls, database, wall_clock)
    exposition = Exposition(watch, lambda: reasons(watch.glance(), None, settings))
    running, thread = start_http_server(port, host, cast("CollectorRegistry", exposition))
    try:
        yield
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@contextmanager
def serving(app: FastAPI, host: str, port: int, *, proxies: str = "") -> Iterator[None]:
    """Serve `app` while the context lasts; for `proxies` see `server`."""
    running = server(app, host, port, proxies=proxies)
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
