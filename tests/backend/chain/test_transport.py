"""transport
├── user and password of an address
│   └── are for Basic authentication, and stand nowhere else
├── a proxy of the environment
│   ├── is gone by, with its own user and password
│   ├── for https gets a tunnel to make
│   └── is not gone by where the environment says so
├── an answer
│   ├── that is compressed is read, in one piece and in chunks
│   ├── that is too large once it is unpacked is refused before it is unpacked whole
│   ├── that ends before its time is refused
│   ├── that is never complete is given up: its beginning, its headers, its content
│   └── that leads elsewhere is not followed
├── the connection
│   ├── is kept between requests
│   ├── that was idle for long, or that the node closed, is made anew
│   └── is given up with an answer that nobody reads
└── with TLS
    ├── who is not trusted is refused
    └── whom SSL_CERT_FILE names is trusted
"""

from __future__ import annotations

import gzip
import json
import ssl
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.waiting import wait_until

from backend.chain import deadline
from backend.chain import rpc as rpc_module
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc

BASIC = "Basic dXNlcjpnZWhlaW3DnzptaXQ6L0A="  # user:geheimß:mit:/@
ANSWER = b'{"id": 1, "result": "0x1"}'
PATIENCE = 10.0
OF_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass
class Node:
    """A server, and what it was asked: the first line and the headers of each request.

    `peers` are those who asked, `closed` those whose connection it has closed.
    """

    port: int
    lines: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    peers: list[Any] = field(default_factory=list)
    closed: list[Any] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Node]:
    """A node, or a proxy, that notes what it is asked."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.note()
            (node.answer or plain)(self)

        def do_CONNECT(self) -> None:
            self.note()
            self.send_error(407)

        def note(self) -> None:
            node.lines.append(self.requestline)
            node.headers.append({name.lower(): value for name, value in self.headers.items()})
            node.peers.append(self.client_address)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def process_request_thread(self, request: Any, client_address: Any) -> None:
            super().process_request_thread(request, client_address)
            node.closed.append(client_address)

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    node = Node(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield node
    server.shutdown()
    server.server_close()


def plain(
    request: BaseHTTPRequestHandler, content: bytes = ANSWER, status: int = 200, **headers: str
) -> None:
    """Answer with headers, of which those that are not named follow."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(content)


@pytest.fixture
def node() -> Iterator[Node]:
    with serving() as found:
        yield found


@pytest.fixture
def proxy() -> Iterator[Node]:
    with serving() as found:
        yield found


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OF_PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ask(url: str) -> Any:
    """The answer to one request."""
    with Rpc(url, timeout=2) as rpc:
        return rpc.call("eth_chainId")


def test_user_and_password_are_for_basic_authentication(node: Node) -> None:
    url = node.url.replace("://", "://user:geheim%C3%9F%3Amit%3A%2F%40@")
    assert ask(f"{url}/v1?key=a%20b") == "0x1"
    assert node.lines == ["POST /v1?key=a%20b HTTP/1.1"]
    assert node.headers[0]["authorization"] == BASIC
    assert node.headers[0]["host"] == f"127.0.0.1:{node.port}"


def test_whoever_is_not_let_in_learns_no_password(node: Node) -> None:
    node.answer = lambda request: plain(request, b"", 401)
    with pytest.raises(NodeUnreachableError, match="401") as caught:
        ask(node.url.replace("://", "://user:geheim@"))
    assert "geheim" not in str(caught.value.__cause__)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_is_gone_by(
    node: Node, proxy: Node, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, proxy.url.replace("://", "://user:geheim%C3%9F%3Amit%3A%2F%40@"))
    assert ask(f"{node.url.replace('://', '://me:mine@')}/v1") == "0x1"
    assert node.lines == []
    assert proxy.lines == [f"POST {node.url}/v1 HTTP/1.1"]
    assert proxy.headers[0]["proxy-authorization"] == BASIC
    assert proxy.headers[0]["authorization"] == "Basic bWU6bWluZQ=="


def test_a_proxy_makes_a_tunnel_for_tls(proxy: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"user:geheim%C3%9F%3Amit%3A%2F%40@127.0.0.1:{proxy.port}")
    with pytest.raises(NodeUnreachableError, match="407"):
        ask("https://node.invalid/v1")
    assert [line.rpartition(" ")[0] for line in proxy.lines] == ["CONNECT node.invalid:443"]
    assert proxy.headers[0]["proxy-authorization"] == BASIC


