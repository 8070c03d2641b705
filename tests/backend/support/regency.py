"""The example of the regency: played on a chain, indexed, and served to a browser."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from support.sukamaju import WIB

from backend.acts.accounts import find_signer
from backend.acts.deploy import ensure_deployment
from backend.acts.scenario import play_scenario, read_scenario
from backend.acts.sending import Sender
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once

EXAMPLE = Path(__file__).parents[3] / "examples" / "kabupaten-sukamaju.yaml"
TODAY = date(2026, 11, 29)
NOON = int(datetime(2026, 11, 29, 12, tzinfo=WIB).timestamp())
"""When the portal is read: at noon of the day that the example is told on."""


def build_regency(rpc: Rpc, folder: Path) -> Settings:
    """Play the example on an empty chain and index it."""
    settings = Settings(rpc_url=rpc.url, data_dir=folder, database_url="", time_zone="Asia/Jakarta")
    store = DocumentStore(settings.documents_dir)
    sender, admin = Sender(rpc), find_signer("TEST::0")
    made = ensure_deployment(sender, admin, folder)
    play_scenario(sender, admin, made, store, read_scenario(EXAMPLE), TODAY, lambda *_: None)
    database = Database(settings.database)
    index_once(database, rpc, made, store)
    database.close()
    return settings
