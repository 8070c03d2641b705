"""What no indexer on one connection can beat: all logs as JSON, parsed and thrown away."""

from __future__ import annotations

import http.client
import json
import time
from urllib.parse import urlsplit

import msgspec

from backend.chain.decoding import topics
from benchmarks.indexing.chain import BenchmarkChain

LOGS_PER_REQUEST = 10_000


def events_per_second(chain: BenchmarkChain) -> float:
    """`eth_getLogs` over the whole chain in ranges; raises RuntimeError if logs are missing."""
    address = urlsplit(chain.url)
    head = chain.head
    step = max(1, LOGS_PER_REQUEST * chain.blocks // chain.told)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    found, begin = 0, time.perf_counter()
    for first in range(chain.deployment.start_block, head + 1, step):
        found += len(_logs(connection, first, min(head, first + step - 1)))
    seconds = time.perf_counter() - begin
    connection.close()
    if found != chain.events:
        raise RuntimeError(f"The node has {found} events, expected {chain.events}")
    return found / seconds


def _logs(connection: http.client.HTTPConnection, first: int, last: int) -> list[object]:
    span = {"fromBlock": hex(first), "toBlock": hex(last), "topics": [topics()]}
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [span]}
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/", json.dumps(request), headers)
    answer = msgspec.json.decode(connection.getresponse().read())
    logs: list[object] = answer["result"]
    return logs
