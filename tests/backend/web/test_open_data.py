"""Hostile texts, 81 payments and none, Rp 1 and Rp 9 trillion as open data."""

from __future__ import annotations

import json

from support.gallery import MANY
from support.standard import defects, exported, needs_standard

from backend.core.settings import Settings
from backend.db.session import Database


@needs_standard
def test_what_tries_the_pages_is_valid_open_data(gallery: Settings) -> None:
    database = Database(gallery.database)
    export = exported(database)
    database.close()
    assert defects(export) == {}
    records = {each["ocid"]: each for each in map(json.loads, export.splitlines())}
    many = records["ocds-many"]
    assert len(many["releases"]) == MANY + 2
    (contract,) = many["compiledRelease"]["contracts"]
    assert len(contract["implementation"]["transactions"]) == MANY
