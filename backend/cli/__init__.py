"""The command line. One module for each group of commands."""

from __future__ import annotations

import sys

from rich.console import Console

from backend.core.errors import AppError
from backend.core.secrets import without_secrets


def main() -> None:
    """Run `termin`. What a user can mend is told in one sentence, with exit status 1."""
    from backend.cli.app import application

    try:
        application(sys.argv[1:])()
    except AppError as error:
        console = Console(stderr=True, soft_wrap=True)
        console.print(f"[bold red]{error.title}.[/]", highlight=False)
        console.print(without_secrets(error.detail), markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
