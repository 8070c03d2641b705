"""What a contract would say to a call now, without sending anything."""

from __future__ import annotations

from dataclasses import dataclass

from backend.acts.agreements import AgreementView
from backend.acts.directory import NO_ACCOUNT, Directory
from backend.acts.sending import Call, RefusedError, call
from backend.chain.contract import Refusal, refusal
from backend.chain.local import is_local
from backend.chain.rpc import NodeRefusedError, Rpc

STRANGER = "0x" + "dead".rjust(40, "0")
ANY_REASON = b"any".ljust(32, b"\0")
NO_DOCUMENT = b"\0" * 32


class Asking:
    """Tries calls at the time `now`, Unix seconds."""

    def __init__(self, rpc: Rpc, now: int) -> None:
        self._rpc = rpc
        # The local chain's clock stands still while nothing happens, and only it can be told.
        self._when = ["latest", {}, {"time": hex(now)}] if is_local(rpc) else ["pending"]

    def refusal(self, account: str, what: Call) -> RefusedError | None:
        """Why `account` could not do this; None if it could."""
        request = {"from": account, "to": what.to, "data": "0x" + what.data.hex()}
        try:
            self._rpc.call("eth_call", request, *self._when)
        except NodeRefusedError as error:
            return RefusedError(refusal(error.data), error.message)
        return None


@dataclass(frozen=True, slots=True)
class Prospect:
    """An agreement, everybody's names, and the contract to be asked."""

    rpc: Rpc
    view: AgreementView
    names: Directory
    chain: Asking

    def refused(self, account: str, function: str, *arguments: object) -> RefusedError | None:
        """Why an account could not do something now; None if it could."""
        what = call("Agreement", self.view.address, function, *arguments)
        return self.chain.refusal(account, what)

    def refusal(self, account: str, function: str, *arguments: object) -> Refusal | None:
        """The same, as the contract's own error; one without a name if it is none of ours."""
        refused = self.refused(account, function, *arguments)
        return None if refused is None else (refused.refusal or Refusal("", {}))

    def anyone(self, function: str, *arguments: object) -> Refusal | None:
        """Why nobody could do something now that anyone may do; None if it can be done."""
        return self.refusal(STRANGER, function, *arguments)

    def party(self, role: str) -> str:
        """How a party of the agreement is called."""
        return self.names.participant(self.view.parties[role])

    def account(self, participant: bytes) -> str:
        """The account of a participant."""
        entry = self.names.entries.get(participant)
        return entry.account if entry else NO_ACCOUNT


def earliest(refused: Refusal | None) -> int | None:
    """From when on an act is possible that comes too early now; None for any other refusal."""
    if refused is None or refused.name != "TooEarly":
        return None
    return int(refused.arguments["earliest"])
