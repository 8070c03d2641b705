"""Requests to a node: real answers, and answers as only a broken or hostile node gives them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest
from support.node import free_port

from backend.chain import rpc as rpc_module
from backend.chain.rpc import NodeBusyError, NodeRefusedError, NodeUnreachableError, Rpc

Answer = Callable[[Any], "bytes | tuple[int, bytes] | tuple[int, bytes, dict[str, str]]"]


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
                status, content, *headers = found if isinstance(found, tuple) else (200, found)
                self.send_response(status)
                for name, value in (pair for each in headers for pair in each.items()):
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(ConnectionError):
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
    assert caught.value.detail.startswith(
        f"No usable answer from the node at {url}: NewConnectionError"
    )
    assert "Is the chain running (`termin chain`), and is --rpc-url right?" in caught.value.detail


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "ftp://127.0.0.1/", "http://[::bad"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(NodeUnreachableError, match="No usable answer"):
        Rpc(url).call("eth_chainId")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not a node</html>",
        b'{"jsonrpc": "2.0", "id": 1, "resu',
        b"\xff\xfe",
        b'{"id": 1, "result": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id": 1, "error": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["empty", "html", "half", "bytes", "deep result", "deep error"],
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
        ({"message": [[[[[[[[["deep"]]]]]]]]]}, 0, "[[[[[[[...]]]]]]]"),
        ({"code": -1, "message": "x" * 5_000_000}, -1, "x" * 1_000),
        ({"code": -1, "message": "x" * 8_388_582}, 0, "an error of 8388609 bytes"),
    ],
)
def test_an_error_of_any_shape_is_a_refusal(
    answering: Callable[[Answer], Rpc], found: Any, code: int, message: str
) -> None:
    rpc = answering(lambda body: error(body, found))
    with pytest.raises(NodeRefusedError) as caught:
        rpc.call("eth_call")
    assert (caught.value.code, caught.value.message, caught.value.data) == (code, message, b"")


@pytest.mark.parametrize(
    "found",
    [b'"\xff"', b'{"message": "\xff"}', b"1e99999", b"9" * 5_000],
    ids=["bytes", "bytes in it", "too large", "too long"],
)
def test_an_error_that_cannot_be_read_is_a_refusal(
    answering: Callable[[Answer], Rpc], found: bytes
) -> None:
    def node(body: Any) -> bytes:
        calls = body if isinstance(body, list) else [body]
        told = b",".join(b'{"id": %d, "error": %b}' % (call["id"], found) for call in calls)
        return b"[%b]" % told if isinstance(body, list) else told

    rpc = answering(node)
    with pytest.raises(NodeRefusedError) as caught:
        rpc.call("eth_call")
    assert caught.value.detail == "eth_call: an error that cannot be read (code 0)"
    with pytest.raises(NodeRefusedError, match="an error that cannot be read"):
        rpc.batch(CALLS)
    assert rpc.glance(CALLS) == [None] * len(CALLS)


def test_a_real_node_refuses_an_unknown_method(node_url: str) -> None:
    with Rpc(node_url) as rpc, pytest.raises(NodeRefusedError) as caught:
        rpc.call("eth_conjure", 1)
    assert caught.value.code == -32601
    assert caught.value.detail.startswith("eth_conjure: ")


@pytest.mark.parametrize("content", [b"[]", b"7", b'"0x1"', b"null"])
def test_an_answer_that_is_no_object(answering: Callable[[Answer], Rpc], content: bytes) -> None:
    with pytest.raises(NodeUnreachableError, match=r"No usable answer .*Expected `object`"):
        answering(lambda _: content).call("eth_chainId")


def test_one_error_in_a_batch_refuses_the_batch(node_url: str) -> None:
    with Rpc(node_url) as rpc, pytest.raises(NodeRefusedError, match="eth_conjure"):
        rpc.batch([("eth_chainId", []), ("eth_conjure", []), ("eth_chainId", [])])


@pytest.mark.parametrize("kept", [0, 1])
def test_half_a_batch_is_refused(answering: Callable[[Answer], Rpc], kept: int) -> None:
    def half(body: Any) -> bytes:
        return json.dumps([{"id": each["id"], "result": 1} for each in body[:kept]]).encode()

    with pytest.raises(NodeUnreachableError, match=f"2 answers expected .*found {kept}"):
        answering(half).batch([("a", []), ("b", [])])


def test_a_batch_with_what_the_node_refuses(node_url: str) -> None:
    calls = [("eth_chainId", []), ("eth_conjure", []), ("eth_chainId", [])]
    with Rpc(node_url) as rpc:
        assert rpc.glance(calls) == ["0x7ea", None, "0x7ea"]


@pytest.mark.parametrize("method", ["batch", "glance"])
def test_a_batch_that_one_alone_answers_cannot_be_used(
    answering: Callable[[Answer], Rpc], method: str
) -> None:
    rpc = answering(lambda _: b'{"id": 1, "result": "0x1"}')
    with pytest.raises(NodeUnreachableError, match=r"2 answers expected .*found 1"):
        getattr(rpc, method)([("a", []), ("b", [])])


# --- limits of a node ---


class Limited:
    """A node that answers each call with the call's own name, but not too many at once.

    `asked` are the names of each request; `refusal` is what it says to more than `most`.
    """

    def __init__(self, most: int, refusal: Answer) -> None:
        self.asked: list[list[str]] = []
        self._most, self._refusal = most, refusal

    def __call__(self, body: Any) -> Any:
        """One answer."""
        calls = body if isinstance(body, list) else [body]
        self.asked.append([call["method"] for call in calls])
        if len(calls) > self._most:
            return self._refusal(body)
        found = [{"id": call["id"], "result": call["method"]} for call in calls]
        return json.dumps(found if isinstance(body, list) else found[0]).encode()


NAMES = ["a", "b", "c", "d", "e"]
CALLS: list[tuple[str, list[Any]]] = [(name, []) for name in NAMES]
TOO_MANY = b'{"id": null, "error": {"code": -32600, "message": "batch too large"}}'
REFUSALS: list[Answer] = [
    lambda _: TOO_MANY,
    lambda body: b"[" + TOO_MANY.replace(b"null", b"%d" % body[0]["id"]) + b"]",
    lambda _: (400, TOO_MANY),
    lambda _: (413, b"<html>Request Entity Too Large</html>"),
    lambda _: b"[" + b" " * 5_000 + b"]",
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=["answer", "list", "400", "413", "size"])
@pytest.mark.parametrize("method", ["batch", "glance"])
def test_a_batch_that_is_refused_is_asked_for_in_halves(
    answering: Callable[[Answer], Rpc],
    monkeypatch: pytest.MonkeyPatch,
    refusal: Answer,
    method: str,
) -> None:
    monkeypatch.setattr(rpc_module, "LARGEST_BATCH", 4_000)
    monkeypatch.setattr(rpc_module, "LARGEST_GLANCE", 4_000)
    node = Limited(2, refusal)
    assert getattr(answering(node), method)(CALLS) == NAMES
    assert node.asked == [NAMES, ["a", "b"], ["c", "d", "e"], ["c"], ["d", "e"]]


def test_a_node_that_takes_no_batches_is_asked_one_by_one(
    answering: Callable[[Answer], Rpc],
) -> None:
    node = Limited(1, lambda _: b'{"id": null, "error": "batches are off"}')
    assert answering(node).batch(CALLS) == NAMES
    assert [asked for asked in node.asked if len(asked) == 1] == [[name] for name in NAMES]


@pytest.mark.parametrize("method", ["batch", "glance"])
def test_a_node_that_refuses_one_alone_as_well_is_not_asked_for_all(
    answering: Callable[[Answer], Rpc], method: str
) -> None:
    busy = b'{"id": null, "error": {"code": -32005, "message": "too many requests"}}'
    node = Limited(0, lambda _: busy)
    with pytest.raises(NodeRefusedError) as caught:
        getattr(answering(node), method)(CALLS)
    assert caught.value.detail == "batch: too many requests (code -32005)"
    assert node.asked == [NAMES, ["a", "b"], ["a"]]


def test_what_was_left_out_of_an_answer_is_asked_for_again(
    answering: Callable[[Answer], Rpc],
) -> None:
    asked: list[list[str]] = []

    def node(body: Any) -> bytes:
        """As go-ethereum, which has room for one result."""
        calls = body if isinstance(body, list) else [body]
        asked.append([call["method"] for call in calls])
        left_out = {"code": -32003, "message": "response too large"}
        room = [n for n, call in enumerate(calls) if call["method"] != "c" or len(calls) == 1][:1]
        found = [
            {"id": call["id"]} | ({"result": call["method"]} if n in room else {"error": left_out})
            for n, call in enumerate(calls)
        ]
        return json.dumps(found if isinstance(body, list) else found[0]).encode()

    assert answering(node).batch(CALLS[:4]) == NAMES[:4]
    assert asked == [["a", "b", "c", "d"], ["b", "c", "d"], ["c", "d"], ["c"]]


def test_what_is_too_large_alone_is_refused(answering: Callable[[Answer], Rpc]) -> None:
    found = {"code": -32003, "message": "response too large"}

    def node(body: Any) -> bytes:
        calls = body if isinstance(body, list) else [body]
        told = [{"id": call["id"], "error": found} for call in calls]
        return json.dumps(told if isinstance(body, list) else told[0]).encode()

    with pytest.raises(NodeRefusedError, match="response too large"):
        answering(node).batch(CALLS)


@pytest.mark.parametrize(
    "content",
    [b"{}", b"no", b'{"id": 1, "result": "0x1"}', b'{"error": "', b" " * 70_000 + TOO_MANY],
)
def test_a_bad_request_without_an_error_cannot_be_used(
    answering: Callable[[Answer], Rpc], content: bytes
) -> None:
    rpc = answering(lambda _: (400, content))
    for ask in (lambda: rpc.call("a"), lambda: rpc.batch(CALLS)):
        with pytest.raises(NodeUnreachableError, match="400 Bad Request"):
            ask()


@pytest.mark.parametrize(
    "content",
    [
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
    with pytest.raises(NodeUnreachableError, match="No usable answer from the node"):
        answering(lambda _: content).batch([("a", []), ("b", [])])


# --- patience ---


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, {}, 0.0),
        (429, {"Retry-After": "7"}, 7.0),
        (503, {"Retry-After": "120"}, 120.0),
        (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        (429, {"Retry-After": "-5"}, 0.0),
        (429, {"Retry-After": "9" * 400}, 300.0),
    ],
)
def test_a_node_that_asks_for_patience(
    answering: Callable[[Answer], Rpc], status: int, header: dict[str, str], seconds: float
) -> None:
    rpc = answering(lambda _: (status, b"{}", header))
    with pytest.raises(NodeBusyError) as caught:
        rpc.call("eth_chainId")
    assert caught.value.retry_after == seconds
    said = header.get("Retry-After", "not said")
    assert caught.value.detail == (
        f"No usable answer from the node at {rpc.url}: {status}, Retry-After: {said}."
    )


def test_what_lets_one_in_is_not_told() -> None:
    with pytest.raises(NodeUnreachableError) as caught:
        Rpc(f"http://user:secret@127.0.0.1:{free_port()}/v3/KEY?token=TOKEN").call("eth_chainId")
    assert not {"user", "secret", "KEY", "TOKEN"} & set(re.split(r"\W", caught.value.detail))


def test_a_node_that_is_only_unwell_is_not_busy(answering: Callable[[Answer], Rpc]) -> None:
    with pytest.raises(NodeUnreachableError) as caught:
        answering(lambda _: (503, b"{}")).call("eth_chainId")
    assert not isinstance(caught.value, NodeBusyError)


# --- shapes and sizes ---


class Pair(msgspec.Struct):
    """A shape."""

    first: int
    second: str | None = None


def answer(result: Any) -> Answer:
    """A server that gives everybody the same."""

    def found(body: Any) -> bytes:
        if isinstance(body, list):
            return json.dumps([{"id": each["id"], "result": result} for each in body]).encode()
        return json.dumps({"id": body["id"], "result": result}).encode()

    return found


def test_a_result_has_the_shape_that_is_asked_for(answering: Callable[[Answer], Rpc]) -> None:
    rpc = answering(answer({"first": 1, "third": 3}))
    assert rpc.call_as(Pair, "a") == Pair(1)
    assert rpc.batch_as(Pair, [("a", []), ("b", [])]) == [Pair(1), Pair(1)]
    assert answering(answer(None)).call_as(Pair, "a") is None


@pytest.mark.parametrize("result", [{"first": "1"}, {}, [], 7, "x", {"first": 1, "second": 2}])
def test_a_result_of_another_shape_cannot_be_used(
    answering: Callable[[Answer], Rpc], result: Any
) -> None:
    rpc = answering(answer(result))
    with pytest.raises(NodeUnreachableError, match=r"No usable answer .*ValidationError"):
        rpc.call_as(Pair, "a")
    with pytest.raises(NodeUnreachableError, match=r"No usable answer .*ValidationError"):
        rpc.batch_as(Pair, [("a", [])])


def test_a_glance_is_small_and_quick(
    answering: Callable[[Answer], Rpc], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc_module, "LARGEST_GLANCE", 1_000)
    calls: list[Any] = [("a", []), ("b", [])]
    assert answering(answer("x" * 400)).glance(calls) == ["x" * 400] * 2
    with pytest.raises(NodeRefusedError, match="more than 1000 bytes"):
        answering(answer("x" * 1_000)).glance(calls)
    late = threading.Event()

    def hang(_: Any) -> bytes:
        late.wait(20)
        return b"{}"

    with pytest.raises(NodeUnreachableError, match="Read timed out"):
        answering(hang).glance(calls, 0.2)
    assert not late.is_set()
    late.set()


@pytest.mark.parametrize(("size", "fits"), [(1_000, True), (1_001, False)])
def test_an_answer_that_is_too_large_is_a_refusal(
    answering: Callable[[Answer], Rpc], monkeypatch: pytest.MonkeyPatch, size: int, fits: bool
) -> None:
    monkeypatch.setattr(rpc_module, "LARGEST_ANSWER", 1_000)
    frame = b'{"id": 1, "result": ""}'
    content = frame.replace(b'""', b'"' + b"x" * (size - len(frame)) + b'"')
    rpc = answering(lambda _: content)
    if fits:
        assert len(rpc.call("a")) == size - len(frame)
        return
    with pytest.raises(NodeRefusedError) as caught:
        rpc.call("a")
    assert caught.value.detail == "answer: the answer has more than 1000 bytes (code -32005)"
