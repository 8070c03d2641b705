"""What there is to cover in a contract: statements, and conditions that go two ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]
# (first byte, length) in a file
Span = tuple[int, int]

SIMPLE = {
    "ExpressionStatement",
    "VariableDeclarationStatement",
    "Return",
    "EmitStatement",
    "RevertStatement",
    "Break",
    "Continue",
    "YulAssignment",
    "YulVariableDeclaration",
    "YulExpressionStatement",
}
# The part of a longer statement that runs first, and that stands for it.
HEADS = {
    "IfStatement": "condition",
    "WhileStatement": "condition",
    "DoWhileStatement": "condition",
    "TryStatement": "externalCall",
    "YulIf": "condition",
    "YulForLoop": "condition",
    "YulSwitch": "expression",
}
FORKS = {
    "IfStatement": "if",
    "Conditional": "? :",
    "ForStatement": "for",
    "WhileStatement": "while",
    "DoWhileStatement": "while",
    "YulIf": "if",
    "YulForLoop": "for",
}
REQUIRING = ("require", "assert")
LOGICAL = ("&&", "||")


@dataclass(frozen=True, slots=True)
class Item:
    """A statement or a condition: where it stands, and what it is."""

    span: Span
    line: int
    kind: str


@dataclass(slots=True)
class Source:
    """One file: its statements, and its conditions by where they stand."""

    path: str
    statements: list[Item]
    forks: dict[Span, Item]


def span(node: Node) -> Span:
    """Where a node stands."""
    first, length, _ = node["src"].split(":")
    return int(first), int(length)


def nodes(tree: Any) -> Iterator[Node]:
    """All nodes of a syntax tree."""
    if isinstance(tree, list):
        for one in tree:
            yield from nodes(one)
    elif isinstance(tree, dict):
        if "nodeType" in tree and "src" in tree:
            yield tree
        for one in tree.values():
            yield from nodes(one)


def bodies(tree: Node) -> Iterator[Node]:
    """What of functions and modifiers can run."""
    for node in nodes(tree):
        if node["nodeType"] in ("FunctionDefinition", "ModifierDefinition") and node.get("body"):
            yield node["body"]


def statement(node: Node) -> Node | None:
    """The node that stands for a statement, if this is one."""
    if node["nodeType"] in SIMPLE:
        # `let x` or `uint256 x;` alone compiles to what the function's entry does.
        return node if node.get("initialValue", node.get("value", node)) else None
    return node.get(HEADS.get(node["nodeType"], ""))


def fork(node: Node) -> str | None:
    """What kind of condition a node is, if it is one."""
    if node["nodeType"] == "BinaryOperation" and node["operator"] in LOGICAL:
        return f"left of {node['operator']}"
    if node["nodeType"] == "FunctionCall" and node["expression"].get("name") in REQUIRING:
        return str(node["expression"]["name"])
    return FORKS.get(node["nodeType"])


def read(path: str, text: bytes, tree: Node) -> Source:
    """The statements and conditions of a file."""

    def item(node: Node, kind: str) -> Item:
        first, length = span(node)
        return Item((first, length), text.count(b"\n", 0, first) + 1, kind)

    statements, forks = [], {}
    for node in (node for body in bodies(tree) for node in nodes(body)):
        if found := statement(node):
            statements.append(item(found, node["nodeType"]))
        if (kind := fork(node)) and node.get("condition", True):
            forks[span(node)] = item(node, kind)
    return Source(path, statements, forks)
