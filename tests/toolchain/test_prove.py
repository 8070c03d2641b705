"""What static analysis, proofs, coverage and campaigns conclude from what their tools say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.toolchain import load

static = load("prove/static.py")
symbolic = load("prove/symbolic.py")
solver = load("prove/solver.py")
coverage = load("prove/coverage.py")
invariants = load("prove/invariants.py")


# --- static ---


def finding(check: str = "timestamp", where: str = "Agreement.sign") -> Any:
    return static.Finding(check, "Low", where, "told")


def accepted(check: str = "timestamp", *where: str, reason: str = "right") -> Any:
    return static.Accepted(check, where or ("*",), reason)


def test_a_finding_that_nobody_accepts_is_a_problem() -> None:
    entries = [accepted("timestamp", "Budget.*"), accepted("shadowing", "Agreement.*")]
    found = static.problems([finding(), finding(where="Budget.commit")], entries)
    assert found == [
        "Low timestamp in Agreement.sign: told",
        "findings.toml: shadowing in Agreement.* accepts nothing",
    ]


def test_what_is_accepted_with_a_reason_is_none() -> None:
    assert static.problems([finding()], [accepted("timestamp", "Agreement.*")]) == []


def test_each_pattern_has_to_accept_something() -> None:
    (found,) = static.problems([finding()], [accepted("timestamp", "*", "Budget.*")])
    assert found == "findings.toml: timestamp in Budget.* accepts nothing"


def test_a_reason_has_to_be_given() -> None:
    (found,) = static.problems([finding()], [accepted(reason="")])
    assert found == "findings.toml: timestamp has no reason"


def test_a_place_is_named_from_the_contract_down() -> None:
    contract = {"type": "contract", "name": "Agreement", "type_specific_fields": {}}
    function = {
        "type": "function",
        "name": "sign",
        "type_specific_fields": {"parent": contract},
    }
    node = {"type": "node", "name": "x == 0", "type_specific_fields": {"parent": function}}
    assert static.place(node) == "Agreement.sign"


# --- symbolic ---


def proof(name: str, exitcode: int, bounded: int | None = 0) -> Any:
    content = {"name": name, "exitcode": exitcode, "num_bounded_loops": bounded, "time": [1.4]}
    (found,) = symbolic.proofs({"test_results": {"A.t.sol": [content]}})
    return found


@pytest.mark.parametrize(
    ("name", "exitcode", "bounded", "holds", "told"),
    [
        ("check_sum(uint256)", 0, 0, True, "check_sum: proven for all inputs (1 s)"),
        ("check_sum()", 0, None, True, "check_sum: proven for all inputs (1 s)"),
        ("check_sum()", 1, 0, False, "check_sum: not proven (1 s)"),
        ("check_sum()", 2, 0, False, "check_sum: not proven (1 s)"),
        (
            "check_sum()",
            0,
            3,
            False,
            "check_sum: 3 loops not followed to their end: raise `loop` of halmos.toml (1 s)",
        ),
        ("check_false_sum()", 1, 0, True, "check_false_sum: refuted, as it must be (1 s)"),
        ("check_false_sum()", 0, 0, False, "check_false_sum: NOT REFUTED (1 s)"),
    ],
)
def test_a_proof_counts_only_if_it_was_finished(
    name: str, exitcode: int, bounded: int | None, holds: bool, told: str
) -> None:
    found = proof(name, exitcode, bounded)
    assert (found.holds, str(found)) == (holds, told)


QUERY = """(set-logic QF_AUFBV)
; a remark with ( in it
(declare-fun balance_00 () (Array (_ BitVec 160) (_ BitVec 256)))
(declare-fun a () (_ BitVec 256))
(define-fun f_evm_bvmul_256 ((x (_ BitVec 256)) (y (_ BitVec 256))) (_ BitVec 256) (bvmul x y))
(assert (= balance_00 balance_00))
(assert (bvule a (_ bv5 256)))
(assert (= (f_evm_bvmul_256 a a) (_ bv4 256)))
(assert (= (f_evm_bvmul_256 a (_ bv2 256)) (_ bv4 256)))
(check-sat)
"""


def test_a_query_for_integers_leaves_out_balances_and_says_so() -> None:
    query, whole = solver.for_integers(QUERY, alone=False)
    assert not whole
    assert "balance" not in query
    assert query.startswith("(set-logic QF_UFBV)")
    assert query.count("(assert") == 3
    assert "(ite (= x (_ bv0 256))" in query


def test_the_last_assertion_is_asked_alone_with_what_has_no_products() -> None:
    query, whole = solver.for_integers(QUERY, alone=True)
    assert not whole
    assert [form for form in solver.forms(query) if form.startswith("(assert")] == [
        "(assert (bvule a (_ bv5 256)))",
        "(assert (= (f_evm_bvmul_256 a (_ bv2 256)) (_ bv4 256)))",
    ]


def test_a_query_without_balances_and_earlier_products_is_whole() -> None:
    lines = [line for line in QUERY.splitlines() if "balance" not in line and "a a" not in line]
    for alone in (False, True):
        assert solver.for_integers("\n".join(lines), alone=alone)[1]


# --- coverage ---

MEASURED = """TN:
SF:contracts/Agreement.sol
DA:10,3
DA:11,0
BRDA:12,0,0,-
BRDA:12,0,1,4
end_of_record
SF:contracts/mocks/Token.sol
DA:1,0
end_of_record
SF:tests/invariants/Money.t.sol
DA:1,0
end_of_record
"""


def test_lines_and_branches_of_the_contracts_are_counted_without_mocks_and_tests() -> None:
    (found,) = coverage.coverages(MEASURED.splitlines())
    assert (found.path, found.lines, found.branches) == ("contracts/Agreement.sol", 2, 2)
    assert (found.missed_lines, found.missed_branches) == ([11], ["12 (branch 0)"])


@pytest.mark.parametrize(
    ("lines", "branches", "status"), [(2, 5, 0), (3, 5, 1), (2, 6, 1), (0, 0, 0)]
)
def test_each_rate_has_its_bound(
    capsys: pytest.CaptureFixture[str], lines: int, branches: int, status: int
) -> None:
    """At most 2 of 100 lines and 5 of 100 branches may be missed."""
    missed = list(range(lines)), [str(number) for number in range(branches)]
    found = coverage.Coverage("contracts/A.sol", 100, 100, *missed)
    assert coverage.conclude([found]) == status
    assert capsys.readouterr().out.endswith("FAILED\n" if status else "passed\n")


def test_nothing_measured_is_no_success() -> None:
    with pytest.raises(SystemExit, match="measured nothing"):
        coverage.conclude([])


# --- invariants ---

TOLD = """
Ran 2 tests for tests/invariants/Money.t.sol:MoneyTest
\x1b[32m[PASS]\x1b[0m invariant_I1_money() (runs: 455, calls: 227500, reverts: 0)
[FAIL: Unequal("held", 1, 2)] invariant_I2_supply() (runs: 3, calls: 1200, reverts: 0)
[PASS] test_it() (gas: 12)
Ran 1 test for tests/invariants/Caps.t.sol:CapsTest
[PASS] invariant_I4_caps() (runs: 10, calls: 5000, reverts: 0)
"""


def test_calls_are_counted_once_for_each_contract() -> None:
    found = list(invariants.campaigns(TOLD.splitlines()))
    assert [(one.test, one.passed, one.calls) for one in found] == [
        ("invariant_I1_money", True, 227_500),
        ("invariant_I2_supply", False, 1_200),
        ("invariant_I4_caps", True, 5_000),
    ]
    assert invariants.different(found) == 232_500


def test_every_contract_with_invariants_is_known() -> None:
    folder = Path(invariants.ROOT) / "tests" / "invariants"
    text = "".join(file.read_text() for file in folder.glob("*.t.sol"))
    assert 1 < invariants.tests() <= text.count("function invariant_")
