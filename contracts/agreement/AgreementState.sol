// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAgreementCommons} from "../interfaces/IAgreementCommons.sol";
import {IBudget} from "../interfaces/IBudget.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IWorkCalendar} from "../interfaces/IWorkCalendar.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {Schedules} from "../libraries/Schedules.sol";
import {
    AgreementStatus,
    Ground,
    Guarantee,
    GuaranteeKind,
    MilestoneStatus,
    Progress
} from "../types/Agreements.sol";

/// @title What an agreement remembers
/// @notice An agreement is a minimal clone; its rules are spread over five contracts, each of which hands on to the next what
/// it does not know: {Agreement} → {AgreementChanges} → {AgreementConflicts} → {AgreementEnding} → {AgreementReading}. All of
/// them run in the clone, on this storage. Amounts are minor units and fit 96 bits, moments are Unix seconds and fit 40.
abstract contract AgreementState is IAgreementCommons, EIP712 {
    using BitMaps for BitMaps.BitMap;
    using Deeds for bytes;
    using Schedules for Schedules.Part[];

    /// @notice The contracts that every agreement relies on, and the one that it hands on to.
    struct Surroundings {
        IParticipantRegistry registry;
        IBudget budget;
        IWorkCalendar calendar;
        address next;
    }

    /// @dev What nearly every act reads or writes, in one slot. Done: a bit for each of the first milestones that is accepted
    /// in full, or given up after a part was accepted, or cancelled; those beyond are in {_doneBeyondLedger}.
    struct Ledger {
        AgreementStatus status;
        uint8 flags;
        uint96 accepted;
        uint144 done;
    }

    /// @dev What amendments did. Their money comes on top of the value at signature.
    struct Amended {
        uint96 funded;
        uint16 proposed;
        uint16 enacted;
    }

    /// @dev The agreed figures, once they differ from the deed.
    struct Plan {
        uint96 value;
        uint96 scheduled;
        uint40 endsAt;
        uint24 count;
    }

    struct Withheld {
        uint96 retained;
        uint96 advanceOutstanding;
    }

    struct Damages {
        uint96 withheld;
        uint96 carried;
    }

    struct Debts {
        uint96 owed;
        uint96 interest;
    }

    struct Ending {
        uint40 completedAt;
        uint40 noticedAt;
        Ground ground;
        uint96 refunded;
    }

    struct Stops {
        uint40 heldUntil;
        bool extended;
        uint40 suspendedUntil;
        uint40 suspendedFor;
    }

    /// @dev A milestone as amended.
    struct Revision {
        uint96 amount;
        uint40 dueAt;
        uint40 agreedAt;
    }

    /// @dev Damages for the delay of one accepted part, kept as long as an extension may make them undue.
    struct Assessment {
        uint96 gross;
        uint96 amount;
        uint40 submittedAt;
    }

    struct Pause {
        uint40 from;
        uint40 until;
    }

    struct Disagreement {
        uint40 openedAt;
        bool supplierOffered;
        bool buyerOffered;
        uint96 supplierOffer;
        uint96 buyerOffer;
    }

    /// @dev Offers are bound to the amendments that had taken effect when they were made.
    struct Proposal {
        bytes32 content;
        uint16 base;
        uint16 votes;
        bool supplier;
        bool authority;
    }

    uint256 internal constant NO_MILESTONE = type(uint256).max;
    /// @dev Each act looks for its milestone among those under way, at 2,100 gas each.
    uint256 internal constant LARGEST_UNDER_WAY = 256;

    uint8 internal constant SUPPLIER_SIGNED = 1 << 0;
    uint8 internal constant ADVANCE_PAID = 1 << 1;
    /// @dev {Plan} stands in place of the deed.
    uint8 internal constant PLAN_CHANGED = 1 << 2;
    /// @dev Some milestones have a {Revision}.
    uint8 internal constant MILESTONES_CHANGED = 1 << 3;
    /// @dev Some milestones pay another than the supplier.
    uint8 internal constant REDIRECTED = 1 << 4;
    /// @dev The clocks were stopped at least once.
    uint8 internal constant PAUSED = 1 << 5;
    /// @dev The treasury has brought in the value at signature.
    uint8 internal constant FUNDED = 1 << 6;
    uint256 private constant DONE_IN_LEDGER = 144;

    IParticipantRegistry internal immutable _registry;
    IBudget internal immutable _budget;
    IWorkCalendar internal immutable _calendar;
    address private immutable _next;

    Ledger internal _ledger;
    Plan internal _plan;
    Amended internal _amended;
    Withheld internal _withheld;
    Damages internal _damages;
    Debts internal _debts;
    Ending internal _ending;
    Stops internal _stops;
    mapping(GuaranteeKind kind => Guarantee) internal _guarantees;
    /// @dev A place whose milestone is done is used again, so that neither gas nor state grows with what is done; one that
    /// was never used has attempt 0, and so have all behind it.
    Progress[LARGEST_UNDER_WAY] internal _underWay;
    BitMaps.BitMap private _doneBeyondLedger;
    BitMaps.BitMap internal _cancelled;
    Schedules.Part[] internal _added;
    Pause[] internal _pauses;
    mapping(uint256 milestone => Revision) internal _revisions;
    mapping(uint256 milestone => bytes32 payee) internal _payees;
    mapping(uint256 milestone => Assessment[]) internal _assessments;
    mapping(uint256 milestone => mapping(bytes32 payee => uint256 amount)) internal _claims;
    mapping(uint256 milestone => Disagreement) internal _disagreements;
    /// @dev By place in the deed's table.
    mapping(uint256 place => uint256 amount) internal _directPaid;
    mapping(uint256 amendment => Proposal) internal _proposals;
    mapping(bytes32 decision => uint256 votes) internal _decisions;

    /// @notice Sets up one of the five; no agreement itself.
    constructor(Surroundings memory around) EIP712("Termin Agreement", "1") {
        _registry = around.registry;
        _budget = around.budget;
        _calendar = around.calendar;
        _next = around.next;
        _ledger.status = AgreementStatus.Closed;
    }

    /// @notice Hands on what this part does not know to the next.
    /// @dev Runs there in the storage of the agreement.
    fallback(bytes calldata act) external virtual returns (bytes memory answer) {
        return Address.functionDelegateCall(_next, act);
    }

    /// @dev The one guard of the agreement's own state; each allowed status is a bit.
    function _requireStatus(uint256 expected) internal view returns (Ledger memory ledger) {
        ledger = _ledger;
        require(_bit(ledger.status) & expected != 0, AgreementUnexpectedStatus(ledger.status, expected));
    }

    /// @dev While work goes on or is settled, and payments are not held.
    function _requirePayable() internal view {
        _requireStatus(_bit(AgreementStatus.Active) | _bit(AgreementStatus.Terminated));
        _requireNotHeld();
    }

    function _requireNotHeld() internal view {
        // Not by `require`, which reads what its error tells even where it passes.
        if (_isHeld()) revert AgreementHeld(_stops.heldUntil);
    }

    function _isHeld() internal view returns (bool) {
        return _ledger.flags & PAUSED != 0 && block.timestamp < _stops.heldUntil;
    }

    // --- The plan ---

    function _planned(bytes memory deed) internal view returns (Plan memory plan) {
        if (_ledger.flags & PLAN_CHANGED != 0) return _plan;
        plan.value = uint96(deed.value());
        plan.scheduled = uint96(deed.scheduled());
        plan.endsAt = uint40(deed.endsAt());
        plan.count = uint24(deed.milestonesSize());
    }

    function _setPlan(Plan memory plan) internal {
        _plan = plan;
        _ledger.flags |= PLAN_CHANGED;
    }

    function _count(bytes memory deed) internal view returns (uint256) {
        return _ledger.flags & PLAN_CHANGED != 0 ? _plan.count : deed.milestonesSize();
    }

    /// @dev Amount, due date and moment of agreement of a milestone, as amended.
    function _agreed(bytes memory deed, uint256 milestone)
        internal
        view
        returns (uint256 amount, uint256 dueAt, uint256 agreedAt)
    {
        if (_ledger.flags & MILESTONES_CHANGED != 0) {
            Revision memory revision = _revisions[milestone];
            if (revision.agreedAt != 0) return (revision.amount, revision.dueAt, revision.agreedAt);
        }
        if (milestone >= deed.milestonesSize()) return _added.read(milestone);
        (amount, dueAt) = deed.milestoneAt(milestone);
        agreedAt = deed.signedAt();
    }

    /// @dev What of a milestone is not accepted yet.
    function _open(bytes memory deed, uint256 milestone, Progress memory current)
        internal
        view
        returns (uint128)
    {
        (uint256 amount,,) = _agreed(deed, milestone);
        // Cannot underflow: an amendment cannot lower an amount below what of it is accepted.
        return uint128(amount - current.accepted);
    }

    function _payee(bytes memory deed, uint256 milestone) internal view returns (bytes32 payee) {
        if (milestone != NO_MILESTONE && _ledger.flags & REDIRECTED != 0) payee = _payees[milestone];
        if (payee == 0) payee = deed.supplier();
    }

    /// @dev All that the treasury has brought in.
    function _funded(bytes memory deed) internal view returns (uint256 total) {
        if (_ledger.flags & FUNDED != 0) total = deed.value() + _amended.funded;
    }

    // --- Milestones ---

    function _isDone(uint256 milestone) internal view returns (bool) {
        if (milestone < DONE_IN_LEDGER) return (_ledger.done >> milestone) & 1 == 1;
        return _doneBeyondLedger.get(milestone);
    }

    function _setDone(uint256 milestone) internal {
        if (milestone < DONE_IN_LEDGER) _ledger.done |= uint144(1 << milestone);
        else _doneBeyondLedger.set(milestone);
    }

    /// @dev 1 for the first place, 0 for a milestone that is not under way.
    function _placeOf(uint256 milestone) internal view returns (uint256) {
        for (uint256 i; i < LARGEST_UNDER_WAY; ++i) {
            Progress storage current = _underWay[i];
            if (current.attempt == 0) return 0;
            if (current.milestone == milestone) return i + 1;
        }
        return 0;
    }

    /// @dev Scheduled is never stored: it is what a milestone is in which nothing happened.
    function _statusOf(uint256 milestone, uint256 place) internal view returns (MilestoneStatus) {
        if (_isDone(milestone)) {
            if (_cancelled.get(milestone)) return MilestoneStatus.Cancelled;
            return MilestoneStatus.Paid;
        }
        return place == 0 ? MilestoneStatus.Scheduled : _underWay[place - 1].status;
    }

    /// @dev The place of a milestone that has one of the expected statuses, each a bit; see {_placeOf}.
    function _expect(bytes memory deed, uint256 milestone, uint256 expected)
        internal
        view
        returns (uint256 place)
    {
        uint256 count = _count(deed);
        require(milestone < count, MilestoneUnknown(milestone, count));
        place = _placeOf(milestone);
        MilestoneStatus found = _statusOf(milestone, place);
        require(_bit(found) & expected != 0, MilestoneUnexpectedStatus(milestone, found, expected));
    }

    // --- Clocks ---

    /// @dev For how long the clocks stood still between two moments.
    function _pausedBetween(uint256 from, uint256 until) internal view returns (uint256 duration) {
        if (_ledger.flags & PAUSED == 0) return 0;
        for (uint256 i; i < _pauses.length; ++i) {
            Pause memory pause = _pauses[i];
            uint256 start = pause.from > from ? pause.from : from;
            uint256 end = pause.until < until ? pause.until : until;
            if (end > start) duration += end - start;
        }
    }

    /// @dev The end of a period, as far as the clocks have run by now.
    function _deadline(uint256 start, uint256 numberOfDays) internal view returns (uint256) {
        return start + numberOfDays * 1 days + _pausedBetween(start, block.timestamp);
    }

    function _reviewEnd(Progress memory current) internal view returns (uint256) {
        return _deadline(current.submittedAt, current.reviewSpan);
    }

    function _bit(AgreementStatus which) internal pure returns (uint256) {
        return uint256(1) << uint256(which);
    }

    function _bit(MilestoneStatus which) internal pure returns (uint256) {
        return uint256(1) << uint256(which);
    }
}
