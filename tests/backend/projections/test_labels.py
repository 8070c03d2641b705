"""labels
├── are lower-case words
└── of two enumerations are apart, though their numbers are equal
"""

from __future__ import annotations

from backend.chain.events import Basis, Ground, GuaranteeKind
from backend.projections.labels import label


def test_are_words() -> None:
    assert label(Basis.PARTIAL_ACCEPTANCE) == "partial-acceptance"


def test_of_two_enumerations_are_apart() -> None:
    assert [label(Basis.ACCEPTANCE), label(Ground.CONVENIENCE), label(GuaranteeKind.ADVANCE)] == [
        "acceptance",
        "convenience",
        "advance",
    ]
