"""What happens in the agreements of `works`, each on days of its own."""

from __future__ import annotations

from support.vocabulary import ZERO, amendment, changed, code, milestone
from support.works import (
    ADVANCE,
    DAY,
    GROSS,
    LAST_DAY,
    PERFORMANCE,
    RECEIVED,
    RETENTION,
    Works,
    begin,
    registry_acts,
)

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore

NOBODYS = 2**256 - 1
"""The milestone of what belongs to none."""


def play(rpc: Rpc, store: DocumentStore) -> Works:
    """All of them, one after the other."""
    works = begin(rpc, store)
    _plant(works)
    _dam(works)
    _weir(works)
    _pier(works)
    _quay(works)
    _lock(works)
    registry_acts(works)
    works.day(LAST_DAY)
    return works


def _plant(works: Works) -> None:
    """From the advance to the final account, with every part of a payment. Days 0 to 150."""
    world, people = works.world, works.people
    taxes = [
        {"recipient": people["taxes"].id, "numerator": n, "denominator": d, "base": base}
        for n, d, base in ((11, 111, GROSS), (2, 100, RECEIVED))
    ]
    direct = [{"milestone": 1, "recipient": people["roofer"].id, "amount": 30_000}]
    conditions = {
        "advanceRate": 2_000,
        "recoveryRate": 2_500,
        "retentionRate": 500,
        "securityRate": 500,
        "damagesRate": 1_000,
        "damagesCap": 500,
        "interestRate": 300,
        "reviewDays": 5,
        "paymentDays": 10,
        "defectsDays": 30,
        "taxes": taxes,
        "directPayments": direct,
    }
    start = works.day(0)
    schedule = [
        milestone(400_000, start + 30 * DAY),
        milestone(300_000, start + 60 * DAY),
        milestone(300_000),
    ]
    plant = works.make(
        "plant",
        schedule,
        conditions,
        inspected=True,
    )
    world.fund(plant)
    works.guarantee("plant", PERFORMANCE, 40_000, 10)
    works.guarantee("plant", PERFORMANCE, 50_000, 400)
    works.guarantee("plant", ADVANCE, 200_000, 400)
    works.do("roofer", "plant", "payAdvance")
    works.day(33)
    attempt = works.submit("plant", 0)
    # The review took 7 days and the payment may take 10: it comes 3 full days late.
    works.day(53)
    works.decide("plant", "accept", 0, attempt)
    works.stand("roofer", 2)
    attempt = works.submit("plant", 1)
    works.decide("plant", "acceptPart", 1, attempt, 100_000, code("leaks"), b"\x61" * 32)
    works.stand("roofer", 1)
    works.do("first", "plant", "claim", 1, people["roofer"].id)
    works.day(62)
    attempt = works.submit("plant", 1)
    works.day(75)
    works.do("roofer", "plant", "acceptBySilence", 1, attempt)
    changes = [changed(0, 400_000, start + 31 * DAY), changed(2, 250_000, start + 99 * DAY)]
    terms = amendment(decrease=50_000, changes=changes, document=b"\x62" * 32)
    world.amend(plant, 1, terms)
    works.day(99)
    works.accept("plant", 2)
    works.do("roofer", "plant", "complete")
    works.day(110)
    works.guarantee("plant", RETENTION, 30_000, 40)
    works.do("roofer", "plant", "releaseRetention")
    world.approve(plant, 100)
    works.do("treasury", "plant", "payInterest", 100)
    works.day(130)
    works.do("roofer", "plant", "close")


def _dam(works: Works) -> None:
    """Disputes that end in each way, a notice that is withdrawn, an end by agreement. From 200."""
    world = works.world
    conditions = {"defaultShare": 5_000, "disputeDays": 10, "rulingDays": 10, "cureDays": 7}
    works.day(200)
    dam = works.make("dam", [milestone(100_000)] * 6, conditions, arbiter=True)
    world.fund(dam)
    works.reject("dam", 0, "cracks")
    works.do("builder", "dam", "dispute", 0, code("no-cracks"), b"\x63" * 32)
    works.do("builder", "dam", "offerSettlement", 0, 80_000)
    works.decide("dam", "offerSettlement", 0, 60_000)
    works.do("builder", "dam", "offerSettlement", 0, 60_000)
    works.submit("dam", 1)
    works.decide("dam", "dispute", 1, code("other-work"), ZERO)
    works.do("arbiter", "dam", "rule", 1, 0, code("not-agreed"), b"\x64" * 32)
    attempt = works.submit("dam", 2)
    works.decide("dam", "acceptPart", 2, attempt, 30_000, code("half-done"), ZERO)
    works.do("builder", "dam", "dispute", 2, code("all-done"), ZERO)
    works.submit("dam", 3)
    works.decide("dam", "dispute", 3, code("no-work"), ZERO)
    works.do("arbiter", "dam", "rule", 3, 100_000, code("done"), ZERO)
    works.day(211)
    works.do("roofer", "dam", "ruleByDefault", 2)
    works.decide("dam", "noticeDefault", code("idle"), b"\x65" * 32)
    works.decide("dam", "withdrawNotice", code("back-at-work"), b"\x66" * 32)
    works.submit("dam", 4)
    works.decide("dam", "dispute", 4, code("no-work"), ZERO)
    agreed = (code("no-use"), b"\x67" * 32)
    works.do("builder", "dam", "terminateByAgreement", *agreed)
    works.decide("dam", "terminateByAgreement", *agreed)


