"""`termin` as a user runs it, in this process, and a city whose people have keys."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from support.node import anvil

from backend.chain.deployment import load_deployment
from backend.chain.local import head_time
from backend.chain.rpc import Rpc
from backend.cli import main

DAY = 86_400
MONDAY = "2040-01-02T10:00:00+07:00"
SECTIONS = ("Conditions", "Guarantees", "Milestones", "What happened", "What comes next")
OFFICE_OF_PU = "OFFICE-ID-NPWP-00.1"
PEOPLE = {
    "admin": "TEST::0",
    "ppk": "TEST::1",
    "pphp": "TEST::2",
    "pengawas": "TEST::3",
    "bendahara": "TEST::4",
    "mitra": "TEST::5",
    "sub": "TEST::6",
    "arbiter": "TEST::7",
    "auditor": "TEST::8",
    "stranger": "TEST::9",
    "tax": "TEST::10",
    "head": "TEST::11",
}


@dataclass(frozen=True)
class Said:
    """Exit status and what a command printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of its output."""
        return self.out.splitlines()


@dataclass
class Termin:
    """Runs commands on one chain and folder; `where` comes after the command's own arguments."""

    rpc: Rpc
    folder: Path
    where: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str, answer: str = "") -> Said:
        """Run `termin` with arguments, typing `answer` when asked."""
        out, err = io.StringIO(), io.StringIO()
        before = sys.argv, sys.stdin
        sys.argv, sys.stdin = ["termin", *arguments, *self.where], io.StringIO(answer)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                main()
        except SystemExit as end:
            code = end.code
        else:
            code = 0
        finally:
            sys.argv, sys.stdin = before
        assert isinstance(code, int) or code is None
        return Said(code or 0, out.getvalue(), err.getvalue())

    def ok(self, *arguments: str) -> Said:
        """Run a command that succeeds."""
        said = self(*arguments)
        assert said.status == 0, said.out + said.err
        return said

    def act(self, who: str, *arguments: str) -> Said:
        """Let somebody of `PEOPLE` do something, without being asked."""
        return self.ok(*arguments, "--as", PEOPLE[who], "--yes")

    def refused(self, *arguments: str) -> tuple[str, str]:
        """Title and sentence of a command that ends with exit status 1 and changes nothing."""
        head = self.head
        said = self(*arguments)
        assert said.status == 1, said.out + said.err
        assert self.head == head
        assert "Traceback" not in said.out + said.err
        # What was logged on the way, and how far it came, is not what it ends with.
        lines = [line for line in said.err.strip().splitlines() if "━" not in line]
        lines = [line for line in lines if not line.startswith('{"')]
        return lines[0], "\n".join(lines[1:])

    @property
    def report(self) -> str:
        """A file to submit and attest with."""
        return str(self.folder / "report.pdf")

    def submit(self, number: int) -> None:
        """Submit a milestone and attest it."""
        self.act("mitra", "milestone", "submit", str(number), "--evidence", self.report)
        self.act("pengawas", "milestone", "attest", str(number), "--report", self.report)

    def both(self, *arguments: str) -> Said:
        """Let the two members of the committee do the same; what the second was told."""
        self.act("ppk", *arguments)
        return self.act("pphp", *arguments)

    def guarantee(self, kind: str, amount: str, until: str = "2041-12-31") -> Said:
        """Record a guarantee by quorum."""
        what = ("--until", until, "--document", self.report)
        return self.both("guarantee", "record", kind, amount, *what)

    def show(self, *arguments: str) -> dict[str, list[str]]:
        """The sections of `agreement show`, without the spaces before their lines."""
        found: dict[str, list[str]] = {"": []}
        title = ""
        for line in self.ok("agreement", "show", *arguments).lines:
            if line in SECTIONS:
                title = line
                found[title] = []
            elif line:
                found[title].append(line.strip())
        return found

    def at(self, moment: str) -> None:
        """Let it be a moment that has not come yet, ISO 8601."""
        seconds = int(datetime.fromisoformat(moment).timestamp())
        self.rpc.call("evm_mine", {"timestamp": seconds})

    def later(self, days: float) -> None:
        """Let days pass."""
        present = max(head_time(self.rpc), int(time.time()))
        self.rpc.call("evm_mine", {"timestamp": present + int(days * DAY)})

    @property
    def head(self) -> int:
        """Number of the newest block."""
        return int(self.rpc.call("eth_blockNumber"), 16)

    def register(self, name: str, role: str, key: str | None, *more: str) -> None:
        """Register somebody."""
        keyed = ["--key", PEOPLE[key]] if key else []
        self.act("admin", "participant", "register", "--name", name, "--role", role, *keyed, *more)


