"""The solver that halmos asks: Yices on bit-vectors beside cvc5 on integers, whoever answers first.

    python toolchain/prove/solver.py QUERY.smt2

Products and quotients of 256-bit words defeat bit-blasting, which Yices does; as integers they take
cvc5 milliseconds. Three changes make that possible, and none can make a false statement provable:

- Assertions about balances (arrays) are left out for cvc5: fewer assertions have more models.
  An answer "sat" of cvc5 is passed on only where nothing was left out.
- cvc5 is asked a second time, of the last assertion (what is in question) alone with those that
  have neither product nor quotient: what earlier products came to mostly has no part in it.
- `x * y` is defined by cases where x is 0 or 1, which is what the product is then. The compiler
  writes `a == 0 ? 0 : b` as such a product.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

YICES = Path(sysconfig.get_path("scripts")) / "yices-smt2"
WITH_ALL, ALONE = "--all", "--alone"
DEFINITE = ("sat", "unsat")
LEFT_OUT = "balance_"
PRODUCT_OR_QUOTIENT = "f_evm_"
PRODUCT = "(bvmul x y))"
BY_CASES = "(ite (= x (_ bv0 256)) (_ bv0 256) (ite (= x (_ bv1 256)) y (bvmul x y))))"


def forms(text: str) -> Iterator[str]:
    """The top-level forms of an SMT-LIB text; halmos writes no strings and no quoted names."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith(";"))
    depth = start = 0
    for place, sign in enumerate(lines):
        if sign == "(":
            start = place if depth == 0 else start
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                yield lines[start : place + 1]


def for_integers(text: str, *, alone: bool) -> tuple[str, bool]:
    """A query without arrays and with products by cases; and whether nothing was left out.

    `alone`: without the products and quotients of all assertions but the last.
    """
    found = list(forms(text))
    asserted = [place for place, form in enumerate(found) if form.startswith("(assert")]
    dropped = {
        place
        for place in asserted
        if LEFT_OUT in found[place]
        or (alone and place != asserted[-1] and PRODUCT_OR_QUOTIENT in found[place])
    }
    kept = [
        form
        for place, form in enumerate(found)
        if place not in dropped and not (form.startswith("(declare") and LEFT_OUT in form)
    ]
    query = "\n".join(kept).replace("QF_AUFBV", "QF_UFBV").replace(PRODUCT, BY_CASES)
    return query, len(kept) == len(found)


def ask_cvc5(path: str, *, alone: bool) -> None:
    """Print cvc5's answer, if it may be passed on."""
    import cvc5

    query, whole = for_integers(Path(path).read_text(), alone=alone)
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("solve-bv-as-int", "sum")
    solver.setOption("produce-models", "true")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, query, path)
    answers = []
    while not (command := parser.nextCommand()).isNull():
        answers.append(command.invoke(solver, parser.getSymbolManager()))
        if answers[-1].strip() == "sat" and not whole:
            return
        if answers[-1].strip() == "unsat":
            break
    print("".join(answers))


def run(started: subprocess.Popen[str]) -> str:
    """What a solver says; "" if that is neither sat nor unsat."""
    said, _ = started.communicate()
    return said if said.split(None, 1)[:1] and said.split(None, 1)[0] in DEFINITE else ""


def first(asked: list[subprocess.Popen[str]]) -> str:
    """The first definite answer of several solvers, or "unknown"."""
    with ThreadPoolExecutor(len(asked)) as pool:
        waiting: set[Future[str]] = {pool.submit(run, one) for one in asked}
        answer = ""
        while waiting and not answer:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            answer = next((one.result() for one in done if one.result()), "")
        for one in asked:
            one.kill()
    return answer or "unknown\n"


def main(path: str) -> None:
    """Ask all."""
    commands = [
        [str(YICES), "--smt2-model-format", "--bvconst-in-decimal", path],
        [sys.executable, __file__, WITH_ALL, path],
        [sys.executable, __file__, ALONE, path],
    ]
    asked = [subprocess.Popen(one, stdout=subprocess.PIPE, text=True) for one in commands]
    try:
        print(first(asked), end="")
    finally:
        for one in asked:
            one.kill()


if __name__ == "__main__":
    if sys.argv[1] in (WITH_ALL, ALONE):
        ask_cvc5(sys.argv[2], alone=sys.argv[1] == ALONE)
    else:
        main(sys.argv[1])
