"""How mutants are made, chosen and judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from operators import Finder, Mutant
from outcomes import Listed, conclude
from running import INVALID, SURVIVED, Result
from support.toolchain import load

mutate = load("mutation/mutate.py")

TEXT = b"""contract C {
    function f(uint256 a) external {
        require(a < 3, Bad(a));
        total += a;
    }
}
"""


def node(kind: str, code: bytes, **more: Any) -> dict[str, Any]:
    return {"nodeType": kind, "src": f"{TEXT.index(code)}:{len(code)}:0", **more}


def tree() -> dict[str, Any]:
    """As solc gives it, as far as it is looked at."""
    a, three = node("Identifier", b"a < 3") | {"name": "a"}, node("Literal", b"3", value="3")
    a["src"] = f"{TEXT.index(b'a < 3')}:1:0"
    three |= {"kind": "number"}
    less = node(
        "BinaryOperation",
        b"a < 3",
        operator="<",
        leftExpression=a,
        rightExpression=three,
    )
    called = {"nodeType": "Identifier", "name": "require", "src": "0:0:0"}
    call = node("FunctionCall", b"require(a < 3, Bad(a))", expression=called, arguments=[less])
    required = node("ExpressionStatement", b"require(a < 3, Bad(a))", expression=call)
    block = node("Block", TEXT[TEXT.index(b"{\n        require") : -2], statements=[required])
    function = node("FunctionDefinition", b"function f", name="f", body=block)
    contract = node("ContractDefinition", b"contract C", contractKind="contract", nodes=[function])
    return node("SourceUnit", TEXT, nodes=[contract])


def mutant(first: int = 1, after: str = "x", context: str = "line") -> Mutant:
    return Mutant("contracts/C.sol", 3, "swap", first, first + 1, "a", after, context, 4)


def test_faults_are_made_where_the_tree_says() -> None:
    found = Finder("contracts/C.sol", TEXT, tree()).mutants()
    texts = {one.apply(TEXT).decode().splitlines()[2].strip() for one in found}
    assert "require(a <= 3, Bad(a));" in texts
    assert any(one.operator == "require deleted" for one in found)
    assert all(one.line == 3 and one.apply(TEXT) != TEXT for one in found)
    assert len({one.name for one in found}) == len(found)


def test_a_name_stays_wherever_the_line_stands() -> None:
    assert mutant(1).name == mutant(100).name
    assert mutant().name != mutant(after="y").name
    assert mutant().name != mutant(context="another line").name


def test_the_sample_stays_when_others_go() -> None:
    known = [mutant(context=str(number)) for number in range(50)]
    chosen = mutate.sample(known, 10, "seed")
    left = chosen + [one for one in known if one not in chosen][::2]
    assert mutate.sample(left, 10, "seed") == chosen
    assert mutate.sample(known, 10, "another") != chosen
    assert len(mutate.sample(known, 0, "seed")) == 50


def judged(
    place: Path, outcomes: list[str], entries: list[Listed], capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    mutants = [mutant(context=str(number)) for number in range(len(outcomes))]
    results = [Result(one, told, 1.0) for one, told in zip(mutants, outcomes, strict=True)]
    status = conclude(results, mutants, entries, 0.9, place)
    return status, capsys.readouterr().out


def test_nine_of_ten_have_to_be_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = judged(tmp_path, ["model"] * 9 + [SURVIVED, INVALID], [], capsys)
    assert status == 0
    assert "9 of 10 mutants noticed (90.0%" in told
    assert "1 do not compile" in told
    status, told = judged(tmp_path, ["model"] * 8 + [SURVIVED] * 2, [], capsys)
    assert status == 1
    assert told.endswith("FAILED\n")


def test_a_listed_survivor_does_not_count_and_has_to_survive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [mutant(context=str(number)).name for number in range(3)]
    entry = Listed(names[2], "contracts/C.sol", "a -> x", "the same")
    status, told = judged(tmp_path, ["model", "model", SURVIVED], [entry], capsys)
    assert status == 0
    assert "2 of 2 mutants noticed" in told
    status, told = judged(tmp_path, ["model", "model", "model"], [entry], capsys)
    assert status == 1
    assert "does not survive: model" in told
    gone = Listed("0000000000", "contracts/C.sol", "a -> x", " ")
    status, told = judged(tmp_path, ["model"], [gone], capsys)
    assert status == 1
    assert "has no reason" in told
    assert "is not there any more" in told
