"""Small faults that a test should notice, as changes of the source where the syntax tree says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]

SWAPPED = {
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "%": "*",
    "<<": ">>",
    ">>": "<<",
    "&": "|",
    "|": "&",
    "+=": "-=",
    "-=": "+=",
    "*=": "/=",
    "|=": "&=",
    "&=": "|=",
    "&&": "||",
    "||": "&&",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
}
COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
LOGICAL = {"&&", "||"}
DELETED = {"ExpressionStatement", "EmitStatement", "RevertStatement", "Break", "Continue"}
RENAMED = {"min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the bytes from first to last of a file give way to others."""

    file: str
    line: int
    operator: str
    first: int
    last: int
    before: str
    after: str
    context: str
    column: int

    @property
    def name(self) -> str:
        """A short name that stays while the line and the change do, wherever the line stands."""
        place = (self.file, self.context, str(self.column))
        told = "\n".join((*place, self.operator, self.before, self.after))
        return hashlib.sha256(told.encode()).hexdigest()[:10]

    def apply(self, text: bytes) -> bytes:
        """The file with the fault."""
        return text[: self.first] + self.after.encode() + text[self.last :]


Change = tuple[str, int, int, str]


class Finder:
    """Finds all mutants of one file."""

    def __init__(self, file: str, text: bytes, tree: Node) -> None:
        self.file = file
        self.text = text
        self.tree = tree
        self.by_kind: dict[str, Callable[[Node], Iterator[Change]]] = {
            "BinaryOperation": self._binary,
            "Assignment": self._assignment,
            "UnaryOperation": self._unary,
            "Conditional": self._conditional,
            "Literal": self._literal,
            "FunctionCall": self._call,
            "IfStatement": self._condition,
            "WhileStatement": self._condition,
            **dict.fromkeys(DELETED, self._deletion),
        }

    def mutants(self) -> list[Mutant]:
        """All, in the order of the file."""
        found = {
            (first, last, after): self._mutant(operator, first, last, after)
            for body in self._bodies(self.tree)
            for node in _nodes(body)
            for operator, first, last, after in self.by_kind.get(node["nodeType"], _none)(node)
        }
        return [found[key] for key in sorted(found)]

    def _mutant(self, operator: str, first: int, last: int, after: str) -> Mutant:
        line = self.text.count(b"\n", 0, first)
        begin = self.text.rfind(b"\n", 0, first) + 1
        written = self.text[begin:].split(b"\n", 1)[0].decode()
        return Mutant(
            self.file,
            line + 1,
            operator,
            first,
            last,
            self.text[first:last].decode(),
            after,
            written.strip(),
            first - begin - (len(written) - len(written.lstrip())),
        )

    def _bodies(self, tree: Node) -> Iterator[Node]:
        for node in _nodes(tree):
            if node["nodeType"] in ("FunctionDefinition", "ModifierDefinition") and node.get(
                "body"
            ):
                yield node["body"]

    def _source(self, node: Node) -> str:
        first, last = _span(node)
        return self.text[first:last].decode()

    def _between(self, left: Node, right: Node, sign: str) -> tuple[int, int]:
        begin = _span(left)[1]
        first = self.text.index(sign.encode(), begin, _span(right)[0])
        return first, first + len(sign)

    def _binary(self, node: Node) -> Iterator[Change]:
        sign = node["operator"]
        if sign not in SWAPPED:
            return
        kind = (
            "comparison" if sign in COMPARISONS else "boolean" if sign in LOGICAL else "arithmetic"
        )
        left, right = node["leftExpression"], node["rightExpression"]
        yield (kind, *self._between(left, right, sign), SWAPPED[sign])
        if sign == "/":
            ceiling = f"Math.ceilDiv({self._source(left)}, {self._source(right)})"
            yield ("rounding", *_span(node), ceiling)

    def _assignment(self, node: Node) -> Iterator[Change]:
        sign = node["operator"]
        if sign in SWAPPED:
            place = self._between(node["leftHandSide"], node["rightHandSide"], sign)
            yield ("arithmetic", *place, SWAPPED[sign])

    def _unary(self, node: Node) -> Iterator[Change]:
        if node["operator"] == "!":
            yield ("boolean", *_span(node), self._source(node["subExpression"]))

    def _conditional(self, node: Node) -> Iterator[Change]:
        parts = [self._source(node[key]) for key in ("condition", "falseExpression")]
        swapped = f"{parts[0]} ? {parts[1]} : {self._source(node['trueExpression'])}"
        yield ("arms swapped", *_span(node), swapped)

    def _literal(self, node: Node) -> Iterator[Change]:
        if node["kind"] == "bool":
            yield ("constant", *_span(node), "false" if node["value"] == "true" else "true")
        elif node["kind"] == "number" and not node.get("subdenomination"):
            written = self._source(node)
            yield ("constant", *_span(node), f"({written} + 1)")
            if written != "0":
                yield ("constant", *_span(node), f"({written} - 1)")

    def _call(self, node: Node) -> Iterator[Change]:
        called = node["expression"]
        name = called.get("memberName") or called.get("name")
        if name == "require":
            condition = node["arguments"][0]
            yield ("require negated", *_span(condition), f"!({self._source(condition)})")
        if name in RENAMED and "memberName" in called:
            last = _span(called)[1]
            yield ("min and max", last - len(name), last, RENAMED[name])
        if name in RENAMED and "memberName" not in called:
            yield ("min and max", *_span(called), RENAMED[name])
        if name == "ceilDiv":
            left, right = map(self._source, node["arguments"])
            yield ("rounding", *_span(node), f"(({left}) / ({right}))")

    def _condition(self, node: Node) -> Iterator[Change]:
        condition = node["condition"]
        yield ("condition negated", *_span(condition), f"!({self._source(condition)})")

    def _deletion(self, node: Node) -> Iterator[Change]:
        first, last = _span(node)
        if self.text[last : last + 1] == b";":
            last += 1
        call = node.get("expression") or {}
        requires = call.get("expression", {}).get("name") == "require"
        yield ("require deleted" if requires else "statement deleted", first, last, "{}")


def _none(_: Node) -> Iterator[Change]:
    yield from ()


def _span(node: Node) -> tuple[int, int]:
    first, length, _ = node["src"].split(":")
    return int(first), int(first) + int(length)


def _nodes(tree: Any) -> Iterator[Node]:
    if isinstance(tree, list):
        for one in tree:
            yield from _nodes(one)
    elif isinstance(tree, dict):
        if "nodeType" in tree and "src" in tree:
            yield tree
        # What a name refers to is not written here.
        for one in tree.values():
            yield from _nodes(one)
