"""Published files of any size, made up: contracts of 100 payments each, one payment a day."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

PAYMENTS_PER_CONTRACT = 100
FIRST_DAY = datetime(2015, 1, 5, 9, tzinfo=UTC)


def write_source(path: Path, payments: int) -> Path:
    """Write a JSON Lines file of releases with this many payments in all."""
    with path.open("w") as file:
        for number in range(-(-payments // PAYMENTS_PER_CONTRACT)):
            count = min(PAYMENTS_PER_CONTRACT, payments - number * PAYMENTS_PER_CONTRACT)
            file.write(json.dumps(_release(number, count)) + "\n")
    return path


def _release(number: int, count: int) -> dict[str, object]:
    supplier = {"id": f"X-BENCH-S{number % 20}", "name": f"Supplier {number % 20}"}
    buyer = {"id": f"X-BENCH-B{number % 5}", "name": f"Buyer {number % 5}"}
    ocid = f"ocds-000000-bench-{number}"
    # Contracts overlap in time but no two payments share a second.
    days = [FIRST_DAY + timedelta(days=each, seconds=number) for each in range(count)]
    return {
        "ocid": ocid,
        "id": f"{ocid}-1",
        "date": days[-1].isoformat(),
        "tag": ["contract"],
        "initiationType": "tender",
        "buyer": buyer,
        "awards": [{"id": "A", "suppliers": [supplier]}],
        "contracts": [
            {
                "id": f"C{number}",
                "awardID": "A",
                "dateSigned": FIRST_DAY.isoformat(),
                "value": {"amount": count * 100, "currency": "IDR"},
                "implementation": {
                    "transactions": [
                        {
                            "id": f"P{each}",
                            "date": day.isoformat(),
                            "value": {"amount": 100, "currency": "IDR"},
                            "payee": supplier,
                        }
                        for each, day in enumerate(days)
                    ]
                },
            }
        ],
    }
