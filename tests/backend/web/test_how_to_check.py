"""The commands that the page on checking shows, run as a reader runs them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support.node import ANVIL
from support.page import read

from backend.core.settings import Settings


@pytest.fixture(scope="module")
def commands(shown: TestClient) -> list[str]:
    """The commands, as they stand in the page."""
    html = shown.get("/en/how-to-check").text
    return ["".join(pre.one("code").lines()) for pre in read(html).find("pre")]


def address_of(client: TestClient, number: int) -> str:
    """The address that the page of a contract shows."""
    return read(client.get(f"/en/contracts/{number}").text).find("code", class_="break")[-1].text


def run(command: str, settings: Settings, folder: Path) -> str:
    """What a command prints in a shell."""
    path = f"{ANVIL.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "NODE": settings.rpc_url, "PATH": path}
    done = subprocess.run(
        ["sh", "-c", command],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_payment_is_found_at_the_node(
    commands: list[str], gallery: Settings, tmp_path: Path, shown: TestClient
) -> None:
    page = read(shown.get("/en/how-to-check").text)
    address = address_of(shown, 4)
    printed = run(f"{commands[0]} --json", gallery, tmp_path)
    assert address.lower() in printed.lower()
    assert f"{50:064x}" in printed
    assert f"from the address {address}" in page.text
    assert "in the smallest unit of the currency: 50." in page.text


def test_contract_has_the_money_that_the_page_says(
    commands: list[str], gallery: Settings, tmp_path: Path
) -> None:
    money = run(commands[1], gallery, tmp_path).splitlines()
    assert [int(line.split()[0]) for line in money] == [550, 550, 550, 50, 50, 0, 0]


def test_state_on_a_printed_sheet_follows_from_the_node(
    commands: list[str], gallery: Settings, tmp_path: Path, shown: TestClient
) -> None:
    (command,) = [each for each in commands if "cast logs" in each]
    page = read(shown.get("/en/contracts/4").text)
    assert run(command, gallery, tmp_path).split()[0] in page.one("div", class_="sheet").text


def test_hostile_identifiers_name_the_contract_and_run_nothing(
    commands: list[str], gallery: Settings, tmp_path: Path, shown: TestClient
) -> None:
    address = address_of(shown, 4)
    assert run(commands[2], gallery, tmp_path).strip() == address
    assert list(tmp_path.iterdir()) == []
