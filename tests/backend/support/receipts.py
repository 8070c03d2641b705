"""A contract with 81 payments as real ones have them: with titles, files, parts and reasons."""

from __future__ import annotations

from hashlib import sha256

from support.gallery import MANY
from support.vocabulary import COLLECTOR, milestone
from support.works import DAY, LAST_DAY, RECEIVED, Works

NAME = "receipts"


def play_receipts(works: Works) -> None:
    """One stage each week; each is late, and pays retention, two taxes and for its delay."""
    treasury = works.world.register(
        COLLECTOR, identifier="kpp", document=_named(works, "participant", name="Kantor Pajak")
    )
    works.people["kpp"] = treasury
    conditions = {
        "retentionRate": 500,
        "damagesRate": 100,
        "damagesCap": 500,
        "taxes": [
            {"recipient": works.people["taxes"].id, "numerator": 11, "denominator": 111, "base": 0},
            {"recipient": treasury.id, "numerator": 2, "denominator": 100, "base": RECEIVED},
        ],
    }
    start = works.day(LAST_DAY + 1)
    schedule = [
        milestone(
            12_345_678_900 + number,
            start + (7 * number + 3) * DAY,
            document=_named(works, "milestone", title=f"Pekerjaan minggu ke-{number + 1}"),
        )
        for number in range(MANY)
    ]
    title = _named(works, "agreement", title="Pembangunan Rumah Sakit Umum Daerah, 81 termin")
    works.make(NAME, schedule, conditions, document=title)
    works.world.fund(works.contracts[NAME])
    for number in range(MANY):
        _pay(works, number)


def _pay(works: Works, number: int) -> None:
    agreement = works.contracts[NAME]
    works.day(LAST_DAY + 7 * number + 6)
    evidence = sha256(f"evidence {number}".encode()).digest()
    attempt = works.world.submit(agreement, number, evidence)
    works.decide(NAME, "accept", number, attempt)


def _named(works: Works, kind: str, **content: str) -> bytes:
    return works.store.write_json({"type": kind} | content)
