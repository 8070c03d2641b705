"""YAML files that people write: read, validated, and every error with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.resolver import VersionedResolver

from backend.core.errors import AppError

Model = TypeVar("Model", bound=BaseModel)


class YamlFileError(AppError):
    """A file is not what it should be; `detail` has one line for each error, with its place."""

    status = 422
    title = "The file has errors"


class _TextResolver(VersionedResolver):
    """Resolves every plain scalar to text."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        """No implicit types at all."""
        return {}


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Read `path` as a `model`.

    Plain scalars stay text, so that amounts keep their digits and codes their zeros; the model
    says what they are. Raises `YamlFileError`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise YamlFileError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise YamlFileError(f"{path}: not UTF-8 at byte {error.start}") from error
    tree = _parse(path, text)
    try:
        return model.model_validate(_plain(tree))
    except ValidationError as error:
        lines = [f"{path}:{line}: {words}" for line, words in _explain(tree, error)]
        raise YamlFileError("\n".join(lines)) from error


def _parse(path: Path, text: str) -> Any:
    # Round-trip keeps line numbers; no scalar is guessed to be a number or a date.
    yaml = YAML(typ="rt")
    yaml.Resolver = _TextResolver
    yaml.allow_duplicate_keys = False
    try:
        tree = yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlFileError(f"{path}:{line}: {error.problem}") from error
    except (YAMLError, ValueError) as error:
        raise YamlFileError(f"{path}:1: {error}") from error
    if not isinstance(tree, CommentedMap):
        raise YamlFileError(f"{path}:1: found {type(tree).__name__}, expected keys with values")
    return tree


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return node


def _explain(tree: Any, error: ValidationError) -> list[tuple[int, str]]:
    found = []
    for item in error.errors():
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        words = f"{place}: {message}" if place else message
        if item["type"] not in {"missing", "extra_forbidden"} and item["loc"]:
            words += f"; found {item['input']!r:.80}"
        found.append((_line(tree, item["loc"]), words))
    return sorted(found)


def _line(tree: Any, location: Sequence[int | str]) -> int:
    """The line, from 1, of a key or item; of the nearest that encloses it if it is missing."""
    line, node = 1, tree
    for part in location:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            break
        node = node[part]
    return line
