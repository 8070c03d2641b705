"""Every setting and every command is documented, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from backend.core.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OTHER_VARIABLES = {"TERMIN_ACCOUNT", "TERMIN_AGREEMENT", "TERMIN_PASSPHRASE"}


def test_every_setting_is_documented_and_every_documented_variable_exists() -> None:
    table = OPERATIONS.partition("## Settings")[2].partition("\n## ")[0]
    documented = set(re.findall(r"TERMIN_[A-Z_]+", table))
    settings = {f"TERMIN_{name.upper()}" for name in Settings.model_fields}
    assert documented == settings | OTHER_VARIABLES
