"""Who signs: names, passphrases, and where keys lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_utils.address import to_checksum_address

from backend.acts.accounts import (
    AccountError,
    address_of,
    create_account,
    digest_of,
    find_signer,
    list_accounts,
    local_signer,
    recovered,
)

PASSPHRASE = "correct-Horse-battery-1"
WELL_KNOWN = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys of the test's own, with a cheap key derivation.

    Ape remembers accounts by name as long as the process lives: each test has names of its own.
    """
    from ape import accounts

    folder = tmp_path / "accounts"
    folder.mkdir()
    container = accounts.containers["accounts"]
    monkeypatch.setitem(container.__dict__, "data_folder", folder)
    monkeypatch.setattr(type(container), "loaded_accounts", {})
    encrypt = Account.encrypt
    monkeypatch.setattr(
        "ape_accounts.accounts.EthAccount.encrypt",
        lambda key, passphrase: encrypt(key, passphrase, kdf="pbkdf2", iterations=2),
    )
    return folder


def test_the_test_accounts_of_ape() -> None:
    assert find_signer("TEST::0").address == WELL_KNOWN
    assert find_signer("TEST::19").address == to_checksum_address(find_signer("TEST::19").address)


@pytest.mark.parametrize(
    "name", ["TEST::20", "TEST::99", "TEST::", "TEST::-1", "TEST::x", "TEST::²"]
)
def test_other_numbers_do_not_exist(name: str) -> None:
    with pytest.raises(AccountError) as caught:
        find_signer(name)
    assert caught.value.detail == f"{name}: expected TEST::0 to TEST::19"
    assert caught.value.status == 422


def test_an_unknown_name_lists_those_that_exist(keys: Path) -> None:
    with pytest.raises(AccountError) as caught:
        find_signer("nobody")
    assert caught.value.detail == (
        "There is no account 'nobody'; accounts here: none yet. "
        "`termin account create nobody` makes one."
    )
    create_account("vendor", PASSPHRASE)
    create_account("chair", PASSPHRASE)
    with pytest.raises(AccountError, match=r"accounts here: chair, vendor\. "):
        address_of("nobody")


def test_a_key_is_made_encrypted_and_signs(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = create_account("secretary", PASSPHRASE)
    (file,) = keys.iterdir()
    assert file.name == "secretary.json"
    keystore = json.loads(file.read_text())
    assert to_checksum_address(keystore["address"]) == address == address_of("secretary")
    key = Account.decrypt(keystore, PASSPHRASE)
    assert key.hex().removeprefix("0x") not in file.read_text()
    assert ("secretary", address) in list_accounts()
    monkeypatch.setenv("TERMIN_PASSPHRASE", PASSPHRASE)
    signer = find_signer("secretary")
    raw = signer.sign(to=WELL_KNOWN, data=b"", nonce=7, gas=21_000, gas_price=0, chain_id=2026)
    assert Account.recover_transaction(raw) == address == signer.address


TYPED: dict[str, Any] = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}],
        "Vote": [{"name": "milestone", "type": "uint256"}],
    },
    "primaryType": "Vote",
    "domain": {"name": "Test"},
    "message": {"milestone": 3},
}


def test_typed_data_is_signed_without_a_transaction(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = create_account("signatory", PASSPHRASE)
    monkeypatch.setenv("TERMIN_PASSPHRASE", PASSPHRASE)
    signature = find_signer("signatory").sign_typed(TYPED)
    assert len(signature) == 65
    assert recovered(TYPED, signature) == address
    other = TYPED | {"message": {"milestone": 4}}
    assert recovered(other, signature) not in {address, None}
    for broken in (b"", signature[:-1], signature[:-1] + b"\x05", bytes(65)):
        assert recovered(TYPED, broken) is None
    signed = Account.unsafe_sign_hash(digest_of(TYPED), Account.create().key)
    assert recovered(TYPED, bytes(signed.signature)) not in {address, None}


def test_a_name_is_taken_once(keys: Path) -> None:
    address = create_account("taken", PASSPHRASE)
    before = (keys / "taken.json").read_bytes()
    with pytest.raises(AccountError) as caught:
        create_account("taken", "another-passphrase-9")
    assert caught.value.detail == f"The account 'taken' exists: {address}"
    assert (keys / "taken.json").read_bytes() == before


@pytest.mark.parametrize("alias", ["../elsewhere", "a/b", "", "0x" + "ab" * 32, "TEST::1"])
def test_what_is_no_name_of_an_account(keys: Path, alias: str) -> None:
    with pytest.raises(AccountError):
        create_account(alias, PASSPHRASE)
    assert list(keys.iterdir()) == []
    assert not (keys.parent / "elsewhere.json").exists()


def test_a_wrong_passphrase(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_account("locked", PASSPHRASE)
    monkeypatch.setenv("TERMIN_PASSPHRASE", "wrong-Passphrase-2")
    with pytest.raises(AccountError) as caught:
        find_signer("locked")
    assert caught.value.detail.startswith("The account 'locked' stays locked: ")
    assert PASSPHRASE not in caught.value.detail


def test_the_account_of_a_participant_of_the_local_chain_is_always_the_same() -> None:
    one, other = local_signer(b"\1" * 32), local_signer(b"\2" * 32)
    assert one.address != other.address
    assert len({one.address, local_signer(b"\1" * 32, 1).address, other.address}) == 3
    local_signer.cache_clear()
    assert local_signer(b"\1" * 32).address == one.address
    raw = one.sign(to=None, data=b"\0", nonce=0, gas=60_000, gas_price=0, chain_id=2026)
    assert Account.recover_transaction(raw) == one.address


def test_in_the_checkout_keys_lie_in_the_checkout_and_nothing_tells_them(tmp_path: Path) -> None:
    checkout, home = tmp_path / "checkout", tmp_path / "home"
    for folder in (checkout, home):
        folder.mkdir()
    (checkout / "ape-config.yaml").write_text("name: termin\n")
    kept = {k: v for k, v in os.environ.items() if k not in {"APE_DATA_FOLDER", "PYTHONPATH"}}
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", "account", "create", "secretary"],
        cwd=checkout,
        env=kept | {"HOME": str(home), "TERMIN_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    keystore = checkout / ".termin" / "ape" / "accounts" / "secretary.json"
    content = json.loads(keystore.read_text())
    address = to_checksum_address(content["address"])
    assert done.stdout == f"Account secretary: {address}\n"
    assert not (home / ".ape").exists()
    key = bytes(Account.decrypt(content, PASSPHRASE)).hex()
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    secrets = (key, key.upper(), PASSPHRASE)
    for path in everything:
        text = path.read_bytes().decode("latin-1")
        assert not any(secret in text for secret in secrets), path
    assert not any(secret in done.stdout + done.stderr for secret in secrets)
