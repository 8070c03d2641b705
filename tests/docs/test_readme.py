"""The README's second section, typed line by line at a terminal while the demo runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pexpect
import pytest
from support.node import free_port

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## One contract by hand")[2].partition("\n## ")[0]
LINES = re.findall(r"```bash\n(.*?)```", SECTION, re.DOTALL)
ANSWERS = re.findall(r"```text\n(.*?)```", SECTION, re.DOTALL)
QUESTION = r"(?:Send|Sign) it\? \[y/N\]: "
PATIENCE_SECONDS = 120
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The running demo; the variables that lead to it."""
    port, rpc_port = free_port(), free_port()
    where = {
        "TERMIN_DATA_DIR": str(tmp_path / "data"),
        "TERMIN_RPC_URL": f"http://127.0.0.1:{rpc_port}",
        "APE_DATA_FOLDER": str(tmp_path / "ape"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "demo", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | where,
        stdout=subprocess.DEVNULL,
    )
    api = f"http://127.0.0.1:{port}"
    try:
        _wait_for(api, process)
        yield where | {"API": api}
    finally:
        process.terminate()
        assert process.wait(60) == 0, "the demo did not end in order"


def _wait_for(api: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo ended"
        try:
            if httpx.get(f"{api}/api/v1/totals").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail("the demo does not serve")


def _type(block: str, folder: Path, where: dict[str, str]) -> str:
    """Run a block of lines in bash at a terminal, answer every question with yes."""
    (folder / ".venv").symlink_to(ROOT / ".venv")
    shell = pexpect.spawn(
        "bash",
        ["-euc", block],
        cwd=str(folder),
        env=os.environ | where,
        encoding="utf-8",
        dimensions=(50, 400),
        timeout=PATIENCE_SECONDS,
    )
    said = ""
    while shell.expect([QUESTION, pexpect.EOF]) == 0:
        said += shell.before + shell.after
        shell.sendline("y")
    said += shell.before
    shell.close()
    assert shell.exitstatus == 0, said
    return _plain(said)


def _plain(said: str) -> str:
    """What a terminal shows, without colours."""
    return COLOURS.sub("", said.replace("\r\n", "\n"))


def test_a_contract_goes_from_draft_to_payment_by_the_lines_of_the_readme(
    demo: dict[str, str], tmp_path: Path
) -> None:
    (block,) = LINES
    folder = tmp_path / "checkout"
    folder.mkdir()

    said = _type(block, folder, demo)

    for line in ANSWERS[0].splitlines():
        pattern = re.escape(line).replace("0x…", "0x[0-9a-f]{64}")
        pattern = re.sub(r"block\\ \d+", r"block\\ \\d+", pattern)
        assert re.search(pattern, said), line
    assert "2. Termin II (70 %) (IDR 336,000,000.00): CV Mitra Contoh submits it" in said
    payment = _payment(demo["API"])
    assert payment["net"] == {"amount": "122529729.72", "currency": "IDR"}
    assert payment["payee"]["name"] == "CV Mitra Contoh"
    assert payment["contract"]["title"] == "Rehabilitasi Saluran Irigasi Sukamaju"

    again = pexpect.run(
        f"{ROOT}/.venv/bin/termin milestone accept 1 --as secretary --yes",
        cwd=str(folder),
        env=os.environ | demo | {"TERMIN_PASSPHRASE": "correct-Horse-battery-1"},
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
    )
    assert _plain(again).strip() == ANSWERS[1].strip()


def _payment(api: str) -> dict[str, object]:
    """The newest payment of the walk, as soon as the index has it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = httpx.get(f"{api}/api/v1/payments", params={"limit": "1", "sort": "date"}).json()
        payment = answer["payments"][0]
        if payment["payee"]["name"] == "CV Mitra Contoh":
            return dict(payment)
        time.sleep(0.1)
    pytest.fail("the payment does not come")
