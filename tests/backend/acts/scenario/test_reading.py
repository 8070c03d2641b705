"""Reading a scenario: several mistakes at once, what is no scenario at all, and what is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from backend.acts.scenario import Scenario, read_scenario
from backend.core.yamlfiles import YamlFileError

FUND = "act: fund, deposit: B1"


def test_all_mistakes_are_named_in_the_order_of_the_file(
    tell: Callable[..., Scenario], tmp_path: Path
) -> None:
    with pytest.raises(YamlFileError) as error:
        tell({"budget: works": "budget: roads", "    inspectors: [agency/surveyor]\n": ""})
    file = tmp_path / "story.yaml"
    assert error.value.detail.splitlines() == [
        (
            f"{file}:13: participants.agency.offices.surveyor: found nothing to do for it; "
            "expected a part in some contract"
        ),
        (
            f"{file}:21: budget.works: found a line that nobody spends; "
            "expected a contract with this budget"
        ),
        f"{file}:45: contracts.1.budget: found 'roads'; expected one of: works",
        (
            f"{file}:56: contracts.1.story.3: found nobody to inspect; "
            "expected by, or inspectors of the contract"
        ),
    ]


def test_identifiers_stand_once(tell: Callable[..., Scenario], tmp_path: Path) -> None:
    with pytest.raises(YamlFileError) as error:
        tell({'identifier: "2"': 'identifier: "1"'})
    file = tmp_path / "story.yaml"
    assert error.value.detail.splitlines() == [
        (
            f"{file}:7: participants.agency.identifier: found CONTOH-1 more than once; "
            "expected each identifier once"
        ),
        (
            f"{file}:17: participants.builder.identifier: found CONTOH-1 more than once; "
            "expected each identifier once"
        ),
    ]


def test_contracts_and_budget_lines_stand_once(
    tell: Callable[..., Scenario], tmp_path: Path
) -> None:
    tell()
    path = tmp_path / "story.yaml"
    text = path.read_text()
    head, rest = text.split("conditions:\n", 1)
    conditions, contract = rest.split("contracts:\n")
    line = head[head.index("  works:") :]
    again = line.replace("works:", "roads:"), contract.replace("budget: works", "budget: roads")
    path.write_text(f"{head}{again[0]}conditions:\n{conditions}contracts:\n{contract}{again[1]}")
    with pytest.raises(YamlFileError) as error:
        read_scenario(path)
    assert error.value.detail.splitlines() == [
        (
            f"{path}:23: budget.works.code: found line 5.2.1 of agency more than once; "
            "expected each line once"
        ),
        (
            f"{path}:29: budget.roads.code: found line 5.2.1 of agency more than once; "
            "expected each line once"
        ),
        (
            f"{path}:42: contracts.1.id: found contract C1 of ocds-contoh-1 more than once; "
            "expected each contract once"
        ),
        (
            f"{path}:66: contracts.2.id: found contract C1 of ocds-contoh-1 more than once; "
            "expected each contract once"
        ),
    ]


def amended(increase: int, *later: str) -> dict[str, str]:
    """A story whose third milestone is added, signed by all, and submitted after what is later."""
    told = (
        (
            f"act: amend, by: agency/chair, reason: more-work, note: Why, increase: {increase}, "
            f"milestones: [{{title: More, amount: {increase}}}]"
        ),
        "act: sign, by: [agency/clerk]",
        "act: sign",
        *later,
    )
    acts = "}\n      - {at: D-64 09:00, ".join(told)
    return {FUND: f"{FUND}}}\n      - {{at: D-64 09:00, {acts}"} | {
        "milestone: 1, evidence": "milestone: 3, evidence"
    }


def test_a_milestone_of_an_amendment_exists_once_it_is_in_force(
    tell: Callable[..., Scenario], tmp_path: Path
) -> None:
    tell(amended(0))
    tell(amended(5, "act: enact, deposit: B2"))
    with pytest.raises(YamlFileError) as error:
        tell(amended(5))
    assert error.value.detail == (
        f"{tmp_path / 'story.yaml'}:59: contracts.1.story.5.milestone: found 3; "
        "expected a milestone from 1 to 2"
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[1]", ":1: found ['1']; expected keys with values"),
        (b"\xff\xfe", ": byte 0 is not UTF-8; expected a text in UTF-8"),
        (b"[" * 5000, ": found too many levels; expected a few"),
        (b"a: 1\n---\nb: 2\n", ":2: but found another document; expected YAML"),
    ],
    ids=["a list", "not UTF-8", "too deep", "two documents"],
)
def test_refuses_what_is_not_a_yaml_mapping(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "story.yaml"
    path.write_bytes(content)
    with pytest.raises(YamlFileError) as error:
        read_scenario(path)
    assert error.value.detail == f"{path}{expected}"


def test_an_empty_file_lacks_everything(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text("# nothing\n")
    with pytest.raises(YamlFileError) as error:
        read_scenario(path)
    assert error.value.detail.splitlines() == [
        f"{path}:1: found no {key}; expected this key"
        for key in (
            *("title", "currency", "zone", "participants", "budget", "conditions"),
            "contracts",
        )
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(YamlFileError) as error:
        read_scenario(tmp_path / "none.yaml")
    assert error.value.detail == f"{tmp_path / 'none.yaml'}: No such file or directory"


def test_amounts_keep_their_digits(tell: Callable[..., Scenario]) -> None:
    story = tell({"value: 1_000\n": "value: 123_456_789_012_345_678.90\n"}).story
    assert story.contracts[0].value == Decimal("123456789012345678.90")


def test_the_day_is_that_of_the_story(tell: Callable[..., Scenario]) -> None:
    scenario = tell()
    assert scenario.day(datetime(2026, 3, 1, 16, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert scenario.day(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)) == date(2026, 3, 2)
