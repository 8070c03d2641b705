"""What all contracts of a load share: participants, currencies, budget lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from backend.acts.accounts import Signer
from backend.acts.blocks import Act
from backend.acts.deploy import deploy_currency, token_of
from backend.acts.load.parties import Cast, Member, roles_of
from backend.acts.load.state import BUDGET_CODE
from backend.acts.sending import RefusedError, Sender, call
from backend.chain.contract import Refusal
from backend.chain.deployment import Deployment
from backend.chain.hashing import keccak
from backend.chain.identity import budget_line_id, participant_id
from backend.chain.reader import View, read_all
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore

REGISTER_GAS, ROLES_GAS, ISSUE_GAS, APPROPRIATE_GAS = 600_000, 200_000, 200_000, 400_000
NOBODY = b"\0" * 32
UNREGISTERED, ACTIVE = 0, 1  # Standing


class Books:
    """Registers, issues and appropriates what the contracts need, once.

    `admin` holds the administrative roles. What is handed out as acts is counted as done.
    """

    def __init__(
        self, sender: Sender, admin: Signer, made: Deployment, store: DocumentStore
    ) -> None:
        self.made = made
        self.admin = admin
        self.store = store
        self._sender = sender
        self._wanted: dict[bytes, int] = {}
        self._roles: dict[bytes, int] = {}
        self._standings: dict[bytes, int] = {}
        self._tokens: dict[str, str] = {}
        self._opened: set[bytes] = set()
        self._appropriated: dict[bytes, int] = {}
        self._committed: dict[bytes, int] = {}

    def open(self, casts: Sequence[Cast], currencies: Iterable[str], years: Iterable[int]) -> None:
        """Read what stands on the chain, and deploy the currencies that it lacks."""
        for currency in sorted(set(currencies)):
            known = token_of(self._sender.rpc, self.made, currency)
            self._tokens[currency] = known or deploy_currency(
                self._sender, self.admin, self.made, currency
            )
        self._wanted = roles_of(casts)
        registry = [
            View("ParticipantRegistry", self.made.registry, "get", (each,)) for each in self._wanted
        ]
        found = read_all(self._sender.rpc, registry)
        details = dict(zip(self._wanted, found, strict=True))
        self._roles = {each: known["roles"] for each, known in details.items()}
        self._standings = {each: known["standing"] for each, known in details.items()}
        self._read_lines({cast.buyer.id for cast in casts}, set(years))

    @property
    def rpc(self) -> Rpc:
        """The chain that the books are kept on."""
        return self._sender.rpc

    def token(self, currency: str) -> str:
        """The settlement token of a currency that {open} was told of."""
        return self._tokens[currency]

    def line(self, buyer: Member, currency: str, year: int, code: str = BUDGET_CODE) -> bytes:
        """The id of a buyer's budget line."""
        return budget_line_id(buyer.id, self._tokens[currency], year, code)

    def check_standing(self, members: Iterable[Member]) -> None:
        """Raise `RefusedError` if one of them is registered and not active."""
        for member in members:
            standing = self._standings[member.id]
            if standing not in {UNREGISTERED, ACTIVE}:
                values = {"participant": member.id, "standing": standing}
                raise RefusedError(Refusal("ParticipantNotActive", values), "")

    def register(self, cast: Cast, *, authority: bool = False) -> Iterator[Act]:
        """Acts that give the members of a cast registration and roles.

        The authority is left out unless it is to sign.
        """
        needed = (member for member, _ in cast.roles() if authority or member != cast.authority)
        return self.enrol(needed)

    def enrol(self, members: Iterable[Member]) -> Iterator[Act]:
        """Acts that give members of the casts that {open} was told of registration and roles."""
        for member in members:
            known, wanted = self._roles[member.id], self._wanted[member.id]
            if known & wanted == wanted:
                continue
            self._roles[member.id] = known | wanted
            if known:
                yield self._act("setRoles", ROLES_GAS, member.id, known | wanted)
            else:
                yield self._act("register", REGISTER_GAS, self._registration(member, wanted))

    def fund(
        self, cast: Cast, currency: str, year: int, amount: int, reference: str
    ) -> Iterator[Act]:
        """Acts that bring an amount to the treasury and appropriate it on the buyer's line."""
        line = self.line(cast.buyer, currency, year)
        self._committed[line] += amount
        if line not in self._opened or self._committed[line] > self._appropriated[line]:
            self._opened.add(line)
            self._appropriated[line] = max(self._appropriated[line], self._committed[line])
            total = self._appropriated[line]
            yield self.appropriate(cast.buyer, currency, year, BUDGET_CODE, total, NOBODY)
        if amount:
            yield self.issue(cast.treasury, currency, amount, reference)

    def appropriate(
        self, buyer: Member, currency: str, year: int, code: str, total: int, document: bytes
    ) -> Act:
        """The act that sets what may be committed on a buyer's budget line."""
        terms = (buyer.id, self._tokens[currency], year, code, total, document)
        return Act(
            self.admin, call("Budget", self.made.budget, "appropriate", *terms), APPROPRIATE_GAS
        )

    def issue(self, member: Member, currency: str, amount: int, reference: str) -> Act:
        """The act that issues money to a member against a bank deposit."""
        token, holder = self._tokens[currency], member.signer.address
        what = call("SettlementToken", token, "issue", holder, amount, keccak(reference.encode()))
        return Act(self.admin, what, ISSUE_GAS)

    def _act(self, function: str, gas: int, *arguments: object) -> Act:
        what = call("ParticipantRegistry", self.made.registry, function, *arguments)
        return Act(self.admin, what, gas)

    def _registration(self, member: Member, roles: int) -> dict[str, object]:
        owner = member.organization
        return {
            "scheme": member.scheme,
            "identifier": member.identifier,
            "account": member.signer.address,
            "roles": roles,
            "organization": participant_id(*owner.key) if owner else NOBODY,
            "document": self.store.write_json({"type": "participant", "name": member.name}),
        }

    def _read_lines(self, buyers: set[bytes], years: set[int]) -> None:
        lines = [
            budget_line_id(buyer, token, year, BUDGET_CODE)
            for buyer in buyers
            for token in self._tokens.values()
            for year in years
        ]
        found = read_all(
            self._sender.rpc, [View("Budget", self.made.budget, "get", (line,)) for line in lines]
        )
        for line, details in zip(lines, found, strict=True):
            if details["buyer"] != NOBODY:
                self._opened.add(line)
            self._appropriated[line] = details["appropriated"]
            self._committed[line] = details["committed"]
