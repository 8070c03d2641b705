"""Playing dated acts on the local chain: each block bears the second in which its acts happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from backend.acts.accounts import Signer
from backend.acts.sending import Call, RefusedError, Sender
from backend.chain.local import head_time, manual_blocks, mine

STEPS_PER_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Act:
    """One transaction: who signs, what it calls, and the gas that it may use."""

    signer: Signer
    call: Call
    gas: int


@dataclass(frozen=True, slots=True)
class Step:
    """Acts that belong together: they stand in one block, in this order, or not at all.

    `at` is when they happened, Unix seconds; `subject` is handed back when they are refused;
    `prepare` makes the acts when their turn has come; no acts at all if they have become void. It
    raises `RefusedError` when it is known beforehand that a contract would refuse them.
    """

    at: int
    subject: Any
    prepare: Callable[[], list[Act]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A step whose acts a contract refused, with the contract's error."""

    step: Step
    error: RefusedError


def play(
    sender: Sender, steps: Iterable[Step], on_step: Callable[[Step], None] = lambda _: None
) -> Iterator[Refused]:
    """Play `steps`, which are sorted by time, and yield those that were refused.

    A step dated before the chain's clock is played at the clock's second. Killed at any moment,
    the chain holds whole steps only.
    """
    with manual_blocks(sender.rpc):
        sender.forget_nonces()
        clock = head_time(sender.rpc)
        for at, group in groupby(steps, key=lambda step: max(step.at, clock)):
            for block in _blocks(group):
                yield from _play_block(sender, block, at)
                for step in block:
                    on_step(step)


def _blocks(steps: Iterable[Step]) -> Iterator[list[Step]]:
    block: list[Step] = []
    for step in steps:
        block.append(step)
        if len(block) >= STEPS_PER_BLOCK:
            yield block
            block = []
    if block:
        yield block


def _play_block(sender: Sender, block: list[Step], at: int) -> Iterator[Refused]:
    sent: list[tuple[Step, list[Act]]] = []
    for step in block:
        try:
            acts = step.prepare()
        except RefusedError as error:
            yield Refused(step, error)
            continue
        for act in acts:
            sender.send(act.signer, act.call, act.gas)
        sent.append((step, acts))
    if not any(acts for _, acts in sent):
        return
    mine(sender.rpc, at)
    receipts = iter(sender.rpc.call("eth_getBlockReceipts", "latest"))
    for step, acts in sent:
        failed = [act for act in acts if int(next(receipts)["status"], 16) != 1]
        if failed:
            yield Refused(step, _why(sender, failed[0]))


def _why(sender: Sender, act: Act) -> RefusedError:
    try:
        sender.check(act.signer.address, act.call)
    except RefusedError as error:
        return error
    return RefusedError(None, "the act failed in its block and would succeed now")
