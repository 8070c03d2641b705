"""Who buys and who supplies under one contract."""

from __future__ import annotations

from collections.abc import Iterable

from backend.ocds.fields import Json, part, parts, shorten
from backend.ocds.occurrences import Occurrence
from backend.ocds.organizations import (
    IDENTIFIER_LENGTH,
    PUBLISHER_SCHEME,
    UNPUBLISHED_NAME,
    UNPUBLISHED_SCHEME,
    Book,
    Directory,
    payee_of,
)
from backend.ocds.reasons import Reason, ReasonCode, skip
from backend.ocds.source import Organization


class PartyReader:
    """Finds the parties of the contracts of a source."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def read(
        self, occurrence: Occurrence, reasons: list[Reason]
    ) -> tuple[Organization, tuple[Organization, ...]]:
        """The buyer, and the suppliers, of which the first is the one that the contract is with.

        Adds to `reasons` where one had to be found elsewhere. Raises `SkippedError` when the buyer
        supplies itself.
        """
        book = self._directory.book(occurrence.release)
        buyer = self._buyer(occurrence, book, reasons)
        suppliers = self._suppliers(occurrence, book, reasons)
        if suppliers[0] == buyer:
            detail = f"{buyer.scheme} {buyer.identifier} is on both sides; expected two parties"
            raise skip(ReasonCode.BUYER_IS_SUPPLIER, detail)
        return buyer, suppliers

    def _buyer(self, occurrence: Occurrence, book: Book, reasons: list[Reason]) -> Organization:
        data = occurrence.release.data
        for reference in (part(data, "buyer"), part(data, "tender", "procuringEntity")):
            buyer = self._directory.resolve(reference, book)
            if buyer:
                return buyer
        for role in ("buyer", "procuringEntity"):
            for key in book.by_role.get(role, [])[:1]:
                return self._directory.organization(key)
        name = occurrence.release.publisher or book.prefix
        detail = f"the publisher {book.prefix} stands in its place"
        reasons.append(Reason(ReasonCode.BUYER_NOT_PUBLISHED, detail))
        return Organization(PUBLISHER_SCHEME, book.prefix, name)

    def _suppliers(
        self, occurrence: Occurrence, book: Book, reasons: list[Reason]
    ) -> tuple[Organization, ...]:
        payees = self._resolved(map(payee_of, occurrence.transactions), book)
        published = self._resolved(_supplier_references(occurrence.data, book), book)
        if published:
            paid = [supplier for supplier in published if supplier in payees]
            first = (paid or published)[0]
            return first, *(supplier for supplier in published if supplier != first)
        supplier = self._other_supplier(occurrence, book, payees)
        detail = f"{supplier.scheme} {supplier.identifier} stands in its place"
        reasons.append(Reason(ReasonCode.SUPPLIER_NOT_PUBLISHED, detail))
        return (supplier,)

    def _other_supplier(
        self, occurrence: Occurrence, book: Book, payees: list[Organization]
    ) -> Organization:
        """The first payee, else the only party that is called a supplier, else an unknown one."""
        if payees:
            return payees[0]
        named = set(book.by_role.get("supplier", []))
        if len(named) == 1:
            return self._directory.organization(named.pop())
        place = f"{occurrence.place.ocid}/{occurrence.place.contract_id}"
        identifier = shorten(place, IDENTIFIER_LENGTH)
        return Organization(UNPUBLISHED_SCHEME, identifier, UNPUBLISHED_NAME)

    def _resolved(self, references: Iterable[Json], book: Book) -> list[Organization]:
        """The organizations that are referred to, each once."""
        found = (self._directory.resolve(reference, book) for reference in references)
        return list(dict.fromkeys(organization for organization in found if organization))


def _supplier_references(contract: Json, book: Book) -> list[Json]:
    """The suppliers of the contract itself (an extension), else of the award that it names.

    A contract that names no award belongs to the only one there is.
    """
    own = parts(contract, "suppliers")
    if own:
        return own
    award_id = contract.get("awardID")
    if award_id is None and len(book.award_suppliers) == 1:
        return next(iter(book.award_suppliers.values()))
    return book.award_suppliers.get(award_id or "", [])
