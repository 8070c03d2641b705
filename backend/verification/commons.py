"""Tokens and budget lines as they add up from their own events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from backend.verification.differences import Difference, Side
from backend.verification.rows import document

Row = dict[str, Any]


@dataclass
class Commons:
    """Rows as the tables must have them, by key; `released` is what agreements gave back.

    `differences` are events that contradict the sums so far.
    """

    tokens: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, Row] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    committed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    differences: list[Difference] = field(default_factory=list)

    def note(self, name: str, address: str, values: Row, origin: Row) -> None:
        """Take in an event of factory, token or budget; `origin` has the columns `made_…`."""
        if name == "TokenAdmitted":
            self._admit(values, origin)
        elif name == "Issued":
            self.tokens[address]["issued"] += values["amount"]
        elif name == "Redeemed":
            self.tokens[address]["redeemed"] += values["amount"]
        elif name == "LineAppropriated":
            self._appropriate(values, origin)
        elif name in {"LineCommitted", "LineReleased"}:
            self._commit(name, values, origin)

    def _admit(self, values: Row, origin: Row) -> None:
        self.tokens[values["token"]] = {
            "address": values["token"],
            "number": len(self.tokens) + 1,
            "currency": values["currency"],
            "decimals": values["decimals"],
            "issued": 0,
            "redeemed": 0,
            **origin,
        }

    def _appropriate(self, values: Row, origin: Row) -> None:
        fresh = {
            "id": values["line"],
            "number": len(self.lines) + 1,
            "buyer": values["buyer"],
            "token": values["token"],
            "fiscal_year": values["fiscalYear"],
            "code": values["code"],
            "committed": 0,
            **origin,
        }
        line = self.lines.setdefault(values["line"], fresh)
        line["appropriated"] = values["appropriated"]
        line["document"] = document(values["document"])

    def _commit(self, name: str, values: Row, origin: Row) -> None:
        """`Budget.commit` and `Budget.release`: never more than appropriated, nor below nothing."""
        line, amount = self.lines[values["line"]], values["amount"]
        if name == "LineCommitted":
            line["committed"] += amount
            self.committed[values["agreement"]] += amount
        else:
            line["committed"] -= amount
            self.released[values["agreement"]] += amount
        key = f"{origin['made_block']}/{origin['made_log_index']}"
        if values["committed"] != line["committed"]:
            told = (line["committed"], values["committed"])
            self.differences.append(Difference(Side.EVENT, None, name, key, "committed", *told))
        if not 0 <= line["committed"] <= line["appropriated"]:
            bounds = f"0 to {line['appropriated']}"
            self.differences.append(
                Difference(Side.EVENT, None, name, key, "committed", bounds, line["committed"])
            )
