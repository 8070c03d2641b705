// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementConflicts} from "../../../contracts/interfaces/IAgreementConflicts.sol";
import {AgreementStatus, Milestone, MilestoneStatus} from "../../../contracts/types/Agreements.sol";
import {Progress} from "./Progress.sol";

/// @title Disputes, holds and suspensions
abstract contract ConflictActs is Progress {
    /// @dev What stops everything is tried less often, so that something happens in between.
    uint256 private constant RELUCTANCE = 3;

    function dispute(uint256 seed) external played(seed) {
        uint256 decided = _bit(MilestoneStatus.Rejected) | _bit(MilestoneStatus.PartlyAccepted);
        uint256 undecided = _bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected);
        bool decidedFirst = _oneIn(2);
        (IAgreement agreement, uint256 milestone,) = _milestone(decidedFirst ? decided : undecided);
        if (_instead()) return;
        bytes memory data = abi.encodeCall(IAgreementConflicts.dispute, (milestone, _reason(), bytes32(0)));
        if (decidedFirst || _oneIn(2)) _act(agreement, _as(SUPPLIER), data);
        else _vote(agreement, data);
    }

    function offerSettlement(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _disputed();
        if (_instead()) return;
        uint256 open = details.amount - details.accepted;
        // Few amounts, so that offers meet.
        uint128 amount = _oneIn(4) ? _amount(open) : uint128(open / 2);
        bytes memory data = abi.encodeCall(IAgreementConflicts.offerSettlement, (milestone, amount));
        if (_oneIn(2)) _act(agreement, _as(SUPPLIER), data);
        if (_oneIn(2)) _vote(agreement, data);
    }

    function rule(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _disputed();
        if (_instead()) return;
        uint128 amount = _amount(details.amount - details.accepted);
        bytes memory data =
            abi.encodeCall(IAgreementConflicts.rule, (milestone, amount, _reason(), bytes32(0)));
        _act(agreement, _as(ARBITER), data);
    }

    function ruleByDefault(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone,) = _disputed();
        if (_instead()) return;
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementConflicts.ruleByDefault, (milestone)));
    }

    function _disputed() private returns (IAgreement, uint256, Milestone memory) {
        return _milestone(_bit(MilestoneStatus.Disputed));
    }

    function hold(uint256 seed) external played(seed) {
        if (_putOff(RELUCTANCE)) return;
        IAgreement agreement = _goingOn();
        if (_instead()) return;
        uint64 until = _now() + uint64(1 + _roll(agreement.conditions().holdDays * 1 days + 2));
        bytes memory data = abi.encodeCall(IAgreementConflicts.hold, (until, _reason(), bytes32(0)));
        _act(agreement, _as(AUDITOR), data);
    }

    function extendHold(uint256 seed) external played(seed) {
        IAgreement agreement = _held();
        if (_instead()) return;
        uint64 until = uint64(_books[address(agreement)].heldUntil);
        until += uint64(_roll(agreement.conditions().holdDays * 1 days + 2));
        bytes memory data = abi.encodeCall(IAgreementConflicts.extendHold, (until, _reason(), bytes32(0)));
        _act(agreement, _as(_oneIn(8) ? MINISTRYS_AUDITOR : AUDITOR), data);
    }

    function liftHold(uint256 seed) external played(seed) {
        IAgreement agreement = _held();
        if (_instead()) return;
        _act(agreement, _as(AUDITOR), abi.encodeCall(IAgreementConflicts.liftHold, ()));
    }

    function suspend(uint256 seed) external played(seed) {
        if (_putOff(RELUCTANCE)) return;
        IAgreement agreement = _goingOn();
        if (_instead()) return;
        uint64 until = _now() + uint64(1 + _roll(agreement.conditions().suspensionDays * 1 days + 2));
        _vote(agreement, abi.encodeCall(IAgreementConflicts.suspend, (until, _reason(), bytes32(0))));
    }

    function resume(uint256 seed) external played(seed) {
        IAgreement agreement = _paused();
        if (_instead()) return;
        _vote(agreement, abi.encodeCall(IAgreementConflicts.resume, ()));
    }

    function _paused() private returns (IAgreement agreement) {
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            agreement = _agreements[(first + i) % _agreements.length];
            _found = agreement.pausedBetween(_now(), _now() + 1) != 0;
            if (_found) return agreement;
        }
    }

    function _goingOn() private returns (IAgreement) {
        return _agreement(_bit(AgreementStatus.Completed) | _working());
    }

    function _held() private returns (IAgreement agreement) {
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            agreement = _agreements[(first + i) % _agreements.length];
            _found = _books[address(agreement)].heldUntil > _now();
            if (_found) return agreement;
        }
    }
}
