import json
from pathlib import Path
from typing import Any

from backend.ocds.reasons import Outcome, Reason, ReasonCode, sentence
from backend.ocds.report import report_lines, to_json, write_report


def test_the_report_has_every_contract_and_every_payment_that_differs(
    sources: Any, tmp_path: Path
) -> None:
    first = sources.release(
        sources.contract(sources.payment("P1"), sources.payment("P2", -1)),
        sources.contract(value={"amount": 5, "currency": "XXX"}, id="Ñ"),
    )
    second = sources.release(sources.contract(sources.payment("P1", 2000)), ocid="ocds-abc123-2")
    source = sources.read(first, "?", second)
    path = tmp_path / "report.jsonl"
    path.write_text("old")
    write_report(path, report_lines(source))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line.pop("file") for line in lines} == {str(sources.folder / "source.jsonl")}
    names = ["line", "ocid", "contract_id", "payment_id", "outcome"]
    names += ["reason", "value", "paid", "currency"]
    assert [list(line) for line in lines] == [names] * 5
    assert [tuple(line.values()) for line in lines] == [
        (1, "ocds-abc123-1", "C1", None, "loaded", "", "1000.00", "100.00", "MXN"),
        (
            1,
            "ocds-abc123-1",
            "C1",
            "P2",
            "skipped",
            "negative_amount: -1 MXN; expected zero or more",
            "-1",
            "0.00",
            "MXN",
        ),
        (
            1,
            "ocds-abc123-1",
            "Ñ",
            None,
            "skipped",
            "unknown_currency: 'XXX'; expected a code of ISO 4217 such as MXN",
            "5",
            None,
            "XXX",
        ),
        (
            2,
            None,
            None,
            None,
            "skipped",
            "unknown_shape: a text; expected a package, a record or a release of OCDS",
            None,
            None,
            None,
        ),
        (
            3,
            "ocds-abc123-2",
            "C1",
            None,
            "loaded_with_amendment",
            "paid_above_value: 2000.00 MXN paid, 1000.00 MXN agreed",
            "1000.00",
            "2000.00",
            "MXN",
        ),
    ]


def test_a_line_is_one_line_of_json(sources: Any) -> None:
    source = sources.read(sources.release(sources.contract(id="a\nb")))
    [line] = map(to_json, report_lines(source))
    assert "\n" not in line
    assert json.loads(line)["contract_id"] == "a b"


def test_several_reasons_stand_in_one_sentence() -> None:
    reasons = Reason(ReasonCode.NO_VALUE, "a"), Reason(ReasonCode.NO_PAYMENTS, "b")
    assert sentence(reasons) == "no_value: a | no_payments: b"
    assert sentence(()) == ""
    assert str(Outcome.LOADED) == "loaded"
