"""The tables, one noun each."""

from backend.db.models.agreements import Agreement, AgreementOffice
from backend.db.models.amendments import Amendment
from backend.db.models.budget import BudgetLine
from backend.db.models.cursor import Cursor
from backend.db.models.documents import Document
from backend.db.models.events import EventRow
from backend.db.models.milestones import OPEN_STATUSES, Milestone
from backend.db.models.participants import Participant
from backend.db.models.payments import Payment
from backend.db.models.tokens import Token

__all__ = [
    "OPEN_STATUSES",
    "Agreement",
    "AgreementOffice",
    "Amendment",
    "BudgetLine",
    "Cursor",
    "Document",
    "EventRow",
    "Milestone",
    "Participant",
    "Payment",
    "Token",
]
