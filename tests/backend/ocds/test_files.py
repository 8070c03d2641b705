"""Layouts and damage of files: what is readable is read, what is not becomes one finding."""

import codecs
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from backend.ocds import files
from backend.ocds.contracts import read_source
from backend.ocds.files import SourceFileError


def amounts(source: Any) -> list[tuple[int, int]]:
    return [(each.origin.line, each.paid) for each in source.contracts]


def findings(source: Any) -> list[tuple[int, str]]:
    return [(found.line, found.reason) for found in source.findings]


def process(sources: Any, number: int) -> Any:
    paid = sources.payment("P1", number)
    return sources.release(sources.contract(paid), ocid=f"ocds-abc123-{number}")


def test_json_lines_give_the_line_of_each_document(sources: Any) -> None:
    content = sources.lines(process(sources, 1)) + b"\r\n \n" + sources.lines(process(sources, 2))
    source = sources.read_bytes(content)
    assert amounts(source) == [(1, 100), (4, 200)]
    assert findings(source) == []


@pytest.mark.parametrize("indent", [None, 2])
def test_one_json_document_stands_at_its_first_line(sources: Any, indent: int | None) -> None:
    package = {"releases": [process(sources, 1), process(sources, 2)]}
    source = sources.read_bytes(b"\n" + json.dumps(package, indent=indent).encode() + b"\n")
    assert [line for line, _ in amounts(source)] == ([2, 2] if indent is None else [1, 1])
    assert findings(source) == []


def test_pretty_printed_documents_may_follow_each_other(sources: Any) -> None:
    first = json.dumps(process(sources, 1), indent=2)
    second = json.dumps(process(sources, 2), indent=2)
    source = sources.read_bytes(f"{first}\n{second}\n".encode())
    assert amounts(source) == [(1, 100), (first.count("\n") + 2, 200)]


def test_what_follows_a_broken_pretty_printed_document_is_one_finding(sources: Any) -> None:
    first = json.dumps(process(sources, 1), indent=2)
    source = sources.read_bytes(f'{first}\n{{\n  "ocid": ,\n}}'.encode())
    assert amounts(source) == [(1, 100)]
    line = first.count("\n") + 3
    assert findings(source) == [(line, "not_json: Expecting value at column 11")]


def test_a_byte_order_mark_is_no_hindrance(sources: Any) -> None:
    source = sources.read_bytes(codecs.BOM_UTF8 + sources.lines(process(sources, 1)))
    assert amounts(source) == [(1, 100)]


def test_gzip_is_known_by_its_content(sources: Any) -> None:
    source = sources.read_bytes(gzip.compress(sources.lines(process(sources, 1))))
    assert amounts(source) == [(1, 100)]


@pytest.mark.parametrize("cut", [-6, 30])
def test_damaged_gzip_is_a_finding_and_the_next_file_goes_on(sources: Any, cut: int) -> None:
    damaged = gzip.compress(sources.lines(process(sources, 1)))[:cut]
    source = sources.read_bytes(damaged, sources.lines(process(sources, 2)))
    assert amounts(source) == [(1, 200)]
    [(line, reason)] = findings(source)
    assert line == 1
    assert reason.startswith("not_json: compressed data is damaged (")


def test_a_broken_line_is_a_finding_and_the_rest_goes_on(sources: Any) -> None:
    good = sources.lines(process(sources, 1)), sources.lines(process(sources, 2))
    source = sources.read_bytes(good[0] + b'{"ocid": "x"\n' + good[1] + b"{} {}\n")
    assert amounts(source) == [(1, 100), (3, 200)]
    assert findings(source) == [
        (2, "not_json: Expecting ',' delimiter at column 13"),
        (4, "not_json: Extra data at column 4"),
    ]


@pytest.mark.parametrize("broken", [b'{"ocid": \n', b"<html>\n", b'{"ocid": "\xff"}\n'])
def test_json_lines_may_begin_with_a_broken_line(sources: Any, broken: bytes) -> None:
    source = sources.read_bytes(broken + sources.lines(process(sources, 1)))
    assert amounts(source) == [(2, 100)]
    assert [line for line, _ in findings(source)] == [1]


def test_bytes_that_are_not_utf_8_are_a_finding_for_their_line(sources: Any) -> None:
    good = sources.lines(process(sources, 1))
    source = sources.read_bytes(good + b'{"ocid": "caf\xe9"}\n' + good.replace(b"abc123-1", b"x"))
    assert len(source.contracts) == 2
    assert findings(source) == [(2, "not_utf8: byte 13: invalid continuation byte")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_json: the file is empty"),
        (b" \n\t\n", "not_json: the file is empty"),
        (b"ocid,amount\n1,2\n", "not_json: Expecting value at column 1"),
        (b"PK\x03\x04\xff\xfe", "not_utf8: byte 4: invalid start byte"),
        (codecs.BOM_UTF16_LE + "{}".encode("utf-16-le"), "not_utf8: byte 0: invalid start byte"),
        (b"[" * 200_000, "too_deep: objects nested too deep to be read"),
        (b'{"a":' * 200_000, "too_deep: objects nested too deep to be read"),
    ],
)
def test_a_file_that_is_not_json_is_one_finding(sources: Any, content: bytes, reason: str) -> None:
    source = sources.read_bytes(content, sources.lines(process(sources, 2)))
    assert amounts(source) == [(1, 200)]
    assert findings(source) == [(1, reason)]


def test_a_line_that_is_nested_too_deep_is_a_finding(sources: Any) -> None:
    good = sources.lines(process(sources, 1))
    source = sources.read_bytes(good + b"[" * 200_000 + b"]" * 200_000 + b"\n")
    assert amounts(source) == [(1, 100)]
    assert findings(source) == [(2, "too_deep: objects nested too deep to be read")]


def test_a_file_beyond_the_limit_is_refused(sources: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1000)
    bomb = gzip.compress(b" " * 1_000_000)
    source = sources.read_bytes(bomb)
    reason = "file_too_large: more than 1000 bytes; expected smaller files"
    assert findings(source) == [(1, reason)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e9999999999999999999999"])
def test_a_number_that_is_none_costs_its_payment_only(sources: Any, number: str) -> None:
    document = process(sources, 1)
    document["contracts"][0]["implementation"]["transactions"] += [sources.payment("P2", "?")]
    source = sources.read_bytes(sources.lines(document).replace(b'"?"', number.encode()))
    assert amounts(source) == [(1, 100)]
    assert findings(source) == [(1, f"amount_not_a_number: '{number}'; expected a number")]


def test_integers_beyond_the_limit_of_python_are_too_large(sources: Any) -> None:
    document = process(sources, 1)
    document["contracts"][0]["implementation"]["transactions"] += [sources.payment("P2", "?")]
    source = sources.read_bytes(sources.lines(document).replace(b'"?"', b"9" * 10_000))
    limit = "792281625142643375935439503.35"
    reason = f"amount_too_large: 1.000000E+10000 MXN; expected at most {limit}"
    assert findings(source) == [(1, reason)]


def test_a_missing_file_is_an_error_that_names_it_before_anything_is_read(
    sources: Any, tmp_path: Path
) -> None:
    there = tmp_path / "there.json"
    there.write_bytes(sources.lines(process(sources, 1)))
    missing = tmp_path / "missing.json"
    with pytest.raises(SourceFileError) as refusal:
        read_source([there, missing])
    assert refusal.value.detail == f"{missing}: No such file or directory"
    assert refusal.value.status == 400


def test_a_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError) as refusal:
        read_source([tmp_path])
    assert refusal.value.detail == f"{tmp_path}: Is a directory"
