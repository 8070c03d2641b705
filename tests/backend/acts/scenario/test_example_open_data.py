"""The example as open data: valid, and compiled as ocdsmerge compiles it."""

from __future__ import annotations

import json
from typing import Any

from support.standard import defects, exported, needs_standard

from backend.acts.scenario import Scenario
from backend.db.session import Database
from backend.indexer import index_once


@needs_standard
def test_the_example_is_valid_open_data(played: Any, example: Scenario, database: Database) -> None:
    index_once(database, played.rpc, played.made, played.store)
    export = exported(database)
    assert defects(export) == {}
    records = [json.loads(line) for line in export.splitlines()]
    assert {each["ocid"] for each in records} == {told.ocid for told in example.story.contracts}
    tags = {tag for record in records for each in record["releases"] for tag in each["tag"]}
    assert tags == {
        *("tender", "award", "contract", "contractUpdate", "contractAmendment"),
        *("implementation", "implementationUpdate", "contractTermination"),
    }
