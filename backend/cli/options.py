"""Options that many commands share, each defined once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from backend.core.errors import AppError
from backend.core.secrets import without_secrets
from backend.core.settings import Settings

RpcUrl = Annotated[
    str | None,
    typer.Option("--rpc-url", help="JSON-RPC address of the node. [env: TERMIN_RPC_URL]"),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", help="SQLAlchemy URL. [env: TERMIN_DATABASE_URL]"),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", help="Folder for chain, database, documents. [env: TERMIN_DATA_DIR]"
    ),
]
WHERE = {"rpc_url": RpcUrl, "database_url": DatabaseUrl, "data_dir": DataDir}

As = Annotated[
    str,
    typer.Option(
        "--as",
        envvar="TERMIN_ACCOUNT",
        help="Who signs: the alias of an Ape account, TEST::0, or local:PARTICIPANT.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Agreement = Annotated[
    str | None,
    typer.Option(
        "--agreement",
        envvar="TERMIN_AGREEMENT",
        help="Number, address, contract id or ocid; without it, the one used last.",
    ),
]
Number = Annotated[int, typer.Argument(help="The milestone's number, from 1.")]
Reason = Annotated[str, typer.Option("--reason", help="Code of the reason, at most 32 characters.")]
Note = Annotated[
    str | None, typer.Option("--note", help="The reasons in prose, kept as a document.")
]
Until = Annotated[
    str, typer.Option("--until", help="ISO 8601; a date alone is the end of that day.")
]
Offline = Annotated[
    Path | None,
    typer.Option("--offline", help="Sign into this file and send nothing; anybody brings it in."),
]
About = Annotated[
    Path | None,
    typer.Option("--for", help="With --offline: what `approvals prepare` wrote; needs no node."),
]
After = Annotated[
    Path | None,
    typer.Option("--after", help="With --offline: a signed submission that is brought in before."),
]
ValidUntil = Annotated[
    str | None,
    typer.Option("--valid-until", help="With --offline: last day or moment; without it, 30 days."),
]


class SettingsError(AppError):
    """An option or an environment variable is not what it should be."""

    status = 422
    title = "A setting cannot be used"


def located(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of `WHERE`; its first parameter receives the `Settings`."""

    @functools.wraps(function)
    def command(**options: Any) -> Any:
        where = {name: options.pop(name) for name in WHERE}
        given = {name: value for name, value in where.items() if value is not None}
        return function(_settings(given), **options)

    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in WHERE.items()
    ]
    keyword = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    command.__signature__ = inspect.Signature([*keyword, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in [*keyword, *shared]}
    return command


def _settings(given: dict[str, Any]) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = (
            f"TERMIN_{str(each['loc'][0]).upper()}: found "
            f"{without_secrets(repr(each['input'])):.80}; expected "
            f"{each['msg'].removeprefix('Value error, ').removeprefix('Input should be ')}"
            for each in error.errors()
        )
        raise SettingsError("\n".join(lines)) from error
