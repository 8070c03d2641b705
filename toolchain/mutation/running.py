"""Compiles mutants in copies of the project and runs the tests against them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from operators import Mutant
from workshop import environment, make

COMPILING_SECONDS = 300
INVALID, SURVIVED = "invalid", "survived"
COMPILED = Path(".termin") / "plain"
# Hypothesis and Foundry would otherwise replay what an earlier mutant failed.
REMEMBERED = (".hypothesis", ".termin/plain/cache/invariant", ".termin/plain/cache/fuzz")


@dataclass(frozen=True, slots=True)
class Stage:
    """Tests that a mutant has to pass, and how long they may take."""

    name: str
    command: list[str]
    seconds: int
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant: "invalid", "survived", or the stage that noticed it."""

    mutant: Mutant
    outcome: str
    seconds: float

    @property
    def is_killed(self) -> bool:
        return self.outcome not in (INVALID, SURVIVED)


class Worker:
    """A copy of the project in which one mutant after the other is tried."""

    def __init__(self, place: Path, stages: Sequence[Stage]) -> None:
        self.place = place
        self.stages = stages

    def twin(self, place: Path) -> Worker:
        """Another worker; what is compiled here need not be compiled there."""
        make(place)
        shutil.copytree(self.place / COMPILED, place / COMPILED, dirs_exist_ok=True)
        return Worker(place, self.stages)

    def compile_whole(self) -> None:
        """Compile the contracts as they are, and the tests."""
        if self._run(["forge", "build", "--force"], COMPILING_SECONDS) != 0:
            sys.exit("mutation: the contracts do not compile without optimizer")

    def check_baseline(self) -> None:
        """Refuse tests that fail without a fault."""
        for stage in self.stages:
            begun = time.monotonic()
            if self._run(stage.command, stage.seconds, stage.environment) != 0:
                sys.exit(f"mutation: stage {stage.name!r} fails without any fault")
            print(f"mutation: {stage.name}: {time.monotonic() - begun:.0f} s", flush=True)

    def attempt(self, mutant: Mutant) -> Result:
        """Try one mutant, and put the file right again."""
        begun = time.monotonic()
        file = self.place / mutant.file
        text = file.read_bytes()
        try:
            file.write_bytes(mutant.apply(text))
            outcome = self._outcome()
        finally:
            file.write_bytes(text)
            for name in REMEMBERED:
                shutil.rmtree(self.place / name, ignore_errors=True)
        return Result(mutant, outcome, time.monotonic() - begun)

    def _outcome(self) -> str:
        if self._run(["forge", "build"], COMPILING_SECONDS) != 0:
            return INVALID
        for stage in self.stages:
            status = self._run(stage.command, stage.seconds, stage.environment)
            if status != 0:
                return f"{stage.name}: time" if status is None else stage.name
        return SURVIVED

    def _run(
        self, command: Sequence[str], seconds: int, given: dict[str, str] | None = None
    ) -> int | None:
        """The exit status of a command; None if it took too long and was ended."""
        with (self.place / "last.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.place,
                env={**environment(self.place), **(given or {})},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                _end_session(process.pid)


def _end_session(leader: int) -> None:
    """End what a command has started and left."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def run_all(workers: Sequence[Worker], mutants: Sequence[Mutant]) -> list[Result]:
    """Try all mutants, one at a time in each worker."""
    waiting: SimpleQueue[Mutant] = SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    results: list[Result] = []

    def work(worker: Worker) -> None:
        while True:
            try:
                result = worker.attempt(waiting.get_nowait())
            except Empty:
                return
            results.append(result)
            one = result.mutant
            told = f"{one.file}:{one.line} {one.operator}: {result.outcome}"
            print(f"{len(results):4}/{len(mutants)} {told} ({result.seconds:.0f} s)", flush=True)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
