"""How often one client may ask the API: as many times a minute as is set, and as many at once.

Each client has a bucket that fills evenly (the generic cell rate algorithm, which needs one number
for each). Headers are those of draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.api.problems import app_error
from backend.core.errors import AppError

MINUTE = 60
_SECOND = 1_000_000_000
"""Nanoseconds. Fractions would round, and name a wait of 61 seconds."""

CLIENTS = 100_000
"""How many clients are remembered; the one that asked longest ago is forgotten first."""

_NETWORK_BITS = 64
_LONGEST_HOST = 100
_UNKNOWN = "unknown"


class TooManyRequestsError(AppError):
    """A client asked more often than it may."""

    status = 429
    title = "Too many requests"

    def __init__(self, limit: int, wait: int) -> None:
        super().__init__(
            f"At most {limit} requests a minute from one address are answered; try again in "
            f"{wait} seconds. What is wanted in whole is in the downloads."
        )
        self.headers = {
            "Retry-After": str(wait),
            "RateLimit-Policy": f'"minute";q={limit};w={MINUTE}',
            "RateLimit": f'"minute";r=0;t={wait}',
        }


class Buckets:
    """Counts requests by client; `limit` is how many are let through a minute, `clock` counts
    nanoseconds."""

    def __init__(self, limit: int, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._limit = limit
        self._interval = MINUTE * _SECOND // limit
        self._slack = MINUTE * _SECOND - self._interval
        self._clock = clock
        self._full: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full)

    def take(self, client: str) -> None:
        """Count one request; raises `TooManyRequestsError`, and does not count it, if it is one too
        many."""
        now = self._clock()
        # When the bucket will be full again.
        full = max(self._full.pop(client, now), now)
        excess = full - now - self._slack
        self._full[client] = full if excess > 0 else full + self._interval
        if len(self._full) > CLIENTS:
            self._full.popitem(last=False)
        if excess > 0:
            # Upwards: who comes back after so many whole seconds is let through.
            raise TooManyRequestsError(self._limit, -(-excess // _SECOND))


class Limited:
    """Lets requests below `prefix` through as often as is allowed; those to `free` paths always."""

    def __init__(self, app: ASGIApp, limit: int, prefix: str, free: frozenset[str]) -> None:
        self._app = app
        self._buckets = Buckets(limit)
        self._prefix = prefix
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and self._counts(scope["path"]):
            try:
                self._buckets.take(client_of(scope))
            except TooManyRequestsError as error:
                await app_error(Request(scope), error, error.headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _counts(self, path: str) -> bool:
        return path.startswith(self._prefix) and path not in self._free


def client_of(scope: Scope) -> str:
    """Who asks: an IPv4 address, or the first 64 bits of an IPv6 address, which one line has."""
    client = scope.get("client")
    # A proxy may hand on whatever somebody wrote.
    return _client(client[0]) if client and len(client[0]) <= _LONGEST_HOST else _UNKNOWN


@lru_cache(maxsize=4_096)
def _client(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return _UNKNOWN
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, _NETWORK_BITS), strict=False))
