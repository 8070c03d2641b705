"""Requests to a node: real answers, and answers as only a broken or hostile node gives them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from support.node import free_port

from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc

Answer = Callable[[Any], "bytes | tuple[int, bytes]"]


@pytest.fixture
def answering() -> Iterator[Callable[[Answer], Rpc]]:
    """`answering(answer)`: an `Rpc` to a server that answers each body with `answer(body)`."""
    servers: list[ThreadingHTTPServer] = []
    clients: list[Rpc] = []

    def serve(answer: Answer) -> Rpc:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                found = answer(body)
                status, content = found if isinstance(found, tuple) else (200, found)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        clients.append(Rpc(f"http://127.0.0.1:{server.server_port}"))
        return clients[-1]

    yield serve
    for client in clients:
        client.close()
    for server in servers:
        server.shutdown()
        server.server_close()


def test_one_call(node_url: str) -> None:
    with Rpc(node_url) as rpc:
        assert rpc.call("eth_chainId") == "0x7ea"


def test_a_batch_comes_in_the_order_of_the_calls(node_url: str) -> None:
    with Rpc(node_url) as rpc:
        calls: list[tuple[str, list[Any]]] = [
            ("eth_chainId", []),
            ("eth_getBlockByNumber", ["0x0", False]),
            ("net_version", []),
        ]
        chain, block, version = rpc.batch(calls)
    assert (chain, block["number"], version) == ("0x7ea", "0x0", "2026")


def test_a_batch_is_sorted_by_id_whatever_the_node_does(
    answering: Callable[[Answer], Rpc],
) -> None:
    def shuffled(body: Any) -> bytes:
        return json.dumps([{"id": r["id"], "result": r["method"]} for r in reversed(body)]).encode()

    names = ["a", "b", "c", "d"]
    assert answering(shuffled).batch([(name, []) for name in names]) == names


def test_an_empty_batch_asks_nobody() -> None:
    with Rpc("http://127.0.0.1:1") as rpc:
        assert rpc.batch([]) == []


def test_nobody_listens() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with Rpc(url) as rpc, pytest.raises(NodeUnreachableError) as caught:
        rpc.call("eth_chainId")
    assert caught.value.status == 503
    assert caught.value.detail.startswith(f"No usable answer from the node at {url}: ConnectError")
    assert "Is the chain running (`termin chain`), and is --rpc-url right?" in caught.value.detail


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "ftp://127.0.0.1/", "http://[::bad"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(NodeUnreachableError, match="No usable answer"):
        Rpc(url).call("eth_chainId")


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>not a node</html>", b'{"jsonrpc": "2.0", "id": 1, "resu', b"\xff\xfe"],
    ids=["empty", "html", "half", "bytes"],
)
def test_an_answer_that_is_no_json(answering: Callable[[Answer], Rpc], content: bytes) -> None:
    rpc = answering(lambda _: content)
    with pytest.raises(NodeUnreachableError, match="No usable answer from the node"):
        rpc.call("eth_chainId")
    with pytest.raises(NodeUnreachableError, match="No usable answer from the node"):
        rpc.batch([("eth_chainId", [])])


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_an_http_error(answering: Callable[[Answer], Rpc], status: int) -> None:
    rpc = answering(lambda _: (status, b"{}"))
    with pytest.raises(NodeUnreachableError, match=str(status)):
        rpc.call("eth_chainId")


def error(body: Any, found: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": body["id"], "error": found}).encode()


def test_an_error_of_the_node_keeps_code_message_and_data(
    answering: Callable[[Answer], Rpc],
) -> None:
    found = {"code": 3, "message": "execution reverted", "data": "0x08c379a0"}
    rpc = answering(lambda body: error(body, found))
    with pytest.raises(NodeRefusedError) as caught:
        rpc.call("eth_call")
    refused = caught.value
    assert (refused.code, refused.message, refused.data.hex()) == (
        3,
        "execution reverted",
        "08c379a0",
    )
    assert refused.detail == "eth_call: execution reverted (code 3)"
    assert refused.status == 502


@pytest.mark.parametrize(
    ("found", "code", "message"),
    [
        ({}, 0, ""),
        ({"code": None, "message": None}, 0, "None"),
        ({"code": "x", "message": "no"}, 0, "no"),
        ({"code": -1, "message": "no", "data": "0xabc"}, -1, "no"),
        ({"code": -1, "message": "no", "data": "0xzz"}, -1, "no"),
        ({"code": -1, "message": "no", "data": {"a": 1}}, -1, "no"),
        ("boom", 0, "boom"),
        (["boom"], 0, "['boom']"),
    ],
)
def test_an_error_of_any_shape_is_a_refusal(
    answering: Callable[[Answer], Rpc], found: Any, code: int, message: str
) -> None:
    rpc = answering(lambda body: error(body, found))
    with pytest.raises(NodeRefusedError) as caught:
        rpc.call("eth_call")
    assert (caught.value.code, caught.value.message, caught.value.data) == (code, message, b"")


def test_a_real_node_refuses_an_unknown_method(node_url: str) -> None:
    with Rpc(node_url) as rpc, pytest.raises(NodeRefusedError) as caught:
        rpc.call("eth_conjure", 1)
    assert caught.value.code == -32601
    assert caught.value.detail.startswith("eth_conjure: ")


@pytest.mark.parametrize("content", [b"[]", b"7", b'"0x1"', b"null"])
def test_an_answer_that_is_no_object(answering: Callable[[Answer], Rpc], content: bytes) -> None:
    with pytest.raises(NodeRefusedError, match="expected an object, found"):
        answering(lambda _: content).call("eth_chainId")


def test_one_error_in_a_batch_refuses_the_batch(node_url: str) -> None:
    with Rpc(node_url) as rpc, pytest.raises(NodeRefusedError, match="eth_conjure"):
        rpc.batch([("eth_chainId", []), ("eth_conjure", []), ("eth_chainId", [])])


@pytest.mark.parametrize("kept", [0, 1])
def test_half_a_batch_is_refused(answering: Callable[[Answer], Rpc], kept: int) -> None:
    def half(body: Any) -> bytes:
        return json.dumps([{"id": each["id"], "result": 1} for each in body[:kept]]).encode()

    with pytest.raises(NodeRefusedError, match="no answer in the batch"):
        answering(half).batch([("a", []), ("b", [])])


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": null, "error": {"code": -32600, "message": "batches are off"}}',
        b'{"id": 1, "result": "0x1"}',
        b'[{"result": "0x1"}, {"result": "0x2"}]',
        b'["a", "b"]',
        b"[null, null]",
        b'[{"id": [1], "result": 1}]',
        b"7",
    ],
)
def test_a_batch_that_is_answered_by_something_else(
    answering: Callable[[Answer], Rpc], content: bytes
) -> None:
    with pytest.raises(NodeRefusedError):
        answering(lambda _: content).batch([("a", []), ("b", [])])