@pytest.mark.parametrize("where", ["127.0.0.1", "*", "example.org, 127.0.0.1", "127.0.0.1:{port}"])
def test_a_proxy_is_not_gone_by(
    node: Node, proxy: Node, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", where.format(port=node.port))
    assert ask(node.url) == "0x1"
    assert (len(node.lines), proxy.lines) == (1, [])


def chunked(content: bytes) -> bytes:
    """A body in three chunks (RFC 9112, section 7.1)."""
    third = len(content) // 3
    parts = [content[:third], content[third : 2 * third], content[2 * third :]]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("in_chunks", [False, True], ids=["whole", "in chunks"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_answer_is_read(node: Node, encoding: str, in_chunks: bool) -> None:
    content = json.dumps({"id": 1, "result": "0x" + "ab" * 100_000}).encode()
    packed = gzip.compress(content) if encoding == "gzip" else zlib.compress(content)
    headers = {"Content_Encoding": encoding}
    if in_chunks:
        packed, headers = chunked(packed), headers | {"Transfer_Encoding": "chunked"}
    node.answer = lambda request: plain(request, packed, **headers)
    assert ask(node.url) == "0x" + "ab" * 100_000
    assert encoding in node.headers[0]["accept-encoding"]


def test_what_is_small_only_while_it_is_packed_is_refused(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc_module, "LARGEST_ANSWER", 1_000_000)
    packed = gzip.compress(b" " * 50_000_000 + ANSWER)
    headers = {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}

    def answer(request: BaseHTTPRequestHandler) -> None:
        with suppress(ConnectionError):
            plain(request, chunked(packed), **headers)

    node.answer = answer
    tracemalloc.start()
    with pytest.raises(NodeRefusedError, match="more than 1000000 bytes"):
        ask(node.url)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 25_000_000


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (ANSWER, {"Content_Length": "100", "Connection": "close"}),
        (b"1a\r\n" + ANSWER, {"Transfer_Encoding": "chunked", "Connection": "close"}),
        (b"no gzip", {"Content_Encoding": "gzip"}),
    ],
    ids=["length", "chunks", "compression"],
)
def test_half_an_answer_is_refused(node: Node, content: bytes, headers: dict[str, str]) -> None:
    def half(request: BaseHTTPRequestHandler) -> None:
        plain(request, content, **headers)
        request.close_connection |= "Connection" in headers

    node.answer = half
    with pytest.raises(NodeUnreachableError, match="No usable answer from the node"):
        ask(node.url)


@pytest.mark.parametrize(
    ("beginning", "more"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["content", "chunks", "headers", "continue"],
)
@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_that_is_never_complete_is_given_up(
    node: Node,
    secure: Node,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    beginning: bytes,
    more: bytes,
    tls: bool,
) -> None:
    left = threading.Event()

    def drip(request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            request.wfile.write(beginning)
            while not left.wait(0.1):
                request.wfile.write(more)
        request.close_connection = True

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    asked = secure if tls else node
    asked.answer = drip
    url = asked.url.replace("http:", "https:") if tls else asked.url
    with Rpc(url, timeout=0.5) as rpc:
        threading.Timer(PATIENCE, left.set).start()
        with pytest.raises(NodeUnreachableError, match=r"ReadTimeoutError|TimeoutError"):
            rpc.call("eth_chainId")
        assert not left.is_set()
        left.set()
        asked.answer = None
        rpc._timeout = PATIENCE
        assert rpc.call("eth_chainId") == "0x1"


def test_an_answer_that_leads_elsewhere_is_not_followed(node: Node) -> None:
    node.answer = lambda request: plain(request, b"", 307, Location=f"{node.url}/other")
    with pytest.raises(NodeUnreachableError, match="307"):
        ask(node.url)
    assert len(node.lines) == 1


def test_the_connection_is_kept(node: Node) -> None:
    with Rpc(node.url) as rpc:
        for _ in range(3):
            rpc.call("eth_chainId")
    assert len(set(node.peers)) == 1


def test_one_that_was_idle_for_long_is_made_anew(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "KEPT_SECONDS", -1.0)
    with Rpc(node.url) as rpc:
        rpc.call("eth_chainId")
        rpc.call("eth_chainId")
    assert len(set(node.peers)) == 2


def test_one_that_the_node_closed_is_made_anew(node: Node) -> None:
    def closing(request: BaseHTTPRequestHandler) -> None:
        plain(request)
        request.close_connection = True

    node.answer = closing
    with Rpc(node.url) as rpc:
        for count in range(1, 4):
            assert rpc.call("eth_chainId") == "0x1"
            wait_until(lambda expected=count: len(node.closed) == expected)
    assert len(set(node.peers)) == 3


def test_one_is_given_up_with_an_answer_that_nobody_reads(node: Node) -> None:
    with Rpc(node.url) as rpc:
        node.answer = lambda request: plain(request, b"x" * 1_000_000, 500)
        with pytest.raises(NodeUnreachableError, match="500"):
            rpc.call("eth_chainId")
        node.answer = None
        assert rpc.call("eth_chainId") == "0x1"
    assert len(set(node.peers)) == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Certificate and key of 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    made = (folder / "certificate.pem", folder / "key.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-out", made[0], "-keyout", made[1]]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return made


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[Node]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with serving(context) as found:
        yield found


def test_who_is_not_trusted_is_refused(secure: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with pytest.raises(NodeUnreachableError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(secure.url.replace("http:", "https:"))
    assert secure.lines == []


def test_whom_the_environment_names_is_trusted(
    secure: Node, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert ask(secure.url.replace("http:", "https:")) == "0x1"
