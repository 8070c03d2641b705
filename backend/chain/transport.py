"""HTTP to one address: the connection is kept, and goes by the proxy that the environment names.

As with most clients `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say which that is, and
`SSL_CERT_FILE` or `SSL_CERT_DIR` who is trusted, else certifi does. User and password of an address
are for Basic authentication.
"""

from __future__ import annotations

import os
import ssl
from base64 import b64encode
from functools import cached_property
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

import certifi
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from backend.chain.deadline import in_time

__all__ = ["HTTPError", "Transport"]

_KEPT = 4
"""How many connections to one address are kept: a range may be read while another is checked."""


class Transport:
    """Sends JSON to an address.

    Whatever goes wrong is raised as urllib3's `HTTPError`.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def post(self, body: bytes, seconds: float) -> BaseHTTPResponse:
        """The answer, of which nothing is read yet; whoever does not read it closes it.

        Connecting may take so many seconds, and so may sending, and the whole of the answer.
        """
        return self._pools.request(
            "POST",
            self._place._replace(auth=None).url,
            body=body,
            headers=self._headers,
            timeout=Timeout(connect=seconds, read=seconds),
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def close(self) -> None:
        """Close the connection."""
        if "_pools" in self.__dict__:
            self._pools.clear()

    @cached_property
    def _place(self) -> Url:
        found = parse_url(self._url)
        if found.scheme is None:
            raise LocationParseError(self._url)
        return found

    @cached_property
    def _headers(self) -> dict[str, str]:
        fixed = {
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": "termin",
        }
        return fixed | _login("Authorization", self._place)

    @cached_property
    def _pools(self) -> PoolManager:
        proxy = _proxy(self._place)
        secure = "https" in {self._place.scheme, proxy and proxy.scheme}
        # Without TLS there are no certificates to load, which takes longer than most requests.
        context = _trusting() if secure else None
        if proxy is None:
            return in_time(PoolManager(maxsize=_KEPT, ssl_context=context))
        return in_time(
            ProxyManager(
                proxy._replace(auth=None).url,
                maxsize=_KEPT,
                proxy_headers=_login("Proxy-Authorization", proxy),
                proxy_ssl_context=context,
                ssl_context=context,
            )
        )


def _login(header: str, place: Url) -> dict[str, str]:
    if place.auth is None:
        return {}
    user, _, password = place.auth.partition(":")
    both = f"{unquote(user)}:{unquote(password)}"
    return {header: f"Basic {b64encode(both.encode()).decode()}"}


def _proxy(place: Url) -> Url | None:
    """By which one goes there, if by any."""
    named = getproxies()
    found = named.get(place.scheme or "") or named.get("all")
    hosts = (place.netloc or "", (place.host or "").strip("[]"))
    if not found or any(map(proxy_bypass, hosts)):
        return None
    return parse_url(found if "://" in found else f"http://{found}")


def _trusting() -> ssl.SSLContext:
    if file := os.environ.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    return ssl.create_default_context(cafile=certifi.where())
