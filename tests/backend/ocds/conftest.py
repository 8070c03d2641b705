"""Sources made on the spot: each test changes what it is about and reads the result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.ocds.contracts import read_source
from backend.ocds.source import Source

Json = dict[str, Any]


def payment(identifier: str | None = "P1", amount: Any = 100, **changes: Any) -> Json:
    """A transaction of MXN `amount`, paid on 2024-03-01 to the supplier."""
    transaction: Json = {
        "date": "2024-03-01T10:00:00-06:00",
        "value": {"amount": amount, "currency": "MXN"},
        "payer": {"id": "RFC-PAY010101AAA", "name": "Treasury"},
        "payee": {"id": "SUP010101AAA", "name": "Supplier"},
    }
    if identifier is not None:
        transaction["id"] = identifier
    return {**transaction, **changes}


def contract(*transactions: Any, **changes: Any) -> Json:
    """Contract C1 over MXN 1000.00, signed on 2024-01-15."""
    return {
        "id": "C1",
        "awardID": "A1",
        "title": "Bridge",
        "description": "A bridge over the river",
        "status": "active",
        "value": {"amount": 1000, "currency": "MXN"},
        "dateSigned": "2024-01-15T00:00:00-06:00",
        "period": {"startDate": "2024-02-01", "endDate": "2024-12-31"},
        "implementation": {"transactions": list(transactions)},
        **changes,
    }


def release(*contracts: Any, **changes: Any) -> Json:
    """A release of process ocds-abc123-1 with a buyer, a supplier and an award."""
    return {
        "ocid": "ocds-abc123-1",
        "id": "R1",
        "date": "2024-05-01T00:00:00Z",
        "tag": ["contract"],
        "parties": [
            {"id": "GOV-001", "identifier": {"scheme": "GOV"}, "name": "City", "roles": ["buyer"]},
            {
                "id": "RFC-SUP010101AAA",
                "identifier": {"scheme": "RFC", "id": "SUP010101AAA"},
                "name": "Supplier",
                "roles": ["supplier"],
            },
        ],
        "buyer": {"id": "GOV-001", "name": "City"},
        "awards": [{"id": "A1", "suppliers": [{"id": "RFC-SUP010101AAA", "name": "Supplier"}]}],
        "contracts": list(contracts),
        **changes,
    }


def lines(*documents: Any) -> bytes:
    """`documents` as JSON Lines."""
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


class Sources:
    """Makes documents, and reads them from files of one folder."""

    payment = staticmethod(payment)
    contract = staticmethod(contract)
    release = staticmethod(release)
    lines = staticmethod(lines)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, *documents: Any, **options: Any) -> Source:
        """What `documents` hold, one on each line of `source.jsonl`."""
        return self.read_bytes(lines(*documents), **options)

    def read_bytes(self, *contents: bytes, **options: Any) -> Source:
        """What the files with `contents` hold: `source.jsonl`, `source-2.jsonl` and so on."""
        paths = []
        for number, content in enumerate(contents, 1):
            path = self.folder / ("source.jsonl" if number == 1 else f"source-{number}.jsonl")
            path.write_bytes(content)
            paths.append(path)
        return read_source(paths, **options)


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return Sources(tmp_path_factory.mktemp("sources"))
