"""A line to a server that a test can cut: nothing comes through any more, and nobody is told."""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_ATTACH_FILTER, _DETACH_FILTER = 26, 27
"""`SO_ATTACH_FILTER` and `SO_DETACH_FILTER` of Linux, which Python does not name."""
_DROP = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
"""A filter of one instruction: of what arrives, keep 0 bytes. So it is not acknowledged either."""
_PROGRAM = struct.pack("@HP", 1, ctypes.addressof(_DROP))


class Wire:
    """Passes on what comes to its port. After `cut` the system drops whatever arrives from either
    side, also who wants to connect; after `mend` new connections are let through."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._ends: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through."""
        for each in (self._listening, *self._ends.copy()):
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, _PROGRAM)

    def mend(self) -> None:
        """Let through who connects anew."""
        with suppress(OSError):
            self._listening.setsockopt(socket.SOL_SOCKET, _DETACH_FILTER, 0)

    def close(self) -> None:
        """End all connections."""
        for each in (self._listening, *self._ends.copy()):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(self._server) as far:
            self._ends |= {near, far}
            back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)
            back.join()
            self._ends -= {near, far}


@contextmanager
def wire(host: str, port: int) -> Iterator[Wire]:
    """A line to a server, on a port of this machine."""
    line = Wire((host, port))
    try:
        yield line
    finally:
        line.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
