"""docs/loading.md and the code say the same."""

import re
from pathlib import Path

from backend.acts.load.conditions import LARGEST_CAP, PUBLISHED
from backend.acts.load.contracts import CLOSED_STATUSES, PUBLISHED_AMENDMENT
from backend.chain.identity import bytes32_to_code
from backend.ocds.fields import ID_LENGTH, NAME_LENGTH, PROSE_LENGTH, TITLE_LENGTH
from backend.ocds.files import MAX_FILE_BYTES
from backend.ocds.organizations import IDENTIFIER_LENGTH
from backend.ocds.reasons import Outcome, ReasonCode

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/loading.md").read_text(encoding="utf-8")


def test_every_reason_is_documented_once_and_every_documented_one_exists() -> None:
    _, *sections = TEXT.split("\n## Reasons ")
    codes = re.findall(r"^\| `(\w+)` \|", "\n".join(sections), re.MULTILINE)
    assert sorted(codes) == sorted(ReasonCode)


def test_every_reason_is_given_somewhere() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "backend").rglob("*.py"))
    assert [code for code in ReasonCode if f"ReasonCode.{code.name}" not in source] == []


def test_every_outcome_is_documented() -> None:
    assert [outcome for outcome in Outcome if f"`{outcome}`" not in TEXT] == []


def test_limits_are_those_of_the_code() -> None:
    assert MAX_FILE_BYTES == 1 << 30
    assert "1 GiB" in TEXT
    assert f"Beyond {ID_LENGTH} characters ({IDENTIFIER_LENGTH} for an organization)" in TEXT
    assert TITLE_LENGTH == NAME_LENGTH
    assert f"up to {TITLE_LENGTH} characters, descriptions up to {PROSE_LENGTH:,}." in TEXT


def test_what_stands_on_the_chain_is_what_the_code_agrees() -> None:
    agreed = {name: value for name, value in PUBLISHED.items() if value not in (0, [])}
    assert agreed == {"amendmentCap": LARGEST_CAP, "lapseDays": 10 * 365}
    assert "Anyone may end an agreement ten years after the end of its work." in TEXT
    assert f"{LARGEST_CAP // 100}.{LARGEST_CAP % 100} % of the original value." in TEXT
    for code in (bytes32_to_code(PUBLISHED_AMENDMENT), *CLOSED_STATUSES, *CLOSED_STATUSES.values()):
        assert f"`{code}`" in TEXT
