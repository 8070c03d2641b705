"""Stands between indexer and node, and does on command what is wrong with nodes."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
from chaos.faults import Answer, Fault, Memory, Request
from support.node import free_port

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Proxy:
    """Passes requests on to a node; each takes the next of the faults that are due.

    `requests` counts what was asked by JSON-RPC, and `kinds` the same by method;
    `sockets` counts websockets.
    """

    port: int
    node: int
    memory: Memory = field(default_factory=Memory)
    requests: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    sockets: int = 0
    _due: deque[Fault] = field(default_factory=deque)
    _always: Fault | None = None
    _alarms: list[tuple[int, Callable[[], None]]] = field(default_factory=list)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _sockets: set[asyncio.StreamWriter] = field(default_factory=set)
    _calm: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where the indexer finds it."""
        return f"http://127.0.0.1:{self.port}"

    # --- commands, from any thread ---

    def inject(self, fault: Fault, requests: int = 1) -> None:
        """Let the next requests meet a fault."""
        self._due.extend([fault] * requests)

    def always(self, fault: Fault | None) -> None:
        """Let every request meet a fault, until told otherwise."""
        self._always = fault

    def calm(self) -> None:
        """No more faults; who was left hanging is let go."""
        self._due.clear()
        self._always = None
        self._alarms.clear()
        self._do(self._let_go())

    def refuse(self) -> None:
        """Nobody listens any more."""
        self._do(self._close())

    def listen(self) -> None:
        """Listen again."""
        self._do(self._listen())

    def drop_sockets(self) -> None:
        """Break all websockets."""
        self._do(self._drop(self._sockets))

    def after(self, requests: int, action: Callable[[], None]) -> None:
        """Do something when so many more requests have come, before the last is answered."""
        self._alarms.append((self.requests + requests, action))

    # --- the server ---

    def run(self) -> None:
        """Serve until `end`."""
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        pending = asyncio.all_tasks(self._loop)
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.close()

    def end(self) -> None:
        """Close everything."""
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        await self._drop(self._open)

    async def _let_go(self) -> None:
        self._calm.set()
        await asyncio.sleep(0)
        self._calm.clear()

    async def _drop(self, writers: set[asyncio.StreamWriter]) -> None:
        for writer in list(writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        node: Streams | None = None
        try:
            while head := await _head(reader):
                node = node or await asyncio.open_connection("127.0.0.1", self.node)
                if b"upgrade: websocket" in head.lower():
                    await self._pass_on(head, (reader, writer), node)
                    return
                body = await reader.readexactly(_length(head))
                if not await self._answer(body, writer, node):
                    return
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            for each in (writer, node[1] if node else writer):
                each.transport.abort()

    async def _answer(self, body: bytes, writer: asyncio.StreamWriter, node: Streams) -> bool:
        """Answer one request; False where the connection is not to be used again."""
        calls = msgspec.json.decode(body)
        request = Request(
            calls if isinstance(calls, list) else [calls], isinstance(calls, list), self.memory
        )
        true = Answer(await _ask(node, body))
        self._note(request, true)
        fault = self._always or (self._due.popleft() if self._due else None)
        answer = fault(request, true) if fault else true
        self._count(request)
        if answer.silent:
            await self._calm.wait()
            return False
        await asyncio.sleep(answer.pause)
        return await self._send(answer, writer)

    def _note(self, request: Request, answer: Answer) -> None:
        told = msgspec.json.decode(answer.body)
        by_id = {each["id"]: each for each in (told if request.batch else [told])}
        for call in request.calls:
            result = by_id[call["id"]].get("result")
            self.memory.note(call["method"], call["params"], result)

    def _count(self, request: Request) -> None:
        self.requests += 1
        for call in request.calls:
            self.kinds[call["method"]] = self.kinds.get(call["method"], 0) + 1
        due = [action for at, action in self._alarms if at <= self.requests]
        self._alarms = [each for each in self._alarms if each[0] > self.requests]
        for action in due:
            action()

    async def _send(self, answer: Answer, writer: asyncio.StreamWriter) -> bool:
        if answer.sent == -1:
            return False
        headers = {"Content-Type": "application/json"} | answer.headers
        if not answer.endless:
            headers["Content-Length"] = str(len(answer.body))
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + answer.body[: answer.sent])
        while answer.endless:
            await writer.drain()
            writer.write(answer.body)
            self.sent += len(answer.body)
        await writer.drain()
        if answer.sent is not None:
            # What was written must be on its way before the connection is cut.
            await asyncio.sleep(0.01)
        return answer.sent is None

    async def _pass_on(self, head: bytes, client: Streams, node: Streams) -> None:
        """Let both sides talk past the proxy, until one ends it."""
        self._sockets.add(client[1])
        self.sockets += 1
        node[1].write(head)
        try:
            ways = [_flow(client[0], node[1]), _flow(node[0], client[1])]
            tasks = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        finally:
            self._sockets.discard(client[1])


@contextmanager
def proxy(node_url: str) -> Iterator[Proxy]:
    """Run one in front of a node."""
    found = Proxy(free_port(), int(node_url.rsplit(":", 1)[1]))
    thread = threading.Thread(target=found.run, name="proxy", daemon=True)
    thread.start()
    try:
        found.listen()
        yield found
    finally:
        found.end()
        thread.join(10)


async def _head(reader: asyncio.StreamReader) -> bytes:
    """All lines of a request up to its body; empty where nothing comes any more."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


async def _ask(node: Streams, body: bytes) -> bytes:
    reader, writer = node
    lines = ("POST / HTTP/1.1", "Host: node", "Content-Type: application/json")
    head = "\r\n".join((*lines, f"Content-Length: {len(body)}")) + "\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    return await reader.readexactly(_length(await reader.readuntil(b"\r\n\r\n")))


async def _flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65_536):
            writer.write(some)
            await writer.drain()
