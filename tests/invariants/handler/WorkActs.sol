// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementWork} from "../../../contracts/interfaces/IAgreementWork.sol";
import {
    AgreementStatus,
    Milestone,
    MilestoneStatus,
    MilestoneTerms,
    Parties,
    Terms
} from "../../../contracts/types/Agreements.sol";
import {Progress} from "./Progress.sol";

/// @title Signature, funding, submission and inspection
abstract contract WorkActs is Progress {
    bytes32 private constant SUBMISSION =
        keccak256("Submission(uint256 milestone,uint256 attempt,bytes32 evidence,uint64 validUntil)");
    bytes32 private constant INSPECTION = keccak256(
        "Inspection(uint256 milestone,uint256 attempt,uint64 seenAt,bytes32 report,uint64 validUntil)"
    );

    function initialize(uint256 seed) external played(seed) {
        Parties memory parties;
        Terms memory terms;
        bytes memory data =
            abi.encodeCall(IAgreementWork.initialize, (parties, terms, new MilestoneTerms[](0)));
        _act(_agreement(type(uint256).max), _as(SUPPLIER), data);
    }

    function sign(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Signed));
        if (_instead()) return;
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementWork.sign, ()));
    }

    function fund(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Signed));
        if (_instead()) return;
        uint128 value = agreement.money().value;
        if (_oneIn(16)) value = _amount(value);
        _act(agreement, _as(TREASURY), abi.encodeCall(IAgreementWork.fund, (value)));
    }

    function submit(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone,) = _submittable();
        if (_instead()) return;
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementWork.submit, (milestone, _reason())));
    }

    function submitSigned(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) = _submittable();
        if (_instead()) return;
        uint256 attempt = _oneIn(16) ? _roll(4) : details.attempt + 1;
        bytes memory content = abi.encode(SUBMISSION, milestone, attempt, REASON);
        bytes memory data = abi.encodeCall(
            IAgreementWork.submitSigned,
            (milestone, attempt, REASON, _signature(agreement, SUPPLIER, content))
        );
        _act(agreement, _as(AUDITOR), data);
    }

    function _submittable() private returns (IAgreement, uint256, Milestone memory) {
        uint256 statuses = _bit(MilestoneStatus.Scheduled) | _bit(MilestoneStatus.Rejected)
            | _bit(MilestoneStatus.PartlyAccepted);
        return _milestone(_bit(AgreementStatus.Active), statuses, Inspection.Any);
    }

    function attest(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) =
            _milestone(_working(), _bit(MilestoneStatus.Submitted), Inspection.Needed);
        if (_instead()) return;
        bytes memory data =
            abi.encodeCall(IAgreementWork.attest, (milestone, _attempt(details), _seenAt(), _reason()));
        _act(agreement, _as(_inspector()), data);
    }

    function attestSigned(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 milestone, Milestone memory details) =
            _milestone(_working(), _bit(MilestoneStatus.Submitted), Inspection.Needed);
        if (_instead()) return;
        uint256 attempt = _attempt(details);
        uint64 seenAt = _seenAt();
        bytes memory content = abi.encode(INSPECTION, milestone, attempt, seenAt, REASON);
        bytes memory data = abi.encodeCall(
            IAgreementWork.attestSigned,
            (milestone, attempt, seenAt, REASON, _signature(agreement, _inspector(), content))
        );
        _act(agreement, _as(SUPPLIER), data);
    }

    function _seenAt() private returns (uint64) {
        return _oneIn(24) ? _now() + 1 : _now() - uint64(_roll(3 days));
    }
}
