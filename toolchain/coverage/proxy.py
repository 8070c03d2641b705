"""Stands in for `anvil`: starts the real one on another port and records what it executes.

    ANVIL=… RECORDS=folder python toolchain/coverage/proxy.py --port 8545 …

All options go to the real node. What was executed is in a file of its own below RECORDS.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from recorder import Recorder

HOST = "127.0.0.1"
DEFAULT_PORT = "8545"
START_SECONDS = 15
PR_SET_PDEATHSIG = 1
# Code without optimizer exceeds both limits; some tests give this one themselves. Transactions are traced at once: little history will do.
GAS_LIMIT = ("--gas-limit", "1000000000")
ADDED = (
    "--disable-code-size-limit",
    "--prune-history",
    "64",
    "--transaction-block-keeper",
    "128",
)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def port_among(options: list[str]) -> int:
    """The port that the caller wants to reach the node at."""
    return int(options[options.index("--port") + 1] if "--port" in options else DEFAULT_PORT)


def moved(options: list[str], port: int) -> list[str]:
    """The options with another port, without a limit on code, and with less kept in memory."""
    kept = list(options)
    if "--port" in kept:
        place = kept.index("--port")
        del kept[place : place + 2]
    if "--gas-limit" not in kept:
        kept += GAS_LIMIT
    return [*kept, "--port", str(port), *ADDED]


def end_with_parent() -> None:
    """Let Linux end the node should this process be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Node:
    """The real node, one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.lock = threading.RLock()
        self.connection = http.client.HTTPConnection(HOST, port)

    def send(self, body: bytes) -> bytes:
        """The answer to a request as it came."""
        with self.lock:
            headers = {"Content-Type": "application/json"}
            try:
                self.connection.request("POST", "/", body, headers)
                return self.connection.getresponse().read()
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                self.connection.request("POST", "/", body, headers)
                return self.connection.getresponse().read()

    def ask(self, method: str, *params: Any) -> dict[str, Any]:
        """The answer to a request of our own."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        answer = json.loads(self.send(json.dumps(request).encode()))
        return dict(answer)


class Handler(BaseHTTPRequestHandler):
    """Hands requests on and answers back, and tells the recorder of both."""

    protocol_version = "HTTP/1.1"
    # One packet an answer, at once: otherwise each waits 40 ms for the caller's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    node: Node
    recorder: Recorder

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.node.lock:
            answer = self._pass_on(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()

    def _pass_on(self, body: bytes) -> bytes:
        asked = json.loads(body)
        requests = asked if isinstance(asked, list) else [asked]
        for request in requests:
            self.recorder.before(request["method"])
        answer = self.node.send(body)
        given = json.loads(answer)
        by_id = {one.get("id"): one for one in (given if isinstance(given, list) else [given])}
        for request in requests:
            found = by_id.get(request.get("id"), {})
            self.recorder.after(request["method"], request.get("params") or [], found)
        return answer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server names it
        """Requests are not logged."""


def wait_for(node: Node, process: subprocess.Popen[bytes]) -> None:
    """Return once the node answers."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            node.ask("eth_chainId")
            return
        except (OSError, http.client.HTTPException):
            node.connection.close()
            time.sleep(0.02)
    sys.exit("coverage: Anvil does not answer")


def main(options: list[str]) -> int:
    """Run until the caller ends this process."""
    anvil = os.environ["ANVIL"]
    if "--version" in options:
        return subprocess.call([anvil, *options])
    port = free_port()
    command = [anvil, *moved(options, port)]
    process = subprocess.Popen(command, preexec_fn=end_with_parent)
    node = Node(port)
    wait_for(node, process)
    recorder = Recorder(node.ask, Path(os.environ["RECORDS"]) / f"{os.getpid()}.json")
    Handler.node, Handler.recorder = node, recorder
    server = ThreadingHTTPServer((HOST, port_among(options)), Handler)
    server.daemon_threads = True

    def end(*_: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        server.serve_forever()
        with node.lock:
            recorder.take_waiting()
            recorder.save()
    finally:
        process.terminate()
        process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
