"""The tables, one noun each."""

from backend.db.models.agreements import Agreement, AgreementOffice
from backend.db.models.amendments import Amendment, AmendmentChange, AmendmentSignature
from backend.db.models.blocks import Batch, Block, Reorganization, Undo
from backend.db.models.budget import BudgetLine
from backend.db.models.conditions import Conditions, DirectPayment, Tax
from backend.db.models.conflicts import Dispute, SettlementOffer, Stop
from backend.db.models.cursor import Cursor
from backend.db.models.decisions import Decision, DecisionVote
from backend.db.models.document_changes import DocumentChange
from backend.db.models.documents import Document
from backend.db.models.endings import DefaultNotice, FinalAccount
from backend.db.models.events import EventRow, Retraction
from backend.db.models.guarantees import Guarantee
from backend.db.models.milestones import OPEN_STATUSES, Milestone
from backend.db.models.participants import Participant, Succession
from backend.db.models.payments import (
    NO_MILESTONE,
    Claim,
    Deduction,
    InterestPayment,
    Payment,
)
from backend.db.models.tokens import Token

__all__ = [
    "NO_MILESTONE",
    "OPEN_STATUSES",
    "Agreement",
    "AgreementOffice",
    "Amendment",
    "AmendmentChange",
    "AmendmentSignature",
    "Batch",
    "Block",
    "BudgetLine",
    "Claim",
    "Conditions",
    "Cursor",
    "Decision",
    "DecisionVote",
    "Deduction",
    "DefaultNotice",
    "DirectPayment",
    "Dispute",
    "Document",
    "DocumentChange",
    "EventRow",
    "FinalAccount",
    "Guarantee",
    "InterestPayment",
    "Milestone",
    "Participant",
    "Payment",
    "Reorganization",
    "Retraction",
    "SettlementOffer",
    "Stop",
    "Succession",
    "Tax",
    "Token",
    "Undo",
]
