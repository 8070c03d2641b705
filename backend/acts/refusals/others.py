"""The sentence for each error of registry, money, budget and calendar; see `agreement`."""

from __future__ import annotations

OTHER_SENTENCES = {
    # Budget
    "LineUnknown": "The budget line 0x{line_h} does not exist. Appropriate it first.",
    "LineMismatch": (
        "The budget line 0x{line_h} belongs to {buyer_p} and another buyer or currency was asked "
        "for."
    ),
    "LineCodeEmpty": "A budget line needs a code.",
    "LineExceeded": (
        "The budget line has {available_m} left; {requested_m} is asked for. The budget officer "
        "must appropriate more."
    ),
    "LineBelowCommitment": (
        "{committed_m} of the budget line is committed; it cannot be lowered to {requested_m}."
    ),
    "CallerNotEscrow": "Only agreements commit and release budget; {caller} called.",
    # WorkCalendar
    "CalendarYearInvalid": "{year} cannot be set; expected {first} to {last}.",
    "CalendarWeekendInvalid": (
        "The weekend {weekend} is none: expected at most six of the seven days of the week."
    ),
    "CalendarDayInvalid": (
        "Day {day} of {year} is no day of that year, or stands in the wrong order."
    ),
    "CalendarDayPast": "Day {day} of {year} has begun; whether it is worked cannot change.",
    # ParticipantRegistry
    "ParticipantIdentifierEmpty": (
        "A participant needs a scheme and an identifier; found {scheme!r} and {identifier!r}."
    ),
    "ParticipantAlreadyRegistered": "{scheme}-{identifier} is registered already.",
    "ParticipantAccountTaken": (
        "The account {account} acts or acted for {participant_p}; an account acts for one only."
    ),
    "ParticipantUnknown": "{participant_p} is not registered.",
    "ParticipantRolesInvalid": "{roles} is not a set of roles; expected bits of {allowed}.",
    "ParticipantOrganizationInvalid": (
        "{organization_p} is an office itself; an office belongs to a legal person."
    ),
    "ParticipantLacksRole": (
        "{participant_p} needs the role {required_roles} for this, and has: {roles_roles}."
    ),
    "ParticipantNotActive": "{participant_p} is {standing_standing}.",
    "ParticipantHasNoAccount": "{participant_p} has no account to act or to be paid with.",
    "ParticipantStandingInvalid": (
        "{participant_p} is {current_standing} and cannot be made {given_standing}."
    ),
    "FactoryAlreadyAdmitted": "The factory {factory} is admitted already.",
    "SuccessionUnknown": (
        "No succession of {participant_p} to {given_account} waits for confirmation; proposed is "
        "{proposed_account}."
    ),
    "SuccessionNotConfirmable": (
        "{caller} cannot confirm the succession of {participant_p}: the outgoing account, that of "
        "its legal person or a witness can, and never the account that proposed it."
    ),
    # SettlementToken, and OpenZeppelin's own
    "HolderNotRegistered": (
        "{holder} is neither a participant's account nor an agreement, and may not hold money."
    ),
    "AccountNotSucceeded": "No participant gave up the account {account}.",
    "EscrowFetchesItself": (
        "Money goes into an agreement by `termin agreement fund` only; anything else would be "
        "trapped in it."
    ),
    "BankReferenceMissing": "A bank reference is needed.",
    "AccessManagedUnauthorized": (
        "The account {caller} has no permission for this; the administrator grants it."
    ),
    "ERC20InsufficientBalance": (
        "{sender} holds {balance_m}; {needed_m} is needed. The issuer must issue it against a "
        "deposit first."
    ),
    "ERC20InsufficientAllowance": (
        "{spender} may move {allowance_m}; {needed_m} is needed. Approve it first."
    ),
}