def _weir(works: Works) -> None:
    """Damages beyond what a payment can bear; terminated for default, guarantees called."""
    world = works.world
    conditions = {
        "advanceRate": 2_000,
        "recoveryRate": 2_000,
        "retentionRate": 500,
        "damagesRate": 100_000,
        "damagesCap": 10_000,
        "cureDays": 7,
    }
    start = works.day(250)
    weir = works.make(
        "weir", [milestone(50_000, start + 5 * DAY), milestone(50_000, start + 9 * DAY)], conditions
    )
    world.fund(weir)
    works.guarantee("weir", PERFORMANCE, 5_000, 100)
    works.guarantee("weir", ADVANCE, 20_000, 100)
    works.do("roofer", "weir", "payAdvance")
    works.day(265)
    works.accept("weir", 0)
    # A day more makes a tenth of it undue, all of which was carried and not withheld yet.
    longer = amendment(changes=[changed(0, 50_000, start + 6 * DAY)], document=b"\x6e" * 32)
    world.amend(weir, 1, longer)
    works.decide("weir", "noticeDefault", code("abandoned"), ZERO)
    works.day(273)
    works.decide("weir", "terminateForDefault", code("abandoned"), b"\x68" * 32)


def _pier(works: Works) -> None:
    """Holds and suspensions move dates; it lapses with a part accepted. From day 300."""
    world = works.world
    conditions = {
        "damagesRate": 1_000,
        "damagesCap": 500,
        "holdDays": 10,
        "suspensionDays": 20,
        "disputeDays": 3,
        "lapseDays": 30,
    }
    start = works.day(300)
    schedule = [milestone(100_000, start + days * DAY) for days in (10, 30, 60)]
    pier = works.make("pier", schedule, conditions, endsAt=start + 60 * DAY)
    world.fund(pier)
    works.day(305)
    works.do("auditor", "pier", "hold", start + 10 * DAY, code("check"), b"\x69" * 32)
    works.day(306)
    works.do("auditor", "pier", "extendHold", start + 14 * DAY, code("more"), b"\x6a" * 32)
    works.day(308)
    works.do("auditor", "pier", "liftHold")
    # The hold moved the first date by 3 days: it is late by one.
    works.day(314)
    attempt = works.submit("pier", 0)
    works.decide("pier", "accept", 0, attempt)
    works.day(320)
    works.decide("pier", "suspend", start + 25 * DAY, code("flood"), b"\x6b" * 32)
    works.day(322)
    works.do("auditor", "pier", "hold", start + 24 * DAY, code("check"), ZERO)
    works.day(330)
    works.decide("pier", "suspend", start + 33 * DAY, code("storm"), ZERO)
    works.day(331)
    works.decide("pier", "resume")
    works.day(340)
    attempt = works.submit("pier", 1)
    works.decide("pier", "acceptPart", 1, attempt, 40_000, code("half-done"), ZERO)
    works.day(400)
    works.do("roofer", "pier", "lapse")


def _quay(works: Works) -> None:
    """Raised above the cap; a milestone removed, another redirected; payments wait. From 450."""
    world, people = works.world, works.people
    conditions = {"amendmentCap": 1_000, "securityRate": 1_000}
    start = works.day(450)
    quay = works.make("quay", [milestone(100_000)] * 3, conditions)
    world.fund(quay)
    works.guarantee("quay", PERFORMANCE, 30_000, 20)
    works.accept("quay", 0)
    raised = amendment(
        increase=60_000,
        endsAt=start + 200 * DAY,
        changes=[changed(1, 0, removed=True), changed(2, 150_000, payee=people["roofer"].id)],
        milestones=[milestone(110_000, start + 90 * DAY, document=b"\x6c" * 32)],
        legalGround=code("disaster"),
        document=b"\x6d" * 32,
        validUntil=start + 10 * DAY,
    )
    works.do("second", "quay", "proposeAmendment", amendment(endsAt=1, validUntil=start + 60))
    works.do("builder", "quay", "proposeAmendment", raised)
    works.do("head", "quay", "signAmendment", 2, raised)
    works.decide("quay", "signAmendment", 2, raised)
    world.approve(quay, 60_000)
    works.do("treasury", "quay", "enactAmendment", 2, raised)
    # The security is now below a tenth of the value: what is the builder's waits.
    works.accept("quay", 3)
    works.accept("quay", 2)
    works.guarantee("quay", PERFORMANCE, 36_000, 300)
    works.do("roofer", "quay", "claim", 3, people["builder"].id)
    works.do("first", "quay", "proposeAmendment", amendment(endsAt=2, validUntil=start + DAY))


def _lock(works: Works) -> None:
    """Terminated for convenience while something is to be decided on. From day 500."""
    start = works.day(500)
    lock = works.make("lock", [milestone(100_000, start + DAY)] * 2, {"reviewDays": 5})
    works.world.fund(lock)
    works.submit("lock", 0)
    works.decide("lock", "terminate", code("no-need"), ZERO)
