"""A commented file of terms, filled with participants of the registry as an example."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from backend.acts.directory import NOBODY, Directory, Entry
from backend.core.errors import AppError

FIRST_STAGE, WORK = timedelta(days=90), timedelta(days=180)


class DraftError(AppError):
    """Somebody is missing whom every agreement needs."""

    status = 422
    title = "There is nobody to draft with"


def draft_text(names: Directory, currency: str, today: date, prefix: str) -> str:
    """Terms that can be deployed as they are, with an ocid of this OCDS prefix.

    Raises `DraftError` when somebody is missing.
    """
    buyer = _last(names.having("buyer"), "buyer")
    offices = names.offices_of(buyer, "committee") or names.having("committee")
    committee = offices[-3:] or [_last(offices, "committee")]
    supplier = _last(
        [e for e in names.having("supplier") if e.organization == NOBODY and e != buyer], "supplier"
    )
    treasury = _last(names.offices_of(buyer, "treasury") or names.having("treasury"), "treasury")
    inspectors = names.offices_of(buyer, "inspector") or names.having("inspector")
    return _DRAFT.format(
        prefix=prefix,
        day=today.isoformat(),
        halfway=(today + FIRST_STAGE).isoformat(),
        end=(today + WORK).isoformat(),
        year=today.year,
        number=datetime.now(UTC).strftime("%m%d-%H%M%S"),
        currency=currency,
        buyer=_item(buyer),
        supplier=_item(supplier),
        treasury=_item(treasury),
        arbiter=_arbiter(names, buyer, supplier),
        committee="".join(f"\n  - {_item(entry)}" for entry in committee),
        quorum=len(committee) // 2 + 1,
        inspectors="".join(f"\n  - {_item(entry)}" for entry in inspectors[-1:]) or " []",
        taxes=_taxes(names.having("collector")),
    )


def _arbiter(names: Directory, buyer: Entry, supplier: Entry) -> str:
    sides = {buyer.id, supplier.id}
    found = [e for e in names.having("arbiter") if not sides & {e.id, e.organization}]
    return f"arbiter: {_item(found[-1])}" if found else "# arbiter: SCHEME-IDENTIFIER"


def _taxes(collectors: Sequence[Entry]) -> str:
    collector = f"to: {_item(collectors[-1])}" if collectors else "to: SCHEME-IDENTIFIER"
    entry = f"    - {collector}\n      rate: 11/111\n      base: gross\n"
    if collectors:
        return f"  taxes:\n{entry}"
    return "  taxes: []\n" + "".join(f"  # {line[2:]}\n" for line in entry.splitlines())


def _last(entries: Sequence[Entry], role: str) -> Entry:
    if not entries:
        raise DraftError(
            f"No {role} is registered yet. `termin participant register --role {role} …` does it."
        )
    return entries[-1]


def _item(entry: Entry) -> str:
    escaped = entry.public_id.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped)
    return f'"{plain}"' + (f"  # {entry.name}" if entry.name else "")


_DRAFT = """\
# Terms of one agreement: change what is not yours, then `termin agreement deploy` this file.
# Participants stand by SCHEME-IDENTIFIER; `termin participant list` shows who is registered.

ocid: {prefix}-{year}-{number}   # id of the contracting process; without it: {prefix}-CONTRACT
contract: "{year}-{number}"   # id of the contract within that process
title: Rehabilitasi Saluran Irigasi Sukamaju
description: Perkuatan dinding saluran sepanjang 1,2 km

# How the supplier was chosen, for the open data; all of it may be left out.
tender:
  id: "{number}"
  title: Rehabilitasi Saluran Irigasi Sukamaju
  method: open           # open, selective, limited or direct
  details: Tender, pascakualifikasi satu file
  category: works        # goods, works or services

currency: {currency}   # ISO 4217
value: 480000000.00   # the milestones add up to this at most

signed: {day}   # days are days of the settings' time zone
starts: {day}
ends: {end}

buyer: {buyer}
supplier: {supplier}
treasury: {treasury}

# Who rules on disputes. Without anybody, the default of the conditions applies.
{arbiter}

# Those who accept. The agreement pays as soon as a quorum of them has accepted a milestone.
committee:{committee}
quorum: {quorum}

# Those who attest what was seen on site. Without any, acceptance needs no attestation.
inspectors:{inspectors}

# The appropriation that the value is committed against: `termin budget appropriate`.
budget:
  year: {year}
  code: "5.2.3.01"

# Fixed when the agreement is signed. Rates are percent or fractions; one that is left out is none.
# What is said to be typical is typical of public works in Indonesia.
conditions:
  # Uang muka, of the value, against a guarantee; typically 30 % for small works, 20 % for others.
  advance: 20 %
  recovery: 20 %         # of each accepted amount, until it is recovered; not below the advance
  # Retensi, of each accepted amount: half comes back at completion, half after the defects period.
  retention: 5 %         # typically 5 %
  # Jaminan pelaksanaan, of the value: payments wait while it is not in force.
  security: 5 %          # typically 5 %
  delay_damages:         # denda keterlambatan
    rate: 1/1000         # of what is late, for each day or part of a day; typically 1/1000
    cap: 5 %             # of the value, in all; typically 5 %
  interest: 0.02 %       # of a late payment, for each full day, owed by the buyer
  # Of the original value, what amendments may add without a legal ground.
  amendment_cap: 10 %    # typically 10 %
  # Of what is in dispute, what the supplier gets when nobody rules in time.
  default_share: 50 %
  periods:               # in calendar days
    review: 10           # in working days: then silence accepts; 0 if silence never does
    payment: 14          # after the review, in which payment is not late
    dispute: 14          # after a decision, in which the supplier may dispute it
    ruling: 60           # in which the arbiter rules
    hold: 30             # that an auditor's hold lasts at most; it can be extended once
    suspension: 180      # that suspensions for force majeure last at most, together
    cure: 14             # between a notice of default and termination for it
    defects: 180         # masa pemeliharaan, after completion
    lapse: 180           # after the end of the work, when anyone may end the agreement
  # Withheld from each payment and handed on at once, in this order. `base` is gross (of what is
  # accepted) or received (of what the supplier receives). 11/111 is 11 % within the price.
{taxes}  # Paid straight to subcontractors, out of the supplier's payment for a milestone.
  direct_payments: []
  #   - milestone: 1
  #     to: SCHEME-IDENTIFIER
  #     amount: 10000000.00

milestones:
  - title: Termin I (30 %)
    amount: 144000000.00
    due: {halfway}   # may be left out; then it is never late
  - title: Termin II (70 %)
    amount: 336000000.00
    due: {end}
    # payee: SCHEME-IDENTIFIER   # if somebody else than the supplier is to be paid
"""
