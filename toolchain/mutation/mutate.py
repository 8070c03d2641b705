"""Do the tests notice small faults in the contracts? `make prove-mutation`.

    python toolchain/mutation/mutate.py            # the sample of targets.toml
    python toolchain/mutation/mutate.py --all      # all mutants
    python toolchain/mutation/mutate.py --list     # only say what there is
    python toolchain/mutation/mutate.py --file contracts/libraries/PaymentTerms.sol [--stage NAME]

Each mutant is compiled in a copy below .termin/mutation and goes through the stages of targets.toml
until one fails. Writes .termin/mutation/report.md and report.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from operators import Finder, Mutant  # noqa: E402 - after the path
from outcomes import Listed, conclude, listed  # noqa: E402
from running import Stage, Worker, run_all  # noqa: E402
from workshop import ROOT, STATE, make  # noqa: E402

PLACE = STATE / "mutation"
OUT = Path(".termin") / "plain" / "out"


def trees(out: Path) -> dict[str, dict[str, Any]]:
    """The syntax tree of each file that forge compiled."""
    found = {}
    for file in out.glob("*.sol/*.json"):
        tree = json.loads(file.read_text())["ast"]
        found[tree["absolutePath"]] = tree
    return found


def all_mutants(files: Sequence[str], place: Path) -> list[Mutant]:
    """Every mutant of some files, which are compiled in a copy of the project."""
    known = trees(place / OUT)
    found: dict[str, Mutant] = {}
    for file in files:
        if file not in known:
            sys.exit(f"mutation: {file} of targets.toml is not a contract")
        for mutant in Finder(file, (ROOT / file).read_bytes(), known[file]).mutants():
            found[mutant.name] = mutant
    return list(found.values())


def sample(mutants: list[Mutant], size: int, seed: str) -> list[Mutant]:
    """The mutants with the smallest hashes; all if size is 0."""

    def place(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed}{mutant.name}".encode()).hexdigest()

    return sorted(mutants, key=place)[: size or None]


def chosen(
    mutants: list[Mutant], settings: dict[str, Any], entries: Sequence[Listed]
) -> list[Mutant]:
    """The sample, and each listed survivor besides: a listed one must be shown to survive."""
    names = {entry.mutant for entry in entries}
    taken = sample(mutants, settings["sample"], settings["seed"])
    return taken + [one for one in mutants if one.name in names and one not in taken]


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description="Do the tests notice small faults?")
    parser.add_argument("--all", action="store_true", help="run all mutants")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parser.add_argument("--sample", type=int, help="run so many")
    parser.add_argument("--file", action="append", help="only mutants of this file")
    parser.add_argument("--stage", action="append", help="only this stage")
    return parser.parse_args(arguments)


def settings_for(options: argparse.Namespace) -> dict[str, Any]:
    """targets.toml, as the options change it."""
    settings = tomllib.loads((HERE / "targets.toml").read_text())
    settings["files"] = options.file or settings["files"]
    if options.all or options.sample is not None:
        settings["sample"] = options.sample or 0
    stages = [Stage(**stage) for stage in settings["stages"]]
    settings["stages"] = [one for one in stages if one.name in (options.stage or [one.name])]
    return settings


def main(arguments: Sequence[str]) -> int:
    """Run; the exit status says whether enough was noticed."""
    settings = settings_for(parsed(arguments))
    first = Worker(make(PLACE / "1"), settings["stages"])
    first.compile_whole()
    mutants = all_mutants(settings["files"], first.place)
    entries = [one for one in listed(HERE / "survivors.yaml") if one.file in settings["files"]]
    taken = chosen(mutants, settings, entries)
    print(
        f"mutation: {len(taken)} of {len(mutants)} mutants, seed {settings['seed']!r}", flush=True
    )
    if "--list" in arguments:
        return 0
    first.check_baseline()
    others = [first.twin(PLACE / str(n)) for n in range(2, settings["workers"] + 1)]
    results = run_all([first, *others], taken)
    return conclude(results, mutants, entries, settings["least"], PLACE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
