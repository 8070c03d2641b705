"""Every command explains itself, with an example that is one."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from backend.cli.app import COMMANDS, GROUPS, application, build

ROOT = typer.main.get_command(build())


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with the words that lead to it."""
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        yield from leaves(child, (*path, name))


ALL = dict(leaves(ROOT))
NAMES = [" ".join(path) for path in ALL]


def command(name: str) -> Any:
    return ALL[tuple(name.split())]


def example(name: str) -> list[str]:
    """The words of the example of a command, without what the shell does with them."""
    found = re.search(r"Example:\s+`([^`]+)`", command(name).help)
    assert found, name
    line = re.sub(r"\$\([^)]*\)", "0" * 64, " ".join(found[1].split()))
    return shlex.split(line.partition(" > ")[0])


def test_all_commands_are_there() -> None:
    assert set(COMMANDS) <= set(NAMES)
    assert {name.split()[0] for name in NAMES} == {*COMMANDS, *GROUPS}
    wanted = {
        "participant": "register list suspend debar reinstate succeed confirm-succession",
        "agreement": (
            "draft deploy sign fund list show support complete terminate notice withdraw-notice "
            "lapse close suspend resume hold extend-hold lift-hold"
        ),
        "milestone": "submit attest accept reject silence dispute offer rule rule-by-default",
        "guarantee": "record",
        "advance": "pay",
        "retention": "release",
        "interest": "pay",
        "amendment": "draft propose sign enact show",
        "approvals": "prepare sign bring",
        "payment": "claim",
        "money": "issue approve redeem forward",
        "calendar": "set-year",
        "document": "publish erase",
        "budget": "appropriate",
        "account": "create list",
    }
    commands = {f"{group} {each}" for group, names in wanted.items() for each in names.split()}
    assert {name for name in NAMES if " " in name} == commands


@pytest.mark.parametrize("name", NAMES)
def test_its_help_says_what_it_does_with_an_example(name: str) -> None:
    said = CliRunner().invoke(build(name.split()[0]), [*name.split(), "--help"])
    assert said.exit_code == 0, said.output
    assert re.search(r"Example:\s+termin", said.output), said.output
    first = command(name).help.split("\n\n")[0]
    assert len(first) > 15
    assert first.strip().endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_its_example_is_accepted(name: str) -> None:
    words = example(name)
    assert words[: 1 + len(name.split())] == ["termin", *name.split()]
    # Raises where an option does not exist, has a wrong type, or something needed is missing.
    rest = words[1 + len(name.split()) :]
    with command(name).make_context(name, rest) as context:
        assert context.params


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_explained(name: str) -> None:
    for parameter in command(name).params:
        assert parameter.help, parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_every_command_can_be_told_where(name: str) -> None:
    options = {option for each in command(name).params for option in each.opts}
    assert {"--rpc-url", "--database-url", "--data-dir"} <= options


@pytest.mark.parametrize("words", [[], ["participant"], ["agreement"], ["milestone"], ["money"]])
def test_without_a_command_it_lists_them(words: list[str]) -> None:
    said = CliRunner().invoke(build(words[0] if words else None), words)
    assert said.exit_code in {0, 2}
    assert "Usage:" in said.output
    assert "--help" in said.output


@pytest.mark.parametrize("words", [[], ["--help"], ["--help", "index"], ["-h", "fly"]])
def test_an_overview_is_as_if_all_were_there(words: list[str]) -> None:
    whole = CliRunner().invoke(build(), words)
    assert CliRunner().invoke(application(words), words).output == whole.output


def test_an_overview_loads_nothing_of_what_it_tells_of() -> None:
    script = "import sys; from backend.cli import main; sys.argv = ['termin']\ntry: main()\n"
    script += "finally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "Usage: termin" in done.stdout
    loaded = {*done.stderr.split()}
    assert "backend.cli.app" in loaded
    assert not {"sqlalchemy", "fastapi", "ape", "backend.core.settings"} & loaded


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_each_is_told_of_as_it_tells_of_itself(name: str) -> None:
    summary = COMMANDS.get(name) or GROUPS[name]
    found = ROOT.commands[name].help  # type: ignore[attr-defined]
    assert " ".join(found.split("\n\n")[0].split()) == summary


@pytest.mark.parametrize("words", [["--", "digest", "--help"], ["digest", "--help"]])
def test_only_what_is_asked_for_is_run(words: list[str]) -> None:
    said = CliRunner().invoke(application(words), words)
    assert "Print one hash over the whole index" in said.output


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["agreement", "fly"],
        ["deploy", "--fly"],
        ["milestone", "accept", "one", "--as", "x"],
        ["milestone", "accept", "--as", "x"],
        ["load"],
    ],
)
def test_what_does_not_exist_is_a_wrong_usage(words: list[str]) -> None:
    said = CliRunner().invoke(application(words), words)
    assert said.exit_code == 2
    assert "Usage:" in said.output
