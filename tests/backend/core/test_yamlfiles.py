"""YAML files that people write: every scalar as text, every error with its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from backend.core.yamlfiles import Problem, YamlFileError, read_written


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: Decimal
    note: str = ""


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    count: int = 1
    items: list[Item] = Field(min_length=1, max_length=2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "order.yaml"


def test_scalars_stay_the_text_of_the_file(file: Path) -> None:
    file.write_text("a: 1.10\nb: 0x10\nc: no\nd: 2026-03-01\ne: ~\nf:\ng: '1'\nh: 1_000\ni: 1e3\n")
    assert read_written(file).content == {
        "a": "1.10",
        "b": "0x10",
        "c": "no",
        "d": "2026-03-01",
        "e": "~",
        "f": "",
        "g": "1",
        "h": "1_000",
        "i": "1e3",
    }


def test_amounts_never_pass_through_a_float(file: Path) -> None:
    file.write_text("name: x\nitems:\n  - amount: 0.1000000000000000055511151231257827\n")
    (item,) = read_written(file).read_as(Order).items
    assert item.amount == Decimal("0.1000000000000000055511151231257827")


def test_lines_and_places(file: Path) -> None:
    file.write_text("# comment\nname: x\n\nitems:\n  - amount: 1\n  - amount: 2\n    note: y\n")
    written = read_written(file)
    assert written.line(("name",)) == 2
    assert written.line(("items", 1, "note")) == 7
    assert written.place(("items", 1, "note")) == f"{file}:7: items.2.note"
    # What is missing stands where it should be.
    assert written.place(("items", 0, "note")) == f"{file}:5: items.1"
    assert written.place(("other",)) == f"{file}:1"
    assert written.place(()) == f"{file}:1"


WRONG = [
    ("name: x\n", "1: found no items; expected this key"),
    ("name: x\nitems: 3\n", "2: items: found '3'; expected a list"),
    ("name: [x]\nitems: [{amount: 1}]\n", "1: name: found ['x']; expected a text"),
    ("name: x\nitems: [7]\n", "2: items.1: found '7'; expected keys with values"),
    ("name: x\nitems: []\n", "2: items: found []; expected at least 1"),
    (
        "name: x\nitems: [{amount: 1}, {amount: 1}, {amount: 1}]\n",
        "2: items: found 3 items; expected at most 2",
    ),
    (
        "name: x\ncount: many\nitems: [{amount: 1}]\n",
        "2: count: found 'many'; expected a whole number",
    ),
    (
        "name: x\nitems:\n- amount: 1\n  size: 2\n",
        "4: items.1.size: found the key 'size'; expected only keys that are explained",
    ),
    ("7\n", "1: found '7'; expected keys with values"),
    ("", "1: found no name; expected this key"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=range(len(WRONG)))
def test_what_does_not_fit(file: Path, text: str, told: str) -> None:
    file.write_text(text)
    with pytest.raises(YamlFileError) as caught:
        read_written(file).read_as(Order)
    assert f"{file}:{told}" in caught.value.detail.splitlines()
    assert caught.value.status == 422


def test_all_errors_in_the_order_of_the_file(file: Path) -> None:
    file.write_text("items: [7]\ncount: x\nname: [1]\n")
    with pytest.raises(YamlFileError) as caught:
        read_written(file).read_as(Order)
    assert [int(line.split(":")[1]) for line in caught.value.detail.splitlines()] == [1, 2, 3]


BROKEN = [
    (b"a: [1\n", ":2: "),
    (b"a: 'x\n", ":2: "),
    (b"a: 1\n b: 2\n", ":2: "),
    (b"\ta: 1\n", ":1: "),
    (b"a: 1\na: 2\n", ":1: a: found the key 'a' again; expected each key once"),
    (b"? [1, 2]\n: 3\n", ":1: found a key that is no text; expected a word"),
    (b"a: &x [1]\nb: *x\n", ":2: b: found an alias; expected the content itself, written out"),
    (b"a: *unknown\n", ":1: "),
    (b"a: 1\n---\nb: 2\n", ":2: "),
    (b"a: \xff\n", ": byte 3 is not UTF-8; expected a text in UTF-8"),
    (b"a: \x00\n", ": "),
]


@pytest.mark.parametrize(("content", "told"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_yaml(file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)
    with pytest.raises(YamlFileError) as caught:
        read_written(file)
    assert caught.value.detail.startswith(f"{file}{told}")


def test_gigabytes_of_aliases_are_not_written_out(file: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    file.write_text("\n".join(lines))
    with pytest.raises(YamlFileError, match="found an alias"):
        read_written(file)


def test_too_many_levels(file: Path) -> None:
    file.write_text("[" * 5000)
    with pytest.raises(YamlFileError, match="found too many levels; expected a few"):
        read_written(file)


def test_a_byte_order_mark_is_no_part_of_the_first_key(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfname: x\n")
    assert read_written(file).content == {"name": "x"}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.yaml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(YamlFileError) as caught:
            read_written(path)
        assert caught.value.detail.startswith(f"{path}: {why}")


def test_problems_of_ones_own(file: Path) -> None:
    file.write_text("a: 1\nb: 2\n")
    error = read_written(file).error([Problem(("b",), "2", "3"), Problem(("a",), "1", "0")])
    assert error.detail == f"{file}:1: a: found 1; expected 0\n{file}:2: b: found 2; expected 3"
