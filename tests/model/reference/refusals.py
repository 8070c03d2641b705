"""How the model says no: with the errors of the interfaces."""

from __future__ import annotations

from collections.abc import Iterator


class Refused(Exception):
    """An act against the rules. `arguments` are those of the contract's error.

    `others` are the other reasons for which the same act is wrong.
    """

    def __init__(self, name: str, **arguments: object) -> None:
        super().__init__(name, arguments)
        self.name = name
        self.arguments = arguments
        self.others: list[Refused] = []

    def __str__(self) -> str:
        also = "".join(f", also {other}" for other in self.others)
        return f"{self.name}{self.arguments}{also}"


Checks = Iterator[Refused | None]


def weigh(checks: Checks) -> None:
    """Raise the first refusal, with the others beside it."""
    found = [check for check in checks if check is not None]
    if found:
        found[0].others = found[1:]
        raise found[0]
