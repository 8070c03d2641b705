"""Indexes of tales, made once and copied for each test that wants one of its own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL
from support.postgres import create, drop
from support.story import Story
from support.works import Works

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.session import Database
from backend.indexer import Policy, Progress, index_once


@dataclass
class Indexes:
    """Models are kept in `folder`, or by the server that the databases to fill are at."""

    folder: Path
    _models: dict[tuple[int, bool, str], URL] = field(default_factory=dict)

    def fill(self, database: Database, tale: Story | Works, *, documents: bool = True) -> None:
        """Put into a new database what `index_once` makes of a tale, with its documents or none.

        Nobody may have read from the database before.
        """
        key = id(tale), documents, database.url.get_backend_name()
        if key not in self._models:
            store = tale.store if documents else DocumentStore(self.folder / "none")
            self._models[key] = self._index(tale, store, database.url)
        _copy(self._models[key], database.url)

    def _index(self, tale: Story | Works, store: DocumentStore, like: URL) -> URL:
        name = f"model{len(self._models)}"
        if like.get_backend_name() == "sqlite":
            url = like.set(database=str(self.folder / f"{name}.db"))
        else:
            url = like.set(database=name)
            create(url)
        model = Database(url.render_as_string(hide_password=False))
        index_once(model, tale.rpc, tale.world.deployment, store)
        model.close()
        return url


def run(
    story: Story, database: Database, rpc: Rpc | None = None, policy: Policy | None = None
) -> Progress:
    """Index the story, from another node than its own if one is given."""
    deployment = story.world.deployment
    return index_once(database, rpc or story.rpc, deployment, story.store, policy=policy)


def _copy(model: URL, url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        shutil.copyfile(str(model.database), str(url.database))
    else:
        drop(url)
        create(url, template=str(model.database))
