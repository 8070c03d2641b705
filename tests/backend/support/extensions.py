"""The extensions of OCDS that are published with, served from this machine.

What they add is told anew here, as little as the validator needs to know the fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from backend.ocds.packages import EXTENSIONS

TEXT = {"type": ["string", "null"]}
PERIOD, VALUE = {"$ref": "#/definitions/Period"}, {"$ref": "#/definitions/Value"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


FIELDS: dict[str, dict[str, Any]] = {
    "ocds_transactions_relatedMilestone_extension": {
        "Transaction": {"relatedImplementationMilestone": _object(id=TEXT, title=TEXT)}
    },
    "ocds_performance_failures_extension": {
        "Implementation": {
            "performanceFailures": _list(
                _object(
                    id=TEXT,
                    period=PERIOD,
                    category=TEXT,
                    events={"type": "number"},
                    penaltyContracted=TEXT,
                    penaltyImposed=TEXT,
                    penaltyPaid={"type": "boolean"},
                )
            )
        }
    },
    "ocds_contract_completion_extension": {
        "Implementation": {
            "endDate": TEXT | {"format": "date-time"},
            "endDateDetails": TEXT,
            "finalValue": VALUE,
            "finalValueDetails": TEXT,
        }
    },
    "ocds_guarantees_extension": {
        "Contract": {
            "guarantees": _list(
                _object(
                    id=TEXT,
                    type=TEXT,
                    date=TEXT | {"format": "date-time"},
                    obligations=TEXT,
                    value=VALUE,
                    guarantor={"$ref": "#/definitions/OrganizationReference"},
                    period=PERIOD,
                )
            )
        }
    },
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name, _, file = self.path.removeprefix("/").partition("/")
        fields = FIELDS.get(name, {})
        definitions = {part: {"properties": new} for part, new in fields.items()}
        answers = {
            "extension.json": {"name": {"en": name}, "schemas": ["release-schema.json"]},
            "release-schema.json": {"definitions": definitions},
        }
        body = json.dumps(answers[file]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[dict[str, str]]:
    """Where each of them is found on this machine while it lasts, by its own address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        # It ends as soon as it is told to: half a second for each question adds up.
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        yield {each: f"{base}/{each.split('/')[-3]}/extension.json" for each in EXTENSIONS}
        server.shutdown()
