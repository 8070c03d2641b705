"""What one writes with web3.py: send a transaction, wait for its receipt, send the next."""

from __future__ import annotations

import time
from pathlib import Path

from eth_account import Account
from web3 import HTTPProvider, Web3

from benchmarks.loading.timing import fresh_chain

TRANSACTIONS = 40
TRANSACTIONS_PER_PAYMENT = 4  # submit, attest, accept, accept


def milliseconds_per_payment(folder: Path) -> float:
    """Time of as many transactions as a payment needs, the plainest there are."""
    with fresh_chain(folder) as rpc:
        web3 = Web3(HTTPProvider(rpc.url))
        account = Account.create()
        begin = time.perf_counter()
        for nonce in range(TRANSACTIONS):
            transaction = {
                "to": account.address,
                "value": 0,
                "nonce": nonce,
                "gas": 21_000,
                "gasPrice": 0,
                "chainId": web3.eth.chain_id,
            }
            signed = account.sign_transaction(transaction)
            sent = web3.eth.send_raw_transaction(signed.raw_transaction)
            web3.eth.wait_for_transaction_receipt(sent)
        seconds = time.perf_counter() - begin
    return 1000 * seconds / TRANSACTIONS * TRANSACTIONS_PER_PAYMENT