def found_city(termin: Termin) -> None:
    """Deploy, and register everybody that one contract needs, with money and a budget."""
    termin.ok("deploy", "--currency", "IDR")
    npwp = ("--scheme", "ID-NPWP", "--identifier")
    termin.register("Dinas PU", "buyer", None, *npwp, "00.1")
    of = ("--office-of", "Dinas PU", "--identifier")
    termin.register("PPK", "committee", "ppk", *of, "ppk")
    termin.register("PPHP", "committee", "pphp", *of, "pphp")
    termin.register("Pengawas", "inspector", "pengawas", *of, "pengawas")
    termin.register("Bendahara", "treasury", "bendahara", *of, "bendahara")
    termin.register("Kepala Dinas", "authority", "head", *of, "kepala")
    termin.register("BANI", "arbiter", "arbiter", *npwp, "00.7")
    termin.register("BPK", "auditor", "auditor", *npwp, "00.8")
    termin.register("Kas Negara", "collector", "tax", *npwp, "00.9")
    termin.register("CV Sub", "supplier", "sub", *npwp, "00.3")
    termin.register("CV Mitra", "supplier", "mitra", *npwp, "00.2")
    line = ("--buyer", "Dinas PU", "--year", "2026", "--code", "5.2.3.01")
    termin.act("admin", "budget", "appropriate", "500000000.00", "IDR", *line)
    to = ("--to", "Bendahara", "--bank-reference", "SP2D 1")
    termin.act("admin", "money", "issue", "480000000.00", "IDR", *to)


TERMS = """\
ocid: ocds-000000-1
contract: "K-1"
title: Saluran Irigasi
currency: IDR
value: 480000000.00
signed: 2026-03-01
ends: 2026-12-31
buyer: ID-NPWP-00.1
supplier: CV Mitra
treasury: Bendahara
committee: [PPK, PPHP]
quorum: 2
inspectors: [Pengawas]
budget: {year: 2026, code: 5.2.3.01}
conditions:
  amendment_cap: 10 %
  default_share: 50 %
  periods:
    {review: 0, payment: 14, dispute: 14, ruling: 30, hold: 30, suspension: 90, cure: 14,
     defects: 180, lapse: 365}
milestones:
  - {title: Termin I, amount: 144000000.00, due: 2026-06-30}
  - {title: Termin II, amount: 336000000.00, payee: CV Sub}
"""


def conclude(city: Termin, terms: str) -> Termin:
    """Deploy, sign and fund a contract with these terms."""
    (city.folder / "terms.yaml").write_text(terms)
    city.act("ppk", "agreement", "deploy", str(city.folder / "terms.yaml"))
    city.act("mitra", "agreement", "sign")
    city.act("bendahara", "agreement", "fund")
    (city.folder / "report.pdf").write_bytes(b"report")
    return city


RATES = """\
conditions:
  advance: 20 %
  recovery: 25 %
  retention: 5 %
  security: 5 %
  delay_damages: {rate: 1/1000, cap: 5 %}
  interest: 0.02 %
  amendment_cap: 10 %
  default_share: 50 %
  periods:
    {review: 10, payment: 14, dispute: 14, ruling: 30, hold: 30, suspension: 90, cure: 14,
     defects: 180, lapse: 365}
  taxes:
    - {to: Kas Negara, rate: 11/111, base: gross}
  direct_payments:
    - {milestone: 1, to: CV Sub, amount: 4000000.00}
"""
"""Conditions as real contracts have them."""


def with_rates(terms: str = TERMS) -> str:
    """The terms with `RATES`, an arbiter, dates that are not over, and one payee."""
    head, _, rest = terms.partition("conditions:\n")
    milestones = rest[rest.index("milestones:") :]
    for old, new in (("2026-06-30", "2040-06-30"), (", payee: CV Sub", "")):
        milestones = milestones.replace(old, new)
    head = head.replace("treasury: Bendahara", "treasury: Bendahara\narbiter: BANI")
    return head.replace("ends: 2026-12-31", "ends: 2040-12-31") + RATES + milestones


@contextmanager
def _closing_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command leaves its connections to the end of its process, which does not come here."""
    opened: list[Rpc] = []
    begin = Rpc.__init__

    def note(rpc: Rpc, *arguments: object, **options: object) -> None:
        begin(rpc, *arguments, **options)  # type: ignore[arg-type]
        opened.append(rpc)

    monkeypatch.setattr(Rpc, "__init__", note)
    yield
    for rpc in opened:
        rpc.close()


@pytest.fixture
def termin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Termin]:
    """A chain on which nothing is deployed, found by the environment."""
    with anvil() as url, Rpc(url) as rpc:
        monkeypatch.setenv("TERMIN_RPC_URL", url)
        monkeypatch.setenv("TERMIN_DATA_DIR", str(tmp_path / "data"))
        for name in ("TERMIN_DATABASE_URL", "TERMIN_AGREEMENT", "TERMIN_ACCOUNT", "TERMIN_API_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("COLUMNS", "200")
        with _closing_connections(monkeypatch):
            yield Termin(rpc, tmp_path)


@pytest.fixture
def city(termin: Termin) -> Termin:
    """A deployment with everybody that one contract needs."""
    found_city(termin)
    return termin


@pytest.fixture
def signed(city: Termin) -> Termin:
    """The contract of `TERMS`, deployed, signed and funded."""
    return conclude(city, TERMS)


@pytest.fixture
def rated(city: Termin) -> Termin:
    """A contract with `RATES`, deployed, signed and funded; nothing is guaranteed yet.

    It is ten o'clock on a Monday, so that working days are the same in each run.
    """
    city.at(MONDAY)
    return conclude(city, with_rates())


@pytest.fixture
def submit(signed: Termin) -> Callable[[int], None]:
    """`submit(number)`: a milestone is submitted and attested."""

    return signed.submit


@pytest.fixture
def factory(city: Termin) -> str:
    """The address of the factory."""
    return load_deployment(city.folder / "data").factory
