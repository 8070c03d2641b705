"""Two tiny contracts that emit the logs they are told, and the assembler that makes them.

Real contracts need minutes for what these emit in seconds. Transactions look like real ones:
what is to be emitted stands in the code of a data account, not in their input.
"""

from __future__ import annotations

_OPCODES = {
    "LT": 0x10,
    "EQ": 0x14,
    "ISZERO": 0x15,
    "ADD": 0x01,
    "BYTE": 0x1A,
    "SHL": 0x1B,
    "SHR": 0x1C,
    "CALLDATALOAD": 0x35,
    "CALLDATASIZE": 0x36,
    "CALLDATACOPY": 0x37,
    "CODECOPY": 0x39,
    "EXTCODECOPY": 0x3C,
    "POP": 0x50,
    "MLOAD": 0x51,
    "JUMP": 0x56,
    "JUMPI": 0x57,
    "GAS": 0x5A,
    "JUMPDEST": 0x5B,
    "PUSH0": 0x5F,
    "CALL": 0xF1,
    "RETURN": 0xF3,
    "CREATE2": 0xF5,
    "REVERT": 0xFD,
    "SELFDESTRUCT": 0xFF,
    **{f"DUP{n}": 0x7F + n for n in range(1, 17)},
    **{f"SWAP{n}": 0x8F + n for n in range(1, 17)},
    **{f"LOG{n}": 0xA0 + n for n in range(5)},
}
_PUSH1 = 0x60
_PUSH2 = 0x61


def assemble(source: str, **numbers: int) -> bytes:
    """Bytecode of a source of words: opcodes, `label:`, `@label`, decimals, `$number`, 0x-bytes.

    Labels and numbers take two bytes; what follows a semicolon is a comment.
    """
    words = [word for line in source.splitlines() for word in line.partition(";")[0].split()]
    code, places, wanted = bytearray(), {}, {}
    for word in words:
        if word in _OPCODES:
            code.append(_OPCODES[word])
        elif word.endswith(":"):
            places[word[:-1]] = len(code)
            code.append(_OPCODES["JUMPDEST"])
        elif word.startswith("0x"):
            given = bytes.fromhex(word[2:])
            code += bytes([_PUSH1 - 1 + len(given)]) + given
        else:
            wanted[len(code) + 1] = word
            code += bytes([_PUSH2, 0, 0])
    for place, word in wanted.items():
        name = word[1:]
        value = places[name] if word[0] == "@" else numbers[name] if word[0] == "$" else int(word)
        code[place : place + 2] = value.to_bytes(2, "big")
    return bytes(code)


def _log(topics: int) -> str:
    """Emit a log with so many topics. Stack: next topics size start."""
    loads = (f"DUP{1 + n} {32 * (topics - 1 - n)} ADD CALLDATALOAD" for n in range(topics))
    emit = f"DUP{2 + topics} PUSH0 LOG{topics} POP POP POP @next JUMP"
    return f"log{topics}: {' '.join(loads)} {emit}"


# Calldata: for each log one byte with the number of topics (1 to 4), two with the size of the
# data, the topics, the data.
ECHO = assemble(
    f"""
    PUSH0
    next:                                      ; here
        CALLDATASIZE DUP2 LT ISZERO @end JUMPI
        DUP1 CALLDATALOAD PUSH0 BYTE           ; here topics
        DUP2 1 ADD CALLDATALOAD 240 SHR        ; here topics size
        DUP3 3 ADD                             ; here topics size start
        DUP3 5 SHL DUP2 ADD                    ; here topics size start data
        DUP3 DUP2 PUSH0 CALLDATACOPY
        DUP3 ADD SWAP4 POP                     ; next topics size start
        DUP3 1 EQ @log1 JUMPI
        DUP3 2 EQ @log2 JUMPI
        DUP3 3 EQ @log3 JUMPI
        DUP3 4 EQ @log4 JUMPI
        PUSH0 PUSH0 REVERT
    {_log(1)}
    {_log(2)}
    {_log(3)}
    {_log(4)}
    end: PUSH0 SELFDESTRUCT                    ; of effect only if created in this transaction
    """
)

ECHO_CREATION = assemble("$size 13 PUSH0 CODECOPY $size PUSH0 RETURN", size=len(ECHO)) + ECHO

_ROOM = 32 * -(-len(ECHO_CREATION) // 32)


def stage(data: bytes) -> bytes:
    """The contract that plays a transaction; the code of the account `data` holds the plays.

    Calldata: offset and size of the play, 32 bytes each. A play is, for each emitter, one word, the
    size of what it is told in four bytes, and what it is told. The word is the address of the
    emitter; or the salt with which it is created anew, for this transaction only: Anvil hashes
    every account that there is for every block that it mines.
    """
    source = f"""
        32 CALLDATALOAD PUSH0 CALLDATALOAD $room 0x{data.hex()} EXTCODECOPY
        $creation $tail PUSH0 CODECOPY
        $room
        next:                                      ; here
            32 CALLDATALOAD $room ADD DUP2 LT ISZERO @end JUMPI
            DUP1 32 ADD MLOAD 224 SHR              ; here size
            DUP2 36 ADD                            ; here size told
            DUP2 DUP2 ADD SWAP3                    ; next size told here
            MLOAD                                  ; next size told word
            DUP1 160 SHR @create JUMPI
        tell:                                      ; next size told address
            PUSH0 PUSH0 DUP5 DUP5 PUSH0 DUP6 GAS CALL
            ISZERO @fail JUMPI
            POP POP POP @next JUMP
        create: $creation PUSH0 PUSH0 CREATE2 @tell JUMP
        fail: PUSH0 PUSH0 REVERT
        end: PUSH0 PUSH0 RETURN
    """
    numbers = {"creation": len(ECHO_CREATION), "room": _ROOM}
    tail = len(assemble(source, tail=0, **numbers))
    return assemble(source, tail=tail, **numbers) + ECHO_CREATION
