"""`termin digest`: one hash over all that the index says."""

from __future__ import annotations

import typer

from backend.cli.options import located
from backend.core.settings import Settings
from backend.db.session import Database
from backend.queries.digest import digest as digest_of


@located
def digest(settings: Settings) -> None:
    """Print one hash over the whole index, alone on the last line, to compare it with another.

    Two indexes of the same chain up to the same block, with the same documents, have the same
    hash, whichever database they are in and however they came there.

    Example: `termin digest --database-url postgresql+psycopg://termin@127.0.0.1/termin`
    """
    database = Database(settings.database)
    with database.reading() as session:
        found = digest_of(session)
    database.close()
    typer.echo(f"Block {found.block} {found.block_hash}")
    typer.echo(found.value)
