"""a word for what a contract counts
├── is the name of the member
└── does not depend on which members of other kinds, that count the same, had theirs before
"""

from __future__ import annotations

from enum import IntEnum

import pytest

from backend.chain.events.registry import Standing
from backend.chain.events.terms import Basis, Ground, GuaranteeKind, Part, TaxBase
from backend.projections.labels import label

KINDS: list[type[IntEnum]] = [Basis, Ground, GuaranteeKind, Part, TaxBase, Standing]


@pytest.mark.parametrize("first", KINDS)
def test_is_the_name_of_the_member_whoever_was_first(first: type[IntEnum]) -> None:
    label.cache_clear()
    for kind in (first, *KINDS):
        for member in kind:
            assert label(member) == member.name.lower().replace("_", "-")


def test_of_several_words() -> None:
    assert label(Basis.PARTIAL_ACCEPTANCE) == "partial-acceptance"
