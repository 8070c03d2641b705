"""Plays an act on model and contract, and compares what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine import Outcome
from reference.agreement import Agreement
from reference.ledger import ESCROW
from reference.refusals import Refused
from reference.values import AgreementStatus, Event, Standing
from translate import abi, agrees, camel
from world import ADMIN, World

from backend.chain.contract import Refusal, contract, refusal

KIND = contract("Agreement")
TOKEN = contract("SettlementToken")
VIEWS = ("status", "endsAt", "money", "milestones")
# What the model does not tell: it follows from the arguments, or moves no money of the agreement.
UNTOLD = {"MilestonesScheduled", "GuaranteeCalled"}


class Disagreement(AssertionError):
    """Model and contract differ."""


class Player:
    """One agreement, twice. `now` is the second of the acts to come."""

    def __init__(self, world: World, model: Agreement, address: str, now: int) -> None:
        self.world = world
        self.model = model
        self.address = address
        self.now = now
        self.agreed = True
        self.acts: Counter[str] = Counter()
        holders = [*world.account.values(), address]
        self.holders = [ESCROW if holder == address else holder for holder in holders]
        self.reads = [(address, KIND.call(view)) for view in VIEWS]
        self.reads += [(world.token, TOKEN.call("balanceOf", holder)) for holder in holders]

    def play(self, name: str, by: str, **arguments: Any) -> bool:
        """Do an act on both; gives whether it was done."""
        calldata = KIND.call(camel(name), *(abi(value) for value in arguments.values()))
        outcome = self.world.chain.act(by, self.address, calldata, self.now)
        try:
            self.model.act(name, by=by, now=self.now, **arguments)
        except Refused as refused:
            self._same_refusal(name, refused, outcome)
            self.acts[f"{name}: {refused.name}"] += 1
            return False
        self._same_events(name, outcome)
        self.compare(name)
        self.acts[name] += 1
        return True

    def pass_time(self, seconds: int) -> None:
        """Let the next act be so much later."""
        self.now += seconds
        self.model.now = self.now

    def stand(self, participant: bytes, standing: Standing) -> None:
        """The registrar changes the standing of a participant."""
        registry = self.world.registry
        call = contract("ParticipantRegistry").call(
            "setStanding", participant, int(standing), b"\1" * 32, bytes(32)
        )
        assert self.world.chain.act(ADMIN, registry, call, self.now).refusal is None
        self.model.directory.people[participant].standing = standing

    def compare(self, after: str) -> None:
        """Everything that can be asked must have the same answer."""
        answers = self.world.chain.read(self.reads)
        model = self.model
        told = [
            int(model.status),
            model.ends_at,
            model.ledger.money(),
            [abi(item) for item in model.view()],
            *(model.ledger.balances[holder] for holder in self.holders),
        ]
        for index, expected in enumerate(told):
            found = _decoded(index, answers[index])
            if found != expected:
                what = VIEWS[index] if index < len(VIEWS) else self._holder(index - len(VIEWS))
                self._differ(f"after {after}, {what}: contract {found}, model {expected}")

    def _holder(self, index: int) -> str:
        names = [*self.world.account, "the agreement"]
        return f"balance of {names[index]}"

    def _same_refusal(self, name: str, refused: Refused, outcome: Outcome) -> None:
        if outcome.refusal is None:
            self._differ(f"{name}: done by the contract; model: {refused}")
        found = refusal(outcome.refusal or b"")
        if found is None or not any(_same(found, one) for one in (refused, *refused.others)):
            self._differ(f"{name}: contract {found or outcome.refusal.hex()}; model {refused}")

    def _same_events(self, name: str, outcome: Outcome) -> None:
        if outcome.refusal is not None:
            why = refusal(outcome.refusal) or outcome.refusal
            self._differ(f"{name}: refused by the contract with {why}; done by the model")
        found = self._events(outcome)
        told = _by_name(self.model.events)
        self.acts.update(f"event {event.name}" for event in self.model.events)
        self.acts.update(
            f"basis {event.arguments['basis']!s}"
            for event in self.model.events
            if event.name == "PaymentMade"
        )
        for event in sorted((found.keys() | told.keys()) - UNTOLD):
            if not _matches(found[event], told[event]):
                self._differ(f"{name}, event {event}: contract {found[event]}, model {told[event]}")

    def _events(self, outcome: Outcome) -> dict[str, list[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for log in outcome.logs:
            if log["address"].lower() == self.address.lower():
                event = KIND.event(log)
                if event is None:
                    self._differ(f"unknown event {log}")
                else:
                    found[event[0]].append(event[1])
        return found

    def _differ(self, message: str) -> None:
        self.agreed = False
        raise Disagreement(message)

    @property
    def closed(self) -> bool:
        """Whether the final account is drawn."""
        return self.model.status == AgreementStatus.CLOSED


@lru_cache(maxsize=4096)
def _decoded(index: int, data: bytes) -> Any:
    """A view's answer; most are the same as after the act before."""
    if index < len(VIEWS):
        return KIND.result(VIEWS[index], data)
    return int.from_bytes(data, "big")


def _by_name(events: list[Event]) -> dict[str, list[Mapping[str, Any]]]:
    told: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        told[event.name].append(abi(event.arguments))
    return told


def _matches(found: list[Mapping[str, Any]], told: list[Mapping[str, Any]]) -> bool:
    """Whether each event has its counterpart; their order is nobody's rule."""
    left = list(found)
    for event in told:
        match = next((one for one in left if agrees(one, event)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _same(found: Refusal, refused: Refused) -> bool:
    return found.name == refused.name and agrees(found.arguments, abi(refused.arguments))
