"""One contract while its history is told: how it stands, and what the present block says of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from backend.chain.events import Amendment, Event
from backend.ocds.drafts import Draft
from backend.ocds.fields import Json
from backend.ocds.identifiers import Names, event_uri
from backend.ocds.publishing import date, known, moment_of, value
from backend.ocds.roles import Parties
from backend.queries.records import MilestoneTexts, PublishedContract, PublishedProcess


@dataclass(slots=True)
class Stage:
    """A milestone: `accepted` in minor units, `due_at` in Unix seconds, `status` by OCDS."""

    id: str
    title: str | None
    source_date: str | None
    due_at: int | None
    accepted: int = 0
    status: str = "scheduled"

    @property
    def is_open(self) -> bool:
        """Whether more of it can be accepted."""
        return self.status in ("scheduled", "partiallyMet")


@dataclass(frozen=True, slots=True)
class Due:
    """What somebody gets of a payment, in minor units; `name` is the id of the transaction."""

    name: str
    recipient: str
    amount: int
    stage: Stage | None = None
    source_date: str | None = None


@dataclass(slots=True)
class Telling:
    """What the functions of `changes` work with. Their events come in the order of the chain.

    `latest` is the id of the last release of the process before this block. `owed` is what waits
    as a claim, by milestone and recipient, and `paid` the sum of all transactions.
    """

    process: PublishedProcess
    contract: PublishedContract
    parties: Parties
    chain_id: int
    latest: str | None = None
    draft: Draft = field(default_factory=Draft)
    status: str = "signed"
    stages: dict[int, Stage] = field(default_factory=dict)
    proposals: dict[int, Amendment] = field(default_factory=dict)
    owed: dict[tuple[int, str], list[Due]] = field(default_factory=lambda: defaultdict(list))
    payment: str = ""
    paid: int = 0
    ended_at: int | None = None
    guarantees: int = 0
    accepted: bool = False
    _published: str = ""
    _implemented: bool = False
    _stage_names: Names = field(default_factory=Names)
    _names: Names = field(default_factory=Names)

    def begin(self, latest: str | None) -> None:
        """Begin a block, after the release with this id."""
        self.latest = latest
        self.draft = Draft()

    def finish(self) -> Draft:
        """What the block says of the contract, its status included where that is another."""
        if self._published != (status := self._status()):
            self._published = status
            self.draft.say(status=status)
        if "contract" in self.draft.tags:
            self.draft.tags.discard("contractUpdate")
        self._implemented = self._implemented or "implementation" in self.draft.tags
        return self.draft

    def implements(self) -> None:
        """Tag the block as news of the implementation: the first, or an update."""
        self.draft.tag("implementationUpdate" if self._implemented else "implementation")

    def money(self, minor: int) -> Json:
        """An amount in the contract's currency."""
        return value(self.contract.currency.money(minor))

    def texts(self, number: int) -> MilestoneTexts:
        """What the document of a milestone says."""
        return self.contract.milestones.get(number) or MilestoneTexts()

    def own(self, name: object) -> str:
        """An id of ours, where the source has none."""
        return f"{self.contract.number}-{name}"

    def schedule(self, number: int, due_at: int | None) -> Stage:
        """A new milestone; its id is that of the source, else one of ours."""
        texts = self.texts(number)
        wanted = [texts.source_id] if texts.source_id else []
        name = self._stage_names.name(number, *wanted, self.own(number))
        stage = Stage(name, texts.title, texts.source_date, due_at)
        self.stages[number] = stage
        return stage

    def name(self, event: Event, *wanted: str) -> str:
        """The id of the transaction that an event makes."""
        return self._names.name((event.origin.block, event.origin.log_index), *wanted)

    def become(self, stage: Stage, status: str, at: int) -> None:
        """Publish another status of a milestone, and from when on it is met."""
        stage.status = status
        if status != "notMet":
            self.implements()
        met = date(moment_of(at), stage.source_date) if status == "met" else None
        self.draft.put("milestones", known(id=stage.id, dateMet=met, status=status))

    def conclude(self, stage: Stage, at: int) -> None:
        """Nothing more comes of a milestone than is accepted."""
        self.accepted = True
        self.become(stage, "met", at)

    def give_up(self, stage: Stage, at: int) -> None:
        """What is not accepted of a milestone is given up."""
        if stage.accepted or stage.status == "met":
            self.conclude(stage, at)
        else:
            self.become(stage, "notMet", at)

    def pay(self, due: Due, event: Event) -> None:
        """Publish the transaction by which an event pays what was due."""
        origin, stage = event.origin, due.stage
        self.implements()
        self.paid += due.amount
        transaction = known(
            id=due.name,
            date=date(moment_of(origin.timestamp), due.source_date),
            value=self.money(due.amount),
            payer=self.parties.refer(self.contract.payer, "payer"),
            payee=self.parties.refer(due.recipient, "payee"),
            uri=event_uri(self.chain_id, origin.transaction, origin.log_index),
            relatedImplementationMilestone=known(id=stage.id, title=stage.title) if stage else None,
        )
        self.draft.put("transactions", transaction)

    def _status(self) -> str:
        if self.status in ("closed", "terminated"):
            return "terminated" if self.accepted else "cancelled"
        return "pending" if self.status == "signed" else "active"
