"""Who signs: Ape's accounts, each with a key that never leaves Ape.

A name is one of
- the alias of an Ape account, e.g. `secretary` (encrypted keystore, or any that a plugin gives);
- `TEST::0`, `TEST::1` …: Ape's test accounts, for local chains.

On the local chain each participant that a load registered has an account too: `local_signer`.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from backend.chain.hashing import keccak
from backend.core.errors import AppError

PASSPHRASE_VARIABLE = "TERMIN_PASSPHRASE"  # noqa: S105
TEST_PREFIX = "TEST::"
CHECKOUT_MARK, CHECKOUT_FOLDER = "ape-config.yaml", ".termin/ape"


class AccountError(AppError):
    """An account does not exist or cannot sign."""

    status = 422
    title = "The account cannot be used"


class Signer(Protocol):
    """Signs transactions for one address."""

    @property
    def address(self) -> str:
        """Checksummed address."""
        ...

    def sign(
        self, *, to: str | None, data: bytes, nonce: int, gas: int, gas_price: int, chain_id: int
    ) -> bytes:
        """A signed legacy transaction, ready to send."""
        ...

    def sign_typed(self, data: dict[str, Any]) -> bytes:
        """The signature of typed data (EIP-712), 65 bytes."""
        ...


class ApeSigner:
    """A signer that leaves the signing to an Ape account."""

    def __init__(self, account: Any) -> None:
        self._account = account
        self._ecosystem = _ape().networks.ethereum

    @property
    def address(self) -> str:
        """Checksummed address."""
        return str(self._account.address)

    def sign(
        self, *, to: str | None, data: bytes, nonce: int, gas: int, gas_price: int, chain_id: int
    ) -> bytes:
        """A signed legacy transaction, ready to send; raises `AccountError`."""
        fields: dict[str, Any] = {
            "type": 0,
            "chain_id": chain_id,
            "nonce": nonce,
            "gas": gas,
            "gasPrice": gas_price,
            "value": 0,
            "data": data,
        }
        if to is not None:
            fields["to"] = to
        signed = self._account.sign_transaction(self._ecosystem.create_transaction(**fields))
        if signed is None:
            raise AccountError(f"The account {self.address} did not sign.")
        return bytes(signed.serialize_transaction())

    def sign_typed(self, data: dict[str, Any]) -> bytes:
        """The signature of typed data (EIP-712), 65 bytes; raises `AccountError`."""
        signed = self._account.sign_message(_signable(data))
        if signed is None:
            raise AccountError(f"The account {self.address} did not sign.")
        return bytes(signed.encode_rsv())


def recovered(data: dict[str, Any], signature: bytes) -> str | None:
    """The account that signed typed data; None where that is no signature of a key."""
    recover = import_module("eth_account").Account.recover_message
    try:
        return str(recover(_signable(data), signature=signature))
    except Exception:
        # Three libraries check a signature here, each with errors of its own.
        return None


def digest_of(data: dict[str, Any]) -> bytes:
    """The hash of typed data that is signed (EIP-712), 32 bytes."""
    message = _signable(data)
    return keccak(b"\x19" + message.version + message.header + message.body)


def find_signer(name: str) -> Signer:
    """The signer of that name; raises `AccountError`, naming those that exist."""
    if name.startswith(TEST_PREFIX):
        return _test_signer(name)
    accounts = _ape().accounts
    if name not in accounts.aliases:
        known = ", ".join(sorted(accounts.aliases)) or "none yet"
        raise AccountError(
            f"There is no account {name!r}; accounts here: {known}. "
            f"`termin account create {name}` makes one."
        )
    return ApeSigner(_unlocked(accounts.load(name), name))


@cache
def local_signer(participant: bytes, successions: int = 0) -> Signer:
    """The account of a participant on the local chain, once it has given up so many.

    Derived from Ape's well-known test mnemonic and the participant's id, so that every load finds
    the same account again. Worth nothing on any chain but a local one.
    """
    if successions:
        participant = keccak(participant + successions.to_bytes(2))
    container = _test_accounts()
    high, low = (int.from_bytes(part) >> 1 for part in (participant[:4], participant[4:8]))
    path = f"m/44'/60'/0'/{high}/{{}}"
    made = import_module("ape.utils.testing").generate_dev_accounts(
        container.mnemonic, 1, hd_path=path, start_index=low
    )[0]
    return ApeSigner(container.init_test_account(low, made.address, made.private_key))


def create_account(alias: str, passphrase: str) -> str:
    """Make an encrypted Ape keystore and return its address; raises `AccountError`."""
    accounts = _ape().accounts
    if alias in accounts.aliases:
        raise AccountError(f"The account {alias!r} exists: {accounts.load(alias).address}")
    if alias.startswith(TEST_PREFIX):
        raise AccountError(f"{alias!r}: names that begin with {TEST_PREFIX} are Ape's own")
    try:
        account, _ = import_module("ape_accounts").generate_account(alias, passphrase)
    except import_module("ape.exceptions").ApeException as error:
        raise AccountError(f"{alias!r}: {error}") from error
    return str(account.address)


def address_of(name: str) -> str:
    """The address of an account, without unlocking it; raises `AccountError`."""
    accounts = _ape().accounts
    return (
        str(accounts.load(name).address) if name in accounts.aliases else find_signer(name).address
    )


def list_accounts() -> list[tuple[str, str]]:
    """Name and address of each account of Ape, test accounts last."""
    accounts = _ape().accounts
    kept = [(alias, str(accounts.load(alias).address)) for alias in sorted(accounts.aliases)]
    tests = enumerate(_test_accounts().accounts)
    return kept + [(f"{TEST_PREFIX}{number}", str(account.address)) for number, account in tests]


def _signable(data: dict[str, Any]) -> Any:
    return import_module("eth_account.messages").encode_typed_data(full_message=data)


def _ape() -> Any:
    if Path(CHECKOUT_MARK).is_file():
        # In the checkout nothing outside it is changed, so Ape's folder lies inside.
        os.environ.setdefault("APE_DATA_FOLDER", str(Path(CHECKOUT_FOLDER).absolute()))
    if folder := os.environ.get("APE_DATA_FOLDER"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    # Only who signs needs Ape: index, API and portal run without it.
    try:
        ape = import_module("ape")
    except ModuleNotFoundError as error:
        raise AccountError(
            "Signing needs Ape, which is not installed: install Termin with its extra `acts`."
        ) from error
    # What Ape warns of (an account that signs without asking) is what Termin asks about itself.
    logging = import_module("ape.logging")
    logging.logger.set_level(logging.LogLevel.ERROR)
    return ape


def _test_accounts() -> Any:
    return _ape().accounts.test_accounts.containers["test"]


def _test_signer(name: str) -> Signer:
    container = _test_accounts()
    number = name.removeprefix(TEST_PREFIX)
    if not number.isdecimal() or int(number) >= container.number_of_accounts:
        last = container.number_of_accounts - 1
        raise AccountError(f"{name}: expected {TEST_PREFIX}0 to {TEST_PREFIX}{last}")
    return ApeSigner(container.get_test_account(int(number)))


def _unlocked(account: Any, name: str) -> Any:
    if not hasattr(account, "set_autosign"):
        return account  # A hardware wallet, say, asks by itself.
    try:
        # Termin has asked already, in words; Ape would ask again, in hexadecimal.
        account.set_autosign(True, passphrase=os.environ.get(PASSPHRASE_VARIABLE))
    except import_module("ape.exceptions").ApeException as error:
        raise AccountError(f"The account {name!r} stays locked: {error!r}") from error
    return account
