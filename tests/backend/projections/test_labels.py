"""labels are words for members, whichever enumeration's numbers they share"""

from __future__ import annotations

from backend.chain.events import Basis, Ground, GuaranteeKind, Part, Standing, TaxBase
from backend.projections.labels import label

ENUMERATIONS = (Basis, Ground, GuaranteeKind, Part, Standing, TaxBase)


def test_are_the_names_of_the_members() -> None:
    for _ in range(2):
        for kind in ENUMERATIONS:
            expected = [member.name.lower().replace("_", "-") for member in kind]
            assert [label(member) for member in kind] == expected


def test_have_hyphens() -> None:
    assert label(Basis.PARTIAL_ACCEPTANCE) == "partial-acceptance"
