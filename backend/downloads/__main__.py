"""Makes one file: a `Job` comes as a line of JSON, `Begun` goes out before the file begins."""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
import tempfile
import threading
from pathlib import Path

import msgspec

from backend.core.errors import AppError
from backend.db.session import Database
from backend.downloads.files import Stamp
from backend.downloads.job import TOO_LARGE, Begun, Job
from backend.downloads.making import write_file
from backend.queries.index import index_state


def main() -> int:
    """Make it; returns the exit status."""
    # The server decides when this ends: Ctrl-C in a terminal reaches all of its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    # What libraries put aside goes where the server clears it away.
    tempfile.tempdir = str(Path(job.target).parent)
    threading.Thread(target=_end_with_server, daemon=True).start()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (job.largest, hard))
    try:
        _make(job)
    except AppError as error:
        print(f"{error.title}: {error.detail}", file=sys.stderr)  # noqa: T201
        return 1
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        return TOO_LARGE
    return 0


def _make(job: Job) -> None:
    database = Database(job.database)
    with database.reading() as session, Path(job.target).open("xb") as stream:
        state = index_state(session)
        sys.stdout.buffer.write(msgspec.json.encode(Begun(str(Stamp.of(state)))) + b"\n")
        sys.stdout.buffer.flush()
        write_file(session, state, job.file, job.publisher, stream)
    database.close()


def _end_with_server() -> None:
    # Nothing more is ever written to it: it ends when the server does, however that happens.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
