"""What the API answers with. Money is text, moments are ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Schema(BaseModel):
    """Filled from the dataclasses of the queries, by name."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        from_attributes=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )


class Money(Schema):
    """An exact amount."""

    amount: str
    """In major units, with all digits of the currency's minor unit."""
    currency: str
    """ISO 4217 code."""


class Source(Schema):
    """The event on the chain that a fact comes from."""

    block: int
    """Block number."""
    transaction: str
    """Transaction hash."""
    log_index: int
    """Index of the log within the block."""


class Index(Schema):
    """How far the index was when it gave this answer."""

    block: int
    """The last block whose events are in the answer."""
    block_hash: str
    """Its hash."""
    time: datetime
    """Its time."""
    age: int
    """How many seconds ago that was, by the server's clock in whole minutes."""
    final_block: int
    """The last block that the chain will not give up any more: what comes from a later one may yet
    be taken back."""


class Party(Schema):
    """A participant."""

    id: str
    """keccak256(abi.encode(scheme, identifier))."""
    number: int
    """Its number in the order of registration, from 1; it never changes."""
    scheme: str
    """The register that gave the identifier; `OFFICE` for an office of a legal person."""
    identifier: str
    """Public identifier in that register."""
    name: str | None
    """From its document; null while that is missing."""


class ContractReference(Schema):
    """A contract."""

    number: int
    """Its number in the order of creation, from 1; it never changes."""
    address: str
    """Address of the agreement on the chain."""
    ocid: str
    """OCDS id of the contracting process."""
    contract_id: str
    """Id of the contract in its process."""
    title: str | None
    """From its document; null while that is missing."""
