"""All that is needed to sign for an agreement where no node can be reached, as a file."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from backend.acts.agreements import AgreementView, Claim, Happening, Milestone
from backend.acts.directory import Directory, Entry
from backend.core.documents import read_file
from backend.core.errors import AppError

KIND, VERSION = "agreement", 1
# What of the history says who has voted and signed.
KEPT = (
    "AmendmentProposed",
    "AmendmentSigned",
    "AmendmentEnacted",
    "MilestoneApproved",
    "MilestoneDisapproved",
    "DecisionApproved",
)
_BYTES32 = re.compile("0x[0-9a-f]{64}")


class CardError(AppError):
    """The file about an agreement cannot be used."""

    status = 422
    title = "The file about the agreement cannot be used"


@dataclass(frozen=True, slots=True)
class Card:
    """An agreement as it stood when the file was made, and who is who in it."""

    chain_id: int
    view: AgreementView
    names: Directory


def write_card(path: Path, card: Card) -> None:
    """Write the file; raises `CardError`."""
    view = asdict(card.view)
    view["history"] = [{**asdict(each), "transaction": ""} for each in card.view.happened(*KEPT)]
    content = {
        "termin": KIND,
        "version": VERSION,
        "chainId": card.chain_id,
        "agreement": view,
        "participants": [asdict(entry) for entry in _people(card)],
    }
    try:
        path.write_text(json.dumps(_plain(content), ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CardError(f"{path}: {error.strerror}") from error


def read_card(path: Path, zone: tzinfo) -> Card:
    """Read a file that `write_card` wrote; raises `CardError`."""
    try:
        content = _rich(json.loads(read_file(path)))
        if (content["termin"], content["version"]) != (KIND, VERSION):
            raise ValueError(content["termin"])
        view = content["agreement"]
        entries = [
            Entry(**entry | {"former": tuple(entry["former"])}) for entry in content["participants"]
        ]
        found = AgreementView(
            **view
            | {
                "guarantees": tuple(view["guarantees"]),
                "milestones": tuple(Milestone(**each) for each in view["milestones"]),
                "claims": tuple(Claim(**each) for each in view["claims"]),
                "history": tuple(Happening(**each) for each in view["history"]),
                "now": max(int(view["now"]), int(time.time())),
            }
        )
        return Card(int(content["chainId"]), found, Directory(entries, found.currency, zone))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CardError(
            f"{path}: found something else; expected what `termin approvals prepare` writes"
        ) from error


def _people(card: Card) -> Iterator[Entry]:
    """Everybody who has a part in the agreement, or may sign for the buyer."""
    parties = card.view.parties
    named = {parties["buyer"], parties["supplier"], parties["treasury"], parties["arbiter"]}
    named |= {*parties["committee"], *parties["inspectors"]}
    named |= {milestone.payee for milestone in card.view.milestones}
    for entry in card.names.entries.values():
        of_buyer = parties["buyer"] in {entry.id, entry.organization}
        if entry.id in named or (of_buyer and entry.has("authority")):
            yield entry


def _plain(value: Any) -> Any:
    """A value fit for JSON: bytes in hexadecimal."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _rich(value: Any) -> Any:
    """What `_plain` made fit: 32 bytes are bytes again."""
    if isinstance(value, str) and _BYTES32.fullmatch(value):
        return bytes.fromhex(value[2:])
    if isinstance(value, dict):
        return {name: _rich(each) for name, each in value.items()}
    return [_rich(each) for each in value] if isinstance(value, list) else value
