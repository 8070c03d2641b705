"""Each test is a branch of the tree beside it, and each branch a test."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# What measures gas has no branches.
MODULES = sorted(p for p in HERE.rglob("test_*.py") if p.parent not in (HERE, HERE / "gas"))


def branches(tree: str) -> list[str]:
    """The leaves in order, each with all that it hangs on below the root, as names of tests."""
    path: list[str] = []
    found = []
    lines = [re.fullmatch(r"([│ ]*)[├└]── (.+)", line) for line in tree.splitlines()[1:]]
    depths = [len(line[1]) // 4 for line in lines if line]
    for line, depth, following in zip(lines, depths, [*depths[1:], 0], strict=True):
        assert line
        path[depth:] = [line[2]]
        if following <= depth:
            found.append("test_" + "_".join(path).replace(" ", "_"))
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_tests_are_the_branches_of_their_tree(module: Path) -> None:
    name = module.stem.removeprefix("test_")
    functions = [
        node.name
        for node in ast.parse(module.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert branches((module.parent / f"{name}.tree").read_text()) == functions
