"""`make chaos`: many histories, each by a seed of its own; says which of them do not agree."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from chaos.worker import one

HISTORIES = 500


def main() -> int:
    """Play all, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seed", type=int, help="only this one, with all that it logged")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args()
    seeds = (
        [given.seed]
        if given.seed is not None
        else [given.first + number for number in range(given.histories)]
    )
    jobs = min(given.jobs, len(seeds))
    failed = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done, future in enumerate(as_completed([pool.submit(one, each) for each in seeds]), 1):
            seed, wrong, made = future.result()
            if wrong:
                failed.append(seed)
                sys.stdout.write(f"{wrong}\nAgain: make chaos SEED={seed}\n")
            sys.stdout.write(f"{done}/{len(seeds)} seed {seed} {made}\n")
            sys.stdout.flush()
    if failed:
        sys.stdout.write("Again: " + " ".join(f"make chaos SEED={each};" for each in failed) + "\n")
    sys.stdout.write(f"{len(seeds)} histories: {len(seeds) - len(failed)} agree.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
