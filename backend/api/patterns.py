"""Patterns of parameters, each with the words for who did not match it."""

from __future__ import annotations

TEXT = r"^[^\x00]*$"
CURSOR = r"^[A-Za-z0-9_-]+$"
CURRENCY = r"^[A-Z]{3}$"
PARTICIPANT = r"^([1-9][0-9]{0,17}|0x[0-9a-fA-F]{64})$"
CONTRACT = r"^([1-9][0-9]{0,17}|0x[0-9a-fA-F]{40})$"
AMOUNT = r"^[0-9]{1,26}(\.[0-9]{1,4})?$"
PERIOD = r"^(all|19[7-9][0-9]|[2-9][0-9]{3})$"
DIGEST = r"^(0x)?[0-9a-fA-F]{64}$"

EXPECTED = {
    TEXT: "expected text without NUL",
    CURSOR: "expected `next` of the page before",
    CURRENCY: "expected a code of three capital letters such as IDR",
    PARTICIPANT: "expected the number of a participant, or its id: 0x and 64 hexadecimal digits",
    CONTRACT: "expected the number of a contract, or its address: 0x and 40 hexadecimal digits",
    AMOUNT: "expected an amount in major units such as 1500000.50",
    PERIOD: "expected a year from 1970 to 9999, or all",
    DIGEST: "expected a SHA-256: 64 hexadecimal digits, with or without 0x",
}
