"""What the contracts say of themselves, compared with what their events come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from backend.chain.deployment import Deployment
from backend.chain.reader import View, read, read_all
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.verification.commons import Commons
from backend.verification.differences import Difference, Side
from backend.verification.errors import NotComparableError
from backend.verification.replay import Replay
from backend.verification.rows import DONE, MILESTONE_STATUSES, STATUSES, Milestone
from backend.verification.spool import NO_MILESTONE

_MONEY = {
    "value": "value",
    "scheduled": "scheduled",
    "funded": "funded",
    "accepted": "accepted",
    "paid": "paid",
    "owed": "owed",
    "refunded": "refunded",
    "advanceOutstanding": "advance_outstanding",
    "retained": "retained",
    "damages": "damages",
    "damagesCarried": "damages_carried",
    "interestOwed": "interest_owed",
}


def calendar_offset(rpc: Rpc, made: Deployment) -> int:
    """Seconds by which the calendar's days differ from UTC's; it never changes.

    Raises `NotComparableError` where no calendar stands.
    """
    try:
        offset: int = read(rpc, View("WorkCalendar", made.calendar, "utcOffset"))
    except NodeRefusedError as error:
        raise NotComparableError(f"No calendar answers at {made.calendar}: {error}") from error
    return offset


def can_ask(rpc: Rpc, made: Deployment, block: int) -> bool:
    """Whether the node has kept the state of a block."""
    try:
        read_all(rpc, [View("WorkCalendar", made.calendar, "utcOffset")], hex(block))
    except NodeRefusedError:
        return False
    return True


def compare_agreements(rpc: Rpc, found: Sequence[Replay], block: int) -> Iterator[Difference]:
    """Status, money, milestones, claims and balance of agreements, as of a block."""
    asked = [(each, view, column) for each in found for view, column in _questions(each)]
    answers = read_all(rpc, [view for _, view, _ in asked], hex(block))
    for (each, view, key), answer in zip(asked, answers, strict=True):
        expected, told = _expected(each, view), _plain(view, answer)
        for column, value in expected.items():
            if told.get(column) != value:
                yield Difference(
                    Side.VIEW, each.number, view.function, key, column, value, told.get(column)
                )


def compare_commons(
    rpc: Rpc, made: Deployment, commons: Commons, block: int
) -> Iterator[Difference]:
    """What the budget says of its lines."""
    lines = list(commons.lines.values())
    views = [View("Budget", made.budget, "get", (bytes.fromhex(line["id"][2:]),)) for line in lines]
    for line, answer in zip(lines, read_all(rpc, views, hex(block)), strict=True):
        for column in ("appropriated", "committed"):
            if answer[column] != line[column]:
                told = (line[column], answer[column])
                yield Difference(Side.VIEW, None, "get", line["id"], column, *told)


def _questions(found: Replay) -> Iterator[tuple[View, str]]:
    for function in ("status", "money", "milestones"):
        yield View("Agreement", found.address, function), found.address
    for place, payee in found.claims:
        arguments = (place, bytes.fromhex(payee[2:]))
        key = f"{'none' if place == NO_MILESTONE else place}/{payee}"
        yield View("Agreement", found.address, "owedTo", arguments), key
    token = found.terms["token"]
    yield View("SettlementToken", token, "balanceOf", (found.address,)), found.address


def _expected(found: Replay, view: View) -> dict[str, Any]:
    match view.function:
        case "status":
            return {"status": STATUSES.index(found.status)}
        case "money":
            return {name: getattr(found.total, column) for name, column in _MONEY.items()}
        case "milestones":
            listed = [_milestone(found, item) for item in found.milestones]
            every = {f"{i}.{name}": value for i, row in enumerate(listed) for name, value in row}
            return {"count": len(listed), **every}
        case "owedTo":
            place, payee = view.arguments
            return {"amount": found.claims[place, "0x" + payee.hex()].owed}
        case _:
            return {"balance": found.total.held}


def _plain(view: View, answer: Any) -> dict[str, Any]:
    match view.function:
        case "status":
            return {"status": answer}
        case "money":
            return dict(answer)
        case "milestones":
            every = {
                f"{i}.{k}": _counted(k, v) for i, row in enumerate(answer) for k, v in row.items()
            }
            return {"count": len(answer), **every}
        case "owedTo":
            return {"amount": answer}
        case _:
            return {"balance": answer}


def _counted(name: str, value: int) -> int:
    """Votes are bits of members."""
    return value.bit_count() if name in {"approvals", "rejections"} else value


def _milestone(found: Replay, item: Milestone) -> list[tuple[str, int]]:
    """`AgreementReading.milestones`: what is done says nothing of its submission any more."""
    untouched = item.status in {"scheduled", "cancelled", *DONE} or found.status == "closed"
    return [
        ("amount", item.amount),
        ("dueAt", item.due),
        ("status", MILESTONE_STATUSES.index(item.status)),
        ("accepted", item.accepted),
        ("attempt", 0 if untouched else item.attempt),
        ("approvals", 0 if untouched else item.approvals),
        ("rejections", 0 if untouched else item.disapprovals),
        ("submittedAt", 0 if untouched else item.submitted_at or 0),
    ]
