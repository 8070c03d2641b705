// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAgreementConflicts} from "../interfaces/IAgreementConflicts.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {PaymentTerms} from "../libraries/PaymentTerms.sol";
import {AgreementStatus, Basis, MilestoneStatus, Progress} from "../types/Agreements.sol";
import {Credentials, Roles} from "../types/Participants.sol";
import {AgreementPayments} from "./AgreementPayments.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title What goes wrong in an agreement
/// @notice The rules are stated on {IAgreementConflicts}.
contract AgreementConflicts is IAgreementConflicts, AgreementPayments {
    using Deeds for bytes;
    using SafeCast for uint256;

    /// @notice Sets up the third of the five, see {AgreementState}.
    /// @param around see {AgreementState-Surroundings}
    constructor(Surroundings memory around) AgreementState(around) {}

    // --- Disputes ---

    /// @inheritdoc IAgreementConflicts
    function dispute(uint256 milestone, bytes32 reason, bytes32 document) external {
        _requireStatus(_bit(AgreementStatus.Active) | _bit(AgreementStatus.Terminated));
        bytes memory deed = Deeds.read();
        require(reason != 0, ReasonMissing());
        (bytes32 by,) = _registry.actor(msg.sender);
        uint256 undecided = _bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected);
        uint256 place;
        if (by == deed.supplier()) {
            place = _expect(
                deed,
                milestone,
                undecided | _bit(MilestoneStatus.Rejected) | _bit(MilestoneStatus.PartlyAccepted)
            );
            _requireDisputable(deed, _underWay[place - 1]);
        } else {
            place = _expect(deed, milestone, undecided);
            // A submission that came later is not what was voted on.
            bytes32 decision = keccak256(abi.encode(msg.data, _underWay[place - 1].attempt));
            if (!_decide(deed, decision)) return;
        }
        Progress storage current = _underWay[place - 1];
        current.status = MilestoneStatus.Disputed;
        _disagreements[milestone].openedAt = uint40(block.timestamp);
        emit DisputeOpened(milestone, by, _open(deed, milestone, current), reason, document);
    }

    /// @inheritdoc IAgreementConflicts
    function offerSettlement(uint256 milestone, uint128 amount) external {
        (bytes memory deed, Progress memory current, uint128 open) = _requireDisputed(milestone);
        require(amount <= open, AmountOutOfRange(amount, 0, open));
        (bytes32 by,) = _registry.actor(msg.sender);
        Disagreement storage between = _disagreements[milestone];
        if (by == deed.supplier()) {
            between.supplierOffered = true;
            between.supplierOffer = uint96(amount);
        } else {
            if (!_decide(deed)) return;
            between.buyerOffered = true;
            between.buyerOffer = uint96(amount);
        }
        emit SettlementOffered(milestone, by, amount);
        bool agreed =
            between.supplierOffered && between.buyerOffered && between.supplierOffer == between.buyerOffer;
        if (!agreed) return;
        emit DisputeSettled(milestone, amount, open - amount);
        _conclude(deed, milestone, current, Basis.Settlement, amount, open - amount);
    }

    /// @inheritdoc IAgreementConflicts
    function rule(uint256 milestone, uint128 amount, bytes32 reason, bytes32 document) external {
        (bytes memory deed, Progress memory current, uint128 open) = _requireDisputed(milestone);
        (bytes32 by, Credentials memory details) = _registry.actor(msg.sender);
        bytes32 arbiter = deed.arbiter();
        require(arbiter != 0 && by == arbiter, CallerNotArbiter(msg.sender, by, arbiter));
        _requireRole(by, details, Roles.ARBITER);
        uint256 end = _rulingEnd(deed, milestone);
        require(block.timestamp <= end, TooLate(uint64(block.timestamp), uint64(end)));
        require(amount <= open, AmountOutOfRange(amount, 0, open));
        require(reason != 0, ReasonMissing());

        emit DisputeRuled(milestone, by, amount, open - amount, reason, document);
        _conclude(deed, milestone, current, Basis.Ruling, amount, open - amount);
    }

    /// @inheritdoc IAgreementConflicts
    function ruleByDefault(uint256 milestone) external {
        (bytes memory deed, Progress memory current, uint128 open) = _requireDisputed(milestone);
        if (deed.arbiter() != 0) {
            uint256 end = _rulingEnd(deed, milestone);
            require(block.timestamp > end, TooEarly(uint64(block.timestamp), uint64(end)));
        }
        uint256 amount = PaymentTerms.shareDown(open, deed.defaultShare());

        emit DisputeRuled(milestone, 0, uint128(amount), uint128(open - amount), 0, 0);
        _conclude(deed, milestone, current, Basis.DefaultRuling, amount, open - amount);
    }

    function _requireDisputable(bytes memory deed, Progress memory current) private view {
        bool decided =
            current.status == MilestoneStatus.Rejected || current.status == MilestoneStatus.PartlyAccepted;
        if (decided) {
            uint256 end = _deadline(current.decidedAt, deed.disputeDays());
            require(block.timestamp <= end, TooLate(uint64(block.timestamp), uint64(end)));
        } else {
            uint256 end = _reviewEnd(current);
            require(block.timestamp > end, TooEarly(uint64(block.timestamp), uint64(end)));
        }
    }

    function _requireDisputed(uint256 milestone)
        private
        view
        returns (bytes memory deed, Progress memory current, uint128 open)
    {
        _requirePayable();
        deed = Deeds.read();
        current = _underWay[_expect(deed, milestone, _bit(MilestoneStatus.Disputed)) - 1];
        open = _open(deed, milestone, current);
    }

    function _rulingEnd(bytes memory deed, uint256 milestone) private view returns (uint256) {
        return _deadline(_disagreements[milestone].openedAt, deed.rulingDays());
    }

    // --- Holds ---

    /// @inheritdoc IAgreementConflicts
    function hold(uint64 until, bytes32 reason, bytes32 document) external {
        bytes memory deed = _requireGoingOn(reason);
        bytes32 by = _requireAuditor(deed);
        Stops memory stops = _stops;
        uint256 longest = deed.holdDays() * 1 days;
        require(block.timestamp >= stops.heldUntil, AgreementHeld(stops.heldUntil));
        uint256 earliest = stops.heldUntil == 0 ? 0 : stops.heldUntil + longest;
        require(block.timestamp > earliest, TooEarly(uint64(block.timestamp), uint64(earliest)));
        _requireWithin(until, block.timestamp, block.timestamp + longest);

        if (block.timestamp < stops.suspendedUntil) stops = _endSuspension(stops);
        stops.heldUntil = uint40(until);
        stops.extended = false;
        _stops = stops;
        _pause(until);
        emit AgreementHoldPlaced(by, until, reason, document);
    }

    /// @inheritdoc IAgreementConflicts
    function extendHold(uint64 until, bytes32 reason, bytes32 document) external {
        bytes memory deed = _requireGoingOn(reason);
        bytes32 by = _requireAuditor(deed);
        Stops memory stops = _stops;
        require(block.timestamp < stops.heldUntil, NotStopped());
        require(!stops.extended, HoldExtendedBefore());
        _requireWithin(until, stops.heldUntil, stops.heldUntil + deed.holdDays() * 1 days);

        _stops.heldUntil = uint40(until);
        _stops.extended = true;
        _pauses[_pauses.length - 1].until = uint40(until);
        emit AgreementHoldPlaced(by, until, reason, document);
    }

    /// @inheritdoc IAgreementConflicts
    function liftHold() external {
        bytes32 by = _requireAuditor(Deeds.read());
        require(block.timestamp < _stops.heldUntil, NotStopped());

        _stops.heldUntil = uint40(block.timestamp);
        _pauses[_pauses.length - 1].until = uint40(block.timestamp);
        emit AgreementHoldLifted(by);
    }

    /// @dev An auditor's mandate is its office's, so that it is no party; but it does not audit its own house.
    function _requireAuditor(bytes memory deed) private view returns (bytes32 by) {
        Credentials memory details;
        (by, details) = _registry.actor(msg.sender);
        uint32 house = _house(details);
        bool own = house == _house(_registry.credentials(deed.buyer()))
            || house == _house(_registry.credentials(deed.supplier()));
        require(by != 0 && !own, CallerNotAuditor(msg.sender, by));
        _requireRole(by, details, Roles.AUDITOR);
    }

    function _house(Credentials memory details) private pure returns (uint32) {
        return details.organization == 0 ? details.number : details.organization;
    }

    // --- Suspensions ---

    /// @inheritdoc IAgreementConflicts
    function suspend(uint64 until, bytes32 reason, bytes32 document) external {
        bytes memory deed = _requireGoingOn(reason);
        Stops memory stops = _stops;
        require(block.timestamp >= stops.heldUntil, AgreementHeld(stops.heldUntil));
        require(block.timestamp >= stops.suspendedUntil, AlreadySuspended(stops.suspendedUntil));
        uint256 left = Math.saturatingSub(deed.suspensionDays() * 1 days, stops.suspendedFor);
        _requireWithin(until, block.timestamp, block.timestamp + left);
        if (!_decide(deed)) return;

        stops.suspendedUntil = uint40(until);
        stops.suspendedFor += uint40(until - block.timestamp);
        _stops = stops;
        _pause(until);
        emit AgreementSuspended(until, reason, document);
    }

    /// @inheritdoc IAgreementConflicts
    function resume() external {
        bytes memory deed = Deeds.read();
        Stops memory stops = _stops;
        require(block.timestamp < stops.suspendedUntil, NotStopped());
        // A vote on an earlier suspension does not count.
        if (!_decide(deed, keccak256(abi.encode(msg.data, _pauses.length)))) return;

        _stops = _endSuspension(stops);
    }

    function _endSuspension(Stops memory stops) private returns (Stops memory) {
        stops.suspendedFor -= uint40(stops.suspendedUntil - block.timestamp);
        stops.suspendedUntil = uint40(block.timestamp);
        _pauses[_pauses.length - 1].until = uint40(block.timestamp);
        emit AgreementResumed();
        return stops;
    }

    function _pause(uint64 until) private {
        _pauses.push(Pause({from: uint40(block.timestamp), until: uint40(until)}));
        _ledger.flags |= PAUSED;
    }

    function _requireGoingOn(bytes32 reason) private view returns (bytes memory deed) {
        _requireStatus(
            _bit(AgreementStatus.Active) | _bit(AgreementStatus.Completed) | _bit(AgreementStatus.Terminated)
        );
        require(reason != 0, ReasonMissing());
        return Deeds.read();
    }

    /// @dev Later than one moment and not later than another.
    function _requireWithin(uint64 until, uint256 after_, uint256 latest) private pure {
        require(until > after_, TooEarly(until, uint64(after_)));
        require(until <= latest, TooLate(until, uint64(latest)));
    }
}
