"""YAML files that people write: read, validated, and every error with its line.

Every scalar stays the text of the file, so that an amount never passes through a binary float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from backend.core.errors import AppError

Model = TypeVar("Model", bound=BaseModel)

Location = tuple[str | int, ...]
"""Keys and positions from the top of a file, e.g. `("contracts", 3, "value")`."""

UNKNOWN_KEY = "unknown_key"
"""The pydantic error of a mapping with a key that it should not have: context `key`, `keys`."""

KINDS = {
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "list_type": "a list",
    "string_type": "a text",
    "int_parsing": "a whole number",
}
QUOTE = "'"


class YamlFileError(AppError):
    """A file is not what it should be; `detail` has one line for each error, with its place."""

    status = 422
    title = "The file has errors"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file: where, what stands there, what should."""

    location: Location
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, and where. `file` is its name as the user gave it."""

    file: str
    content: Any
    lines: Mapping[Location, int]

    def resolve(self, location: Location) -> Location:
        """`location` without the steps that the file does not have."""
        found: Location = ()
        for step in location:
            if (*found, step) in self.lines:
                found = (*found, step)
        return found

    def line(self, location: Location) -> int:
        """The line of `location`, counted from 1; of what holds it, where it is missing."""
        return self.lines[self.resolve(location)]

    def place(self, location: Location) -> str:
        """For example `story.yaml:12: contracts.2.value`; positions count from 1."""
        found = self.resolve(location)
        path = ".".join(str(step + 1 if isinstance(step, int) else step) for step in found)
        return ": ".join(filter(None, [f"{self.file}:{self.lines[found]}", path]))

    def error(self, problems: Iterable[Problem]) -> YamlFileError:
        """The error that lists `problems`, one on each line, in the order of the file."""
        ordered = sorted(problems, key=lambda problem: self.line(problem.location))
        return YamlFileError(
            "\n".join(
                f"{self.place(each.location)}: found {each.found}; expected {each.expected}"
                for each in ordered
            )
        )

    def read_as(self, model: type[Model]) -> Model:
        """The content as a `model`; raises `YamlFileError` with every error's line."""
        try:
            return model.model_validate(self.content)
        except ValidationError as error:
            raise self.error(map(_problem, error.errors())) from error


def read_written(path: Path) -> Written:
    """Read one YAML document; raises `YamlFileError`."""
    try:
        root = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8-sig"))
        return _Reader(str(path)).read(root)
    except OSError as error:
        raise YamlFileError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise YamlFileError(
            f"{path}: byte {error.start} is not UTF-8; expected a text in UTF-8"
        ) from error
    except RecursionError:
        raise YamlFileError(f"{path}: found too many levels; expected a few") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise YamlFileError(f"{where}: {error.problem}; expected YAML") from error
    except YAMLError as error:
        raise YamlFileError(f"{path}: {error}; expected YAML") from error


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[Location, int] = {(): 1}
        self._seen: set[int] = set()

    def read(self, root: Node | None) -> Written:
        content = {} if root is None else self._value(root, ())
        return Written(self._file, content, self._lines)

    def _value(self, node: Node, location: Location) -> Any:
        self._lines.setdefault(location, node.start_mark.line + 1)
        if id(node) in self._seen:
            # A few aliases of aliases make gigabytes.
            raise self._error(location, "an alias", "the content itself, written out")
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, location)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*location, n)) for n, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise self._error(location, "a key that is no text", "a word")
            inside = (*location, key.value)
            if key.value in content:
                raise self._error(inside, f"the key {key.value!r} again", "each key once")
            self._lines[inside] = key.start_mark.line + 1
            content[key.value] = self._value(value, inside)
        return content

    def _error(self, location: Location, found: str, expected: str) -> YamlFileError:
        written = Written(self._file, None, self._lines)
        return written.error([Problem(location, found, expected)])


def _problem(error: ErrorDetails) -> Problem:
    location, context, kind = error["loc"], error.get("ctx", {}), error["type"]
    match kind:
        case _ if kind == UNKNOWN_KEY:
            key = context["key"]
            return Problem((*location, key), f"the key {key!r}", f"one of: {context['keys']}")
        case "extra_forbidden":
            return Problem(location, f"the key {location[-1]!r}", "only keys that are explained")
        case "missing":
            return Problem(location, f"no {location[-1]}", "this key")
        case "union_tag_not_found":
            return Problem(location, f"no {context['discriminator'].strip(QUOTE)}", "this key")
        case "union_tag_invalid":
            place = (*location, context["discriminator"].strip(QUOTE))
            tags = context["expected_tags"].replace(QUOTE, "")
            return Problem(place, repr(context["tag"]), f"one of: {tags}")
        case "too_short":
            return Problem(location, repr(error["input"]), f"at least {context['min_length']}")
        case "too_long":
            found = f"{context['actual_length']} items"
            return Problem(location, found, f"at most {context['max_length']}")
    expected = KINDS.get(kind) or error["msg"].removeprefix("Value error, ")
    return Problem(location, f"{error['input']!r:.80}", expected.removeprefix("Input should be "))
