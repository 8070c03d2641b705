// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {IAgreementReading} from "../../../contracts/interfaces/IAgreementReading.sol";
import {IAgreementWork} from "../../../contracts/interfaces/IAgreementWork.sol";
import {Milestone, MilestoneStatus} from "../../../contracts/types/Agreements.sol";
import {Creditor} from "../support/Books.sol";
import {Progress} from "./Progress.sol";

/// @title Acceptance in full and in part, rejection, silence, claims and interest
abstract contract DecisionActs is Progress {
    bytes32 private constant ACCEPTANCE =
        keccak256("Acceptance(uint256 milestone,uint256 attempt,uint64 validUntil)");
    bytes32 private constant PARTIAL_ACCEPTANCE = keccak256(
        "PartialAcceptance(uint256 milestone,uint256 attempt,uint128 amount,bytes32 reason,bytes32 document,uint64 validUntil)"
    );
    bytes32 private constant REJECTION = keccak256(
        "Rejection(uint256 milestone,uint256 attempt,bytes32 reason,bytes32 document,uint64 validUntil)"
    );

    function accept(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _decidable();
        if (_instead()) return;
        _vote(agreement, abi.encodeCall(IAgreementWork.accept, (milestone, _attempt(details))));
    }

    function acceptSigned(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _decidable();
        if (_instead()) return;
        uint256 attempt = _attempt(details);
        bytes memory data = abi.encodeCall(
            IAgreementWork.acceptSigned,
            (milestone, attempt, _signatures(agreement, abi.encode(ACCEPTANCE, milestone, attempt)))
        );
        _act(agreement, _as(SUPPLIER), data);
    }

    function acceptPart(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _decidable();
        if (_instead()) return;
        uint128 amount = _part(details);
        _vote(
            agreement,
            abi.encodeCall(
                IAgreementWork.acceptPart, (milestone, _attempt(details), amount, _reason(), bytes32(0))
            )
        );
    }

    function acceptPartSigned(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _decidable();
        if (_instead()) return;
        uint256 attempt = _attempt(details);
        uint128 amount = _part(details);
        bytes memory content = abi.encode(PARTIAL_ACCEPTANCE, milestone, attempt, amount, REASON, bytes32(0));
        bytes memory data = abi.encodeCall(
            IAgreementWork.acceptPartSigned,
            (milestone, attempt, amount, REASON, 0, _signatures(agreement, content))
        );
        _act(agreement, _as(SUPPLIER), data);
    }

    /// @dev Less than what is left.
    function _part(Milestone memory details) private returns (uint128) {
        uint256 open = details.amount - details.accepted;
        return _amount(open < 2 ? open : open - 1);
    }

    function reject(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _submitted();
        if (_instead()) return;
        _vote(
            agreement,
            abi.encodeCall(IAgreementWork.reject, (milestone, _attempt(details), _reason(), bytes32(0)))
        );
    }

    function rejectSigned(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _submitted();
        if (_instead()) return;
        uint256 attempt = _attempt(details);
        bytes memory content = abi.encode(REJECTION, milestone, attempt, REASON, bytes32(0));
        bytes memory data = abi.encodeCall(
            IAgreementWork.rejectSigned, (milestone, attempt, REASON, 0, _signatures(agreement, content))
        );
        _act(agreement, _as(SUPPLIER), data);
    }

    function acceptBySilence(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _decidable();
        if (_instead()) return;
        bytes memory data = abi.encodeCall(IAgreementWork.acceptBySilence, (milestone, _attempt(details)));
        _act(agreement, _as(SUPPLIER), data);
    }

    /// @dev What has been attested, or what is submitted where nobody attests.
    function _decidable() private returns (IAgreement, uint256, Milestone memory) {
        if (_oneIn(16)) return _submitted();
        if (!_oneIn(3)) return _milestone(_bit(MilestoneStatus.Inspected));
        return _milestone(_working(), _bit(MilestoneStatus.Submitted), Inspection.NotNeeded);
    }

    function _submitted() private returns (IAgreement, uint256, Milestone memory) {
        return _milestone(_bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected));
    }

    function claim(uint256 seed) external played(seed) {
        IAgreement agreement = _agreements[_roll(_agreements.length)];
        for (uint256 i; i < _agreements.length && _books[address(agreement)].owed == 0; ++i) {
            agreement = _agreements[i];
        }
        _found = _books[address(agreement)].owed != 0;
        if (_instead()) return;
        Creditor[] storage list = _creditors[address(agreement)];
        Creditor memory creditor = Creditor(_roll(6), _id(_roll(_people.length)));
        if (list.length != 0 && !_oneIn(16)) creditor = list[_roll(list.length)];
        bytes memory data = abi.encodeCall(IAgreementWork.claim, (creditor.milestone, creditor.payee));
        _act(agreement, _as(SUPPLIER), data);
    }

    function payInterest(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(type(uint256).max);
        for (uint256 i; i < _agreements.length && _books[address(agreement)].interest == 0; ++i) {
            agreement = _agreements[i];
        }
        _found = _books[address(agreement)].interest != 0;
        if (_instead()) return;
        uint128 amount = _amount(_books[address(agreement)].interest);
        _act(agreement, _as(TREASURY), abi.encodeCall(IAgreementWork.payInterest, (amount)));
    }

    /// @dev Several acts of one caller in one transaction, as a member of the committee does at the end of a work.
    function multicall(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _decidable();
        if (_instead()) return;
        bytes[] memory acts = new bytes[](2);
        acts[0] = abi.encodeCall(IAgreementWork.accept, (milestone, _attempt(details)));
        acts[1] = _oneIn(2)
            ? abi.encodeCall(IAgreementEnding.complete, ())
            : abi.encodeCall(IAgreementEnding.terminate, (REASON, bytes32(0)));
        if (_oneIn(2)) acts[1] = abi.encodeCall(IAgreementReading.status, ());
        _act(agreement, _as(_member()), abi.encodeWithSignature("multicall(bytes[])", acts));
    }
}
