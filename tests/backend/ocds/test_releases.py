"""releases
├── the first says what is agreed: award, contract, milestones, and the tender where it is known
├── each later one says what one block changed, and nothing else
├── each has the tags of what it is about
├── what its documents say makes its id, and so does nothing else that comes later
└── several contracts of one ocid are one process
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.published import (
    ACTIVE,
    BUYER,
    COLLECTOR,
    OTHER_PAPER,
    PAPER,
    ROOFER,
    SUPPLIER,
    TREASURY,
    History,
    amendment,
    at,
    closed,
    code,
    created,
    deducted,
    enacted,
    mxn,
    paid,
    person,
    scheduled,
)
from support.standard import findings, needs_standard, package

from backend.chain import events as e
from backend.ocds.changes import CHANGES
from backend.ocds.packages import to_json
from backend.queries.records import PUBLISHED, MilestoneTexts

CONTRACT = {"id": "C1", "awardID": "C1"}


def begun(*milestones: tuple[int, int], **terms: Any) -> History:
    """A history whose first block has the contract, signed and funded."""
    return History().tell(created(**terms), scheduled(0, *milestones), ACTIVE)


def latest(history: History) -> Any:
    return history.releases()[-1]


def implementation(history: History) -> Any:
    """What the latest release says of the implementation."""
    return latest(history)["contracts"][0]["implementation"]


def milestones(history: History) -> list[Any]:
    found: list[Any] = implementation(history)["milestones"]
    return found


def test_there_is_a_function_for_each_event_that_is_read() -> None:
    assert set(CHANGES) == set(PUBLISHED)


def test_the_first_release_says_what_is_agreed() -> None:
    (found,) = (
        History(
            documents={PAPER: {"type": "agreement", "title": "Bridge", "description": "Of steel"}},
            texts={0: MilestoneTexts("Foundation", "EST-1", "2024-03-01T18:00:00-06:00")},
        )
        .tell(
            created(signed_at=at(1), starts_at=at(2), ends_at=at(30), document=PAPER),
            scheduled(0, (60_000, at(10)), (40_000, 0)),
        )
        .releases()
    )
    assert found.pop("id").startswith("ocds-abc123-1-1-")
    assert found == {
        "ocid": "ocds-abc123-1",
        "date": "2024-03-01T00:00:00Z",
        "tag": ["award", "contract"],
        "initiationType": "tender",
        "parties": [
            {
                "id": "GOV-B",
                "name": "City",
                "identifier": {"scheme": "GOV", "id": "B"},
                "roles": ["buyer"],
            },
            {
                "id": "RFC-S",
                "name": "Supplier",
                "identifier": {"scheme": "RFC", "id": "S"},
                "roles": ["supplier"],
            },
        ],
        "buyer": {"id": "GOV-B", "name": "City"},
        "awards": [
            {
                "id": "C1",
                "title": "Bridge",
                "status": "active",
                "suppliers": [{"id": "RFC-S", "name": "Supplier"}],
            }
        ],
        "contracts": [
            CONTRACT
            | {
                "title": "Bridge",
                "description": "Of steel",
                "period": {
                    "startDate": "2024-03-02T00:00:00Z",
                    "endDate": "2024-03-30T00:00:00Z",
                },
                "value": mxn("1000.00"),
                "dateSigned": "2024-03-01T00:00:00Z",
                "status": "pending",
                "implementation": {
                    "milestones": [
                        {
                            "id": "EST-1",
                            "title": "Foundation",
                            "type": "payment",
                            "dueDate": "2024-03-10T00:00:00Z",
                            "status": "scheduled",
                        },
                        {"id": "12-1", "type": "payment", "status": "scheduled"},
                    ]
                },
            }
        ],
    }


def test_a_document_of_another_kind_says_nothing() -> None:
    documents = {PAPER: {"type": "note", "title": "Bridge", "tender": {"title": "Open"}}}
    found = latest(History(documents=documents).tell(created(document=PAPER)))
    assert "title" not in found["contracts"][0]
    assert "tender" not in found


def test_what_the_document_tells_of_the_tender_is_the_tender() -> None:
    told = {
        "id": "T-7",
        "title": "Bridge over the river",
        "procurementMethod": "open",
        "procurementMethodDetails": "Tender, postqualification",
        "mainProcurementCategory": "works",
        "status": "planned",
        "value": {"amount": 1},
    }
    documents = {PAPER: {"type": "agreement", "tender": told}}
    found = latest(History(documents=documents).tell(created(document=PAPER)))
    assert found["tag"] == ["tender", "award", "contract"]
    assert found["tender"] == {
        "id": "T-7",
        "status": "complete",
        "title": "Bridge over the river",
        "procurementMethod": "open",
        "procurementMethodDetails": "Tender, postqualification",
        "mainProcurementCategory": "works",
    }


@pytest.mark.parametrize(
    "told",
    [None, "open", [], {}, {"procurementMethod": "by lot", "mainProcurementCategory": 7}],
)
def test_nothing_known_of_a_tender_is_no_tender(told: Any) -> None:
    documents = {PAPER: {"type": "agreement", "tender": told}}
    found = latest(History(documents=documents).tell(created(document=PAPER)))
    assert "tender" not in found
    assert found["tag"] == ["award", "contract"]


def test_a_tender_without_an_id_has_that_of_the_process() -> None:
    documents = {PAPER: {"type": "agreement", "tender": {"procurementMethod": "direct"}}}
    found = latest(History(documents=documents).tell(created(document=PAPER)))
    assert found["tender"] == {
        "id": "ocds-abc123-1",
        "status": "complete",
        "procurementMethod": "direct",
    }


def test_a_contract_that_becomes_active_says_only_that() -> None:
    history = History().tell(created(), scheduled(0, (100, 0))).tell(ACTIVE)
    found = latest(history)
    assert found.pop("id").startswith("ocds-abc123-1-2-")
    assert found == {
        "ocid": "ocds-abc123-1",
        "date": "2024-03-01T01:00:00Z",
        "tag": ["contractUpdate"],
        "initiationType": "tender",
        "contracts": [CONTRACT | {"status": "active"}],
    }


def test_what_is_signed_and_funded_in_one_block_is_one_release() -> None:
    (found,) = begun((100, 0)).releases()
    assert found["tag"] == ["award", "contract"]
    assert found["contracts"][0]["status"] == "active"


def test_what_ocds_has_no_field_for_makes_no_release() -> None:
    history = begun((100, 0))
    # Retention that waits: no milestone, and no money has left.
    history.tell(paid(None, 500, e.Basis.RETENTION_RELEASE, owed=True))
    history.tell((e.AmendmentProposed, (1, BUYER, amendment())))
    assert len(history.releases()) == 1


def test_a_payment_says_when_how_much_from_whom_to_whom_and_where_it_is_on_the_chain() -> None:
    history = begun((1_050, 0), (100, 0))
    history.texts = {0: MilestoneTexts("Foundation", "EST-1", "2024-02-29T19:00:00-06:00")}
    found = latest(history.tell(paid(0, 1_050)))
    assert found["tag"] == ["implementation"]
    assert [(each["id"], each["roles"]) for each in found["parties"]] == [
        ("GOV-P", ["payer"]),
        ("RFC-S", ["supplier", "payee"]),
    ]
    assert found["contracts"] == [
        CONTRACT
        | {
            "implementation": {
                "transactions": [
                    {
                        "id": "EST-1",
                        "date": "2024-02-29T19:00:00-06:00",
                        "value": mxn("10.50"),
                        "payer": {"id": "GOV-P", "name": "Treasury"},
                        "payee": {"id": "RFC-S", "name": "Supplier"},
                        "uri": f"urn:termin:event:2026:0x{2:064x}:3",
                        "relatedImplementationMilestone": {"id": "EST-1", "title": "Foundation"},
                    }
                ],
                "milestones": [
                    {"id": "EST-1", "dateMet": "2024-02-29T19:00:00-06:00", "status": "met"}
                ],
            }
        }
    ]
    assert latest(history.tell(paid(1, 100)))["tag"] == ["implementationUpdate"]


def test_a_date_of_the_source_counts_where_it_is_the_same_moment() -> None:
    history = begun((1_050, 0))
    history.texts = {0: MilestoneTexts(None, None, "2024-02-28T19:00:00-06:00")}
    (transaction,) = implementation(history.tell(paid(0, 1_050)))["transactions"]
    assert transaction["date"] == "2024-03-01T01:00:00Z"


def test_a_buyer_that_pays_itself_is_one_party_with_all_its_roles() -> None:
    history = begun((1, 0))
    history.people[TREASURY] = person("GOV", "B", (0, "City"))
    history.tell(paid(0, 1))
    assert [(each["id"], each["roles"]) for each in history.compiled()["parties"]] == [
        ("GOV-B", ["buyer", "payer"]),
        ("RFC-S", ["supplier", "payee"]),
    ]


def test_each_part_that_left_is_a_transaction_of_its_own() -> None:
    history = begun((1_000, 0)).tell(
        paid(0, 1_000, taxes=200, direct=300),
        deducted(0, COLLECTOR, e.Part.TAX, 200),
        deducted(0, ROOFER, e.Part.DIRECT_PAYMENT, 300, owed=True),
    )
    found = implementation(history)["transactions"]
    assert [(each["id"], each["payee"]["name"], each["value"]) for each in found] == [
        ("12-0", "Supplier", mxn("5.00")),
        ("12-0-tax", "Tax office", mxn("2.00")),
    ]
    assert {each["relatedImplementationMilestone"]["id"] for each in found} == {"12-0"}


def test_what_is_owed_is_published_once_it_is_claimed() -> None:
    history = begun((1_000, 0)).tell(
        paid(0, 1_000, taxes=200, owed=True),
        deducted(0, SUPPLIER, e.Part.TAX, 200, owed=True),
    )
    owed = implementation(history)
    assert owed == {
        "milestones": [{"id": "12-0", "dateMet": "2024-03-01T01:00:00Z", "status": "met"}]
    }
    history.tell((e.ClaimPaid, (0, SUPPLIER, SUPPLIER, 1_000)))
    found = latest(history)
    assert found["tag"] == ["implementationUpdate"]
    assert [
        (each["id"], each["date"], each["value"], each["uri"][-1])
        for each in found["contracts"][0]["implementation"]["transactions"]
    ] == [
        ("12-0", "2024-03-01T02:00:00Z", mxn("8.00"), "5"),
        ("12-0-tax", "2024-03-01T02:00:00Z", mxn("2.00"), "5"),
    ]


def test_a_payment_of_nothing_is_one_and_one_of_which_others_got_all_is_not() -> None:
    nothing = implementation(begun((0, 0)).tell(paid(0, 0)))
    assert [each["value"] for each in nothing["transactions"]] == [mxn("0.00")]
    assert nothing["milestones"][0]["status"] == "met"
    to_others = begun((1_000, 0)).tell(
        paid(0, 1_000, taxes=1_000), deducted(0, COLLECTOR, e.Part.TAX, 1_000)
    )
    (transaction,) = implementation(to_others)["transactions"]
    assert (transaction["id"], transaction["payee"]["id"]) == ("12-0-tax", "GOV-T")


def test_what_belongs_to_no_milestone_is_named_by_what_it_rests_on() -> None:
    (transaction,) = implementation(begun().tell(paid(None, 500, e.Basis.ADVANCE)))["transactions"]
    assert transaction["id"] == "12-advance"
    assert "relatedImplementationMilestone" not in transaction


def test_ids_are_unique_where_documents_repeat_themselves() -> None:
    history = History()
    history.texts = {
        n: MilestoneTexts(None, name, None) for n, name in enumerate(["E", "E", "12-1"])
    }
    history.tell(created(), scheduled(0, (1, 0), (1, 0), (1, 0)), ACTIVE)
    for number in (2, 0, 1):
        history.tell(paid(number, 1))
    found = history.compiled()["contracts"][0]["implementation"]
    assert [each["id"] for each in found["milestones"]] == ["E", "12-1", "12-2"]
    assert [each["id"] for each in found["transactions"]] == ["12-1", "E", "12-1#2"]


def test_a_part_that_is_accepted_leaves_the_rest_open_until_that_is_met() -> None:
    partly = (e.MilestonePartlyAccepted, (0, 1, 300, 700, code("leaks"), PAPER))
    history = begun((1_000, 0)).tell(partly, paid(0, 300, e.Basis.PARTIAL_ACCEPTANCE))
    assert milestones(history) == [{"id": "12-0", "status": "partiallyMet"}]
    history.tell(paid(0, 700))
    assert milestones(history) == [
        {"id": "12-0", "dateMet": "2024-03-01T02:00:00Z", "status": "met"}
    ]
    transactions = history.compiled()["contracts"][0]["implementation"]["transactions"]
    assert [each["id"] for each in transactions] == ["12-0", "12-0#2"]


def test_another_due_date_is_published_and_one_that_is_taken_away_too() -> None:
    history = begun((1_000, at(10)), (500, at(20)))
    history.tell(
        (e.MilestoneChanged, (0, 1_000, at(15), SUPPLIER)),
        (e.MilestoneChanged, (1, 400, at(20), SUPPLIER)),
        *enacted(1, amendment()),
    )
    assert milestones(history) == [{"id": "12-0", "dueDate": "2024-03-15T00:00:00Z"}]
    history.tell((e.MilestoneChanged, (0, 1_000, 0, SUPPLIER)), *enacted(2, amendment()))
    assert milestones(history) == [{"id": "12-0", "dueDate": None}]
    kept = history.compiled()["contracts"][0]["implementation"]["milestones"]
    assert kept[0] == {"id": "12-0", "type": "payment", "status": "scheduled"}


def test_what_is_given_up_is_not_met_and_met_where_a_part_is_accepted() -> None:
    partly = (e.MilestonePartlyAccepted, (0, 1, 300, 700, code("leaks"), PAPER))
    history = begun((1_000, 0), (500, 0)).tell(partly, paid(0, 300, e.Basis.PARTIAL_ACCEPTANCE))
    history.tell(
        (e.MilestoneCancelled, (0, 700)), (e.MilestoneCancelled, (1, 500)), *enacted(1, amendment())
    )
    assert milestones(history) == [
        {"id": "12-0", "dateMet": "2024-03-01T02:00:00Z", "status": "met"},
        {"id": "12-1", "status": "notMet"},
    ]


def test_a_dispute_ends_with_what_the_supplier_gets() -> None:
    history = begun((1_000, 0), (500, 0))
    settled = (e.DisputeSettled, (0, 600, 400))
    history.tell(settled, (e.MilestoneCancelled, (0, 400)), paid(0, 600, e.Basis.SETTLEMENT))
    assert milestones(history)[0]["status"] == "met"
    history.tell((e.DisputeRuled, (1, BUYER, 0, 500, code("no"), PAPER)))
    assert milestones(history) == [{"id": "12-1", "status": "notMet"}]
    assert latest(history)["tag"] == ["implementationUpdate"]


def test_delay_is_a_failure_of_performance() -> None:
    history = begun((1_050, at(1)))
    late = paid(0, 1_050, damages=100, carried=50, late_days=10)
    assert implementation(history.tell(late))["performanceFailures"] == [
        {
            "id": "12-0",
            "category": "delay",
            "events": 10,
            "period": {"startDate": "2024-03-01T00:00:00Z", "endDate": "2024-03-01T01:00:00Z"},
            "penaltyImposed": "1.00 MXN withheld, 0.50 MXN carried forward",
            "penaltyPaid": False,
        }
    ]


def test_lateness_without_damages_is_none() -> None:
    history = begun((1_050, at(1))).tell(paid(0, 1_050, late_days=10))
    assert "performanceFailures" not in implementation(history)


def test_guarantees_say_what_they_secure() -> None:
    history = begun()
    for kind, amount in ((e.GuaranteeKind.PERFORMANCE, 500), (e.GuaranteeKind.RETENTION, 700)):
        history.tell((e.GuaranteeRecorded, (kind, amount, at(31), PAPER)))
    first, second = history.releases()[1:]
    assert first["tag"] == ["contractUpdate"]
    assert first["contracts"][0]["guarantees"] == [
        {
            "id": "1",
            "obligations": "fulfillment",
            "date": "2024-03-01T01:00:00Z",
            "value": mxn("5.00"),
            "period": {"startDate": "2024-03-01T01:00:00Z", "endDate": "2024-03-31T00:00:00Z"},
        }
    ]
    (guarantee,) = second["contracts"][0]["guarantees"]
    assert (guarantee["id"], guarantee["obligations"]) == ("2", "latentDefects")
    assert len(history.compiled()["contracts"][0]["guarantees"]) == 2


def test_an_amendment_says_why_what_it_changes_and_which_release_it_amends() -> None:
    history = begun((100, 0))
    history.documents = {OTHER_PAPER: {"type": "note", "text": "Rock in the ground"}}
    terms = amendment(
        increase=15_000,
        ends_at=at(30),
        milestones=(e.MilestoneTerms(15_000, 0, SUPPLIER, PAPER),),
        changes=(e.MilestoneChange(0, 90, 0, SUPPLIER, False),),
        legal_ground=code("disaster"),
        document=OTHER_PAPER,
    )
    before = latest(history)["id"]
    history.tell(scheduled(1, (15_000, 0)), *enacted(2, terms, 100_000, 115_000))
    found = latest(history)
    assert found["tag"] == ["contractAmendment"]
    assert found["contracts"][0] == CONTRACT | {
        "value": mxn("1150.00"),
        "period": {"endDate": "2024-03-30T00:00:00Z"},
        "amendments": [
            {
                "id": "2",
                "date": "2024-03-01T01:00:00Z",
                "rationale": "additional-work: Rock in the ground",
                "description": "value raised from 1000.00 to 1150.00 MXN; end of the work moved to "
                "2024-03-30T00:00:00Z; milestones added: 1; milestones changed: 1; "
                "legal ground: disaster",
                "amendsReleaseID": before,
            }
        ],
        "implementation": {
            "milestones": [{"id": "12-1", "type": "payment", "status": "scheduled"}]
        },
    }


def test_an_amendment_that_lowers_the_value_says_so() -> None:
    history = begun().tell(*enacted(1, amendment(decrease=1, reason="0x" + "0" * 64), 100, 99))
    (found,) = latest(history)["contracts"][0]["amendments"]
    assert found["description"] == "value lowered from 1.00 to 0.99 MXN"
    assert "rationale" not in found


def test_the_end_of_the_work_and_what_it_came_to() -> None:
    history = begun((700, 0)).tell(paid(0, 700, taxes=200), deducted(0, COLLECTOR, e.Part.TAX, 200))
    history.tell((e.AgreementCompleted, (at(30),)))
    assert latest(history)["contracts"] == [
        CONTRACT | {"implementation": {"endDate": "2024-03-01T02:00:00Z"}}
    ]
    history.tell(closed())
    found = latest(history)
    assert found["tag"] == ["contractTermination"]
    assert found["contracts"] == [
        CONTRACT | {"status": "terminated", "implementation": {"finalValue": mxn("7.00")}}
    ]


def test_a_claim_after_the_final_account_changes_what_it_came_to() -> None:
    history = begun((700, 0)).tell(paid(0, 700, owed=True)).tell(closed())
    assert implementation(history)["finalValue"] == mxn("0.00")
    history.tell((e.ClaimPaid, (0, SUPPLIER, SUPPLIER, 700)))
    assert implementation(history)["finalValue"] == mxn("7.00")


def test_a_contract_that_ends_early_says_why_and_what_is_given_up() -> None:
    terminated = (e.AgreementTerminated, (e.Ground.DEFAULT, code("abandoned"), PAPER))
    cancelled = begun((700, 0)).tell(terminated, closed())
    assert latest(cancelled)["tag"] == ["contractTermination"]
    assert latest(cancelled)["contracts"] == [
        CONTRACT
        | {
            "status": "cancelled",
            "implementation": {
                "milestones": [{"id": "12-0", "status": "notMet"}],
                "endDate": "2024-03-01T01:00:00Z",
                "endDateDetails": "terminated: default",
                "finalValue": mxn("0.00"),
            },
        }
    ]
    begun_work = begun((700, 0), (1, 0)).tell(paid(0, 700)).tell(terminated)
    assert latest(begun_work)["contracts"][0]["status"] == "terminated"


def test_the_work_ends_once() -> None:
    terminated = (e.AgreementTerminated, (e.Ground.LAPSE, code("lapsed"), PAPER))
    history = begun().tell((e.AgreementCompleted, (0,))).tell(terminated)
    assert "endDate" not in implementation(history)
    assert history.compiled()["contracts"][0]["implementation"]["endDate"] == "2024-03-01T01:00:00Z"


def test_participants_that_look_alike_stay_apart() -> None:
    history = History()
    history.people |= {
        SUPPLIER: person("A", "B-C", (0, "Two")),
        BUYER: person("A-B", "C", (0, "One")),
    }
    found = latest(history.tell(created()))
    assert found["buyer"] == {"id": "A-B-C", "name": "One"}
    assert found["awards"][0]["suppliers"] == [{"id": "A-B-C#2", "name": "Two"}]
    assert [each["identifier"] for each in found["parties"]] == [
        {"scheme": "A-B", "id": "C"},
        {"scheme": "A", "id": "B-C"},
    ]


def test_all_suppliers_are_named_each_once() -> None:
    others = [
        {"scheme": "RFC", "identifier": "X", "name": "Partner"},
        {"scheme": "RFC", "identifier": "S", "name": "The lead again"},
        {"scheme": "RFC", "identifier": "X", "name": "Partner again"},
        {"scheme": "RFC", "identifier": "Y"},
    ]
    documents = {PAPER: {"type": "agreement", "otherSuppliers": others}}
    found = latest(History(documents=documents).tell(created(document=PAPER)))
    assert found["awards"][0]["suppliers"] == [
        {"id": "RFC-S", "name": "Supplier"},
        {"id": "RFC-X", "name": "Partner"},
        {"id": "RFC-Y"},
    ]
    assert [each["id"] for each in found["parties"]] == ["GOV-B", "RFC-S", "RFC-X", "RFC-Y"]


def test_a_participant_has_the_name_that_it_had_then() -> None:
    history = begun((1, 0), (1, 0))
    history.people[SUPPLIER] = person("RFC", "S", (0, "Before"), (3, "After"))
    history.tell(paid(0, 1)).tell(paid(1, 1))
    names = [
        [each.get("name") for each in found["parties"] if each["id"] == "RFC-S"]
        for found in history.releases()
    ]
    assert names == [["Before"], ["Before"], ["After"]]
    (compiled,) = (each for each in history.compiled()["parties"] if each["id"] == "RFC-S")
    assert compiled["name"] == "After"


def test_names_that_are_not_known_are_left_out_and_the_figures_stay() -> None:
    history = begun((1_050, 0))
    history.people |= {BUYER: person("GOV", "B", (0, None)), SUPPLIER: person("RFC", "S")}
    found = history.tell(paid(0, 1_050)).compiled()
    assert found["buyer"] == {"id": "GOV-B"}
    assert found["parties"][1] == {
        "id": "RFC-S",
        "identifier": {"scheme": "RFC", "id": "S"},
        "roles": ["supplier", "payee"],
    }
    assert found["awards"] == [{"id": "C1", "status": "active", "suppliers": [{"id": "RFC-S"}]}]
    (transaction,) = found["contracts"][0]["implementation"]["transactions"]
    assert (transaction["id"], transaction["payee"]) == ("12-0", {"id": "RFC-S"})


def test_a_document_that_comes_later_makes_another_id_where_it_is_quoted_and_only_there() -> None:
    history = begun((1, 0), document=PAPER).tell(paid(0, 1)).tell(closed())
    before = [each["id"] for each in history.releases()]
    history.documents = {PAPER: {"type": "agreement", "title": "Bridge"}}
    after = [each["id"] for each in history.releases()]
    assert before[0] != after[0]
    assert before[1:] == after[1:]


def test_contracts_of_one_ocid_are_one_process_with_one_release_for_each_block() -> None:
    history = begun((700, 0)).tell(
        created(500, contract_id="C2", buyer=ROOFER), scheduled(0, (500, 0)), contract=13
    )
    # Both change in the same block.
    history.tell(paid(0, 700))
    history.block, history.now = history.block - 1, history.now - 3_600
    history.tell(ACTIVE, contract=13)
    first, second, third = history.releases()
    assert first["buyer"]["id"] == "GOV-B"
    assert (second["buyer"]["id"], second["tag"]) == ("RFC-R", ["award", "contract"])
    assert [each["id"] for each in second["awards"]] == ["C2"]
    assert third["tag"] == ["contractUpdate", "implementation"]
    assert [each["id"] for each in third["contracts"]] == ["C1", "C2"]
    compiled = history.compiled()
    assert [each["id"] for each in compiled["contracts"]] == ["C1", "C2"]
    assert [each["status"] for each in compiled["contracts"]] == ["active", "active"]
    milestones = [each["implementation"]["milestones"][0] for each in compiled["contracts"]]
    assert [each["id"] for each in milestones] == ["12-0", "13-0"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
others = st.lists(
    json_values
    | st.fixed_dictionaries(
        {"scheme": json_values, "identifier": st.text(max_size=3), "name": json_values}
    ),
    max_size=4,
)
contents = st.fixed_dictionaries(
    {
        "type": st.just("agreement"),
        "title": json_values,
        "description": json_values,
        "otherSuppliers": json_values | others,
        "text": json_values,
        "tender": json_values
        | st.dictionaries(
            st.sampled_from(["id", "title", "procurementMethod", "mainProcurementCategory"]),
            json_values | st.sampled_from(["open", "works"]),
        ),
    }
)
texts = st.none() | st.text(min_size=1, max_size=5)


@given(
    contents,
    st.lists(st.builds(MilestoneTexts, texts, texts | st.sampled_from(["12-0", "E"]), texts)),
    st.lists(texts, min_size=2, max_size=2),
)
def test_whatever_documents_say_ids_are_unique_and_every_reference_is_a_party(
    content: dict[str, Any], named: list[MilestoneTexts], names: list[str | None]
) -> None:
    history = History(documents={PAPER: content}, texts=dict(enumerate(named)))
    history.people[SUPPLIER] = person("RFC", "S", (0, names[0]), (2, names[1]))
    history.tell(created(document=PAPER), scheduled(0, *[(1, 0)] * len(named)), ACTIVE)
    for number in range(len(named)):
        history.tell(paid(number, 1), deducted(number, COLLECTOR, e.Part.TAX, 0))
    history.tell(*enacted(1, amendment(document=PAPER)))
    releases = history.releases()
    for made in (*releases, history.compiled()):
        to_json(made)
        ids = [each["id"] for each in made.get("parties", [])]
        work = made["contracts"][0].get("implementation", {})
        transactions = work.get("transactions", [])
        references = [*([made["buyer"]] if "buyer" in made else [])]
        references += [each for award in made.get("awards", []) for each in award["suppliers"]]
        references += [each[side] for each in transactions for side in ("payer", "payee")]
        assert {each["id"] for each in references} == set(ids)
        for some in (ids, [each["id"] for each in transactions]):
            assert len(set(some)) == len(some)
    planned = history.compiled()["contracts"][0].get("implementation", {}).get("milestones", [])
    assert len({each["id"] for each in planned}) == len(named) == len(planned)


@needs_standard
def test_the_validator_would_tell() -> None:
    """That `findings` finds: a field that is not of the standard, a code, and a wrong type."""
    made = latest(begun())
    made["contracts"][0] |= {"vendor": "x", "status": "paid", "title": 3}
    assert sorted(findings(json.loads(to_json(package(made))))) == [
        "additional_closed_codelist_values",
        "additional_fields",
        "validation_errors",
    ]


@needs_standard
def test_all_fields_and_tags_are_valid_in_each_release_alone() -> None:
    told = {"title": "Bridge", "procurementMethod": "open", "mainProcurementCategory": "works"}
    documents = {PAPER: {"type": "agreement", "tender": told, "text": "Rock"}}
    history = History(documents=documents).tell(created(document=PAPER)).tell(ACTIVE)
    history.tell(
        scheduled(0, (1_000, at(1)), (500, at(20))), *enacted(1, amendment(document=PAPER))
    )
    history.tell((e.GuaranteeRecorded, (e.GuaranteeKind.RETENTION, 500, at(31), PAPER)))
    history.tell(
        paid(0, 1_000, damages=100, taxes=200, late_days=3), deducted(0, COLLECTOR, e.Part.TAX, 200)
    )
    history.tell(
        (e.MilestoneChanged, (1, 500, 0, SUPPLIER)), *enacted(2, amendment(ends_at=at(30)))
    )
    history.tell(paid(None, 100, e.Basis.DAMAGES_RETURNED))
    history.tell((e.AgreementTerminated, (e.Ground.LAPSE, code("lapsed"), PAPER)), closed())
    releases = history.releases()
    assert {tag for each in releases for tag in each["tag"]} == {
        *("tender", "award", "contract", "contractUpdate", "contractAmendment"),
        *("implementation", "implementationUpdate", "contractTermination"),
    }
    for each in (*releases, history.compiled()):
        assert findings(json.loads(to_json(package(each)))) == {}, each["tag"]
