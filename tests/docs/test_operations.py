"""Every setting and every command is documented, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from backend.acts.deploy import (
    BUDGET_OFFICER,
    CALENDAR_KEEPER,
    ISSUER,
    REGISTRAR,
    WITNESS,
)
from backend.api.readiness import CODES
from backend.cli.app import COMMANDS, GROUPS, build
from backend.core.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OTHER_VARIABLES = {"TERMIN_ACCOUNT", "TERMIN_AGREEMENT", "TERMIN_PASSPHRASE"}


def test_every_setting_is_documented_and_every_documented_variable_exists() -> None:
    table = OPERATIONS.partition("## Settings")[2].partition("\n## ")[0]
    documented = set(re.findall(r"TERMIN_[A-Z_]+", table))
    settings = {f"TERMIN_{name.upper()}" for name in Settings.model_fields}
    assert documented == settings | OTHER_VARIABLES


def test_every_reason_against_readiness_is_documented() -> None:
    table = OPERATIONS.partition("## Is what is served")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", table, re.M)) == CODES


def test_the_administrative_roles_are_those_of_the_deployment() -> None:
    roles = {
        "registrar": REGISTRAR,
        "issuer": ISSUER,
        "budget officer": BUDGET_OFFICER,
        "witness": WITNESS,
        "calendar keeper": CALENDAR_KEEPER,
    }
    words = ", ".join(f"{number} {name}" for name, number in roles.items())
    assert words in " ".join(OPERATIONS.split())


ROOT_COMMAND: Any = typer.main.get_command(build())
GROUPED = {name: set(ROOT_COMMAND.commands[name].commands) for name in GROUPS}


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md"])
def test_every_command_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = set(re.findall(r"termin ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?", text))
    named = [words for words in found if words[0] in {*COMMANDS, *GROUPS}]
    assert len(named) > 8
    for group, command in named:
        assert group in COMMANDS or not command or command in GROUPED[group], (group, command)


def test_every_command_of_the_readme_s_table_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("| who | what |")[2].partition("\n\n")[0]
    group, named = "", []
    for words in re.findall(r"`([a-z][a-z -]*)`", table):
        first, _, command = words.partition(" ")
        # A command alone is of the group that was named last.
        group = first if command else group
        named.append((group, command or first))
    assert len(named) > 20
    assert [each for each in named if each[1] not in GROUPED[each[0]]] == []
