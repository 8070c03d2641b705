"""A client that asks as fast as a server answers: HTTP/1.1 over kept connections, on bare sockets.

Libraries for HTTP cost more for each request than the server that is measured. This one writes
requests that are built beforehand, reads the status and Content-Length of the answer and counts
its body: nothing else of it is parsed.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

SPELL_SECONDS = 0.6
REST_SECONDS = 0.5

_HOST = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_RECEIVE = 1 << 18


class UnexpectedAnswerError(RuntimeError):
    """The server did not answer as the measurement needs."""


@dataclass
class Load:
    """What was measured: `seconds` in all, and how long each of the answers took, in seconds."""

    seconds: float
    latencies: list[float]
    received: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def listens(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((_HOST, port)) == 0


def request(path: str, headers: Sequence[str] = ()) -> bytes:
    """The bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {_HOST}", *headers]
    return "\r\n".join(lines).encode() + _HEAD_END


def run(
    port: int, requests: Iterator[bytes], *, connections: int, seconds: float, status: int = 200
) -> Load:
    """Ask for `seconds` over so many connections at once; raises `UnexpectedAnswerError`.

    Each connection asks anew as soon as it has its answer. There is a rest before each spell: of a
    second that processes with a real-time priority fill, Linux takes 50 ms away from them, and
    these would be the slowest hundredth of the answers.
    """
    spells = max(1, round(seconds / SPELL_SECONDS))
    with selectors.DefaultSelector() as selector:
        users = [_User(port, b" %d " % status) for _ in range(connections)]
        try:
            for user in users:
                selector.register(user.socket, selectors.EVENT_READ, user)
            found = [_spell(selector, users, requests, seconds / spells) for _ in range(spells)]
            latencies = [each for _, some in found for each in some]
            received = sum(user.received for user in users)
            return Load(sum(each for each, _ in found), latencies, received)
        finally:
            for user in users:
                user.socket.close()


def _spell(
    selector: selectors.BaseSelector,
    users: list[_User],
    requests: Iterator[bytes],
    seconds: float,
) -> tuple[float, list[float]]:
    """How long it was in the end, and how long each of the answers took."""
    time.sleep(REST_SECONDS)
    latencies: list[float] = []
    clock = time.perf_counter
    start = clock()
    for user in users:
        user.ask(next(requests), clock())
    end = start + seconds
    waiting = len(users)
    while waiting:
        for key, _ in selector.select():
            user = key.data
            if not user.read():
                continue
            now = clock()
            latencies.append(now - user.asked)
            if now < end:
                user.ask(next(requests), now)
            else:
                waiting -= 1
    return clock() - start, latencies


@dataclass
class _User:
    """One connection, with at most one request under way."""

    port: int
    status: bytes
    socket: socket.socket = field(init=False)
    asked: float = 0.0
    received: int = 0
    missing: int = 0
    head: bytes = b""

    def __post_init__(self) -> None:
        self.socket = socket.create_connection((_HOST, self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, now: float) -> None:
        self.asked = now
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take what has come; whether the answer is complete."""
        data = self.socket.recv(_RECEIVE)
        if not data:
            raise UnexpectedAnswerError("The server closed the connection.")
        self.received += len(data)
        if self.missing:
            self.missing -= len(data)
            return self.missing == 0
        head, separator, body = (self.head + data).partition(_HEAD_END)
        if not separator:
            self.head = head
            return False
        self.head = b""
        if head[8 : 8 + len(self.status)] != self.status:
            raise UnexpectedAnswerError(f"{head[:200]!r}; expected status{self.status!r}")
        self.missing = _length(head) - len(body)
        return self.missing == 0


def _length(head: bytes) -> int:
    # Servers write it in lower case or not, and leave it out where there is no body.
    start = head.lower().find(_LENGTH)
    if start < 0:
        return 0
    start += len(_LENGTH)
    end = head.find(b"\r", start)
    return int(head[start : end if end >= 0 else None])
