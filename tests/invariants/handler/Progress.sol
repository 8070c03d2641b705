// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementChanges} from "../../../contracts/interfaces/IAgreementChanges.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {IAgreementWork} from "../../../contracts/interfaces/IAgreementWork.sol";
import {
    AgreementStatus,
    GuaranteeKind,
    Milestone,
    MilestoneStatus
} from "../../../contracts/types/Agreements.sol";
import {VM} from "../support/Vm.sol";
import {Stage} from "./Stage.sol";

/// @title The usual course of an agreement
/// @notice When there is nothing that the fuzzer's act could be done to, the work goes on instead, so that calls are not lost
/// and agreements come far.
abstract contract Progress is Stage {
    /// @dev True if there was nothing to act on, so that something else was done; now and then the act is tried all the
    /// same.
    function _instead() internal returns (bool) {
        if (_found || _oneIn(8)) return false;
        IAgreement agreement = _agreement(type(uint256).max);
        AgreementStatus status = agreement.status();
        if (status == AgreementStatus.Signed) _begin(agreement);
        else if (status == AgreementStatus.Active) _work(agreement);
        else if (status == AgreementStatus.Completed) _wait();
        else if (status == AgreementStatus.Terminated) _close(agreement);
        return true;
    }

    /// @dev True if what ends or stops an agreement was put off, so that some come far.
    function _putOff(uint256 sides) internal returns (bool) {
        _found = _oneIn(sides);
        return _instead();
    }

    function _begin(IAgreement agreement) private {
        bytes memory data = abi.encodeCall(IAgreementWork.fund, (agreement.money().value));
        if (_oneIn(2)) _act(agreement, _account(TREASURY), data);
        if (_oneIn(2)) _guarantee(agreement);
        _act(agreement, _account(SUPPLIER), abi.encodeCall(IAgreementWork.sign, ()));
    }

    function _guarantee(IAgreement agreement) private {
        uint128 value = agreement.money().value;
        for (uint256 kind; kind < 2; ++kind) {
            bytes memory data = abi.encodeCall(
                IAgreementChanges.recordGuarantee, (GuaranteeKind(kind), value, _now() + 400 days, REASON)
            );
            _vote(agreement, data);
        }
    }

    /// @dev The next step of the first milestone that is not done.
    function _work(IAgreement agreement) private {
        if (_oneIn(8)) _act(agreement, _account(AUDITOR), abi.encodeCall(IAgreementChanges.payAdvance, ()));
        Milestone[] memory list = agreement.milestones();
        for (uint256 i; i < list.length; ++i) {
            if (_step(agreement, i, list[i])) return;
        }
        _act(agreement, _account(AUDITOR), abi.encodeCall(IAgreementEnding.complete, ()));
    }

    /// @dev False if the milestone is done, or in dispute.
    function _step(IAgreement agreement, uint256 milestone, Milestone memory details) private returns (bool) {
        MilestoneStatus status = details.status;
        if (status == MilestoneStatus.Submitted && _inspected[agreement]) {
            _attest(agreement, milestone, details.attempt);
        } else if (status == MilestoneStatus.Submitted || status == MilestoneStatus.Inspected) {
            _accept(agreement, milestone, details);
        } else if (
            status == MilestoneStatus.Scheduled || status == MilestoneStatus.Rejected
                || status == MilestoneStatus.PartlyAccepted
        ) {
            bytes memory data = abi.encodeCall(IAgreementWork.submit, (milestone, REASON));
            _act(agreement, _account(SUPPLIER), data);
        } else {
            return false;
        }
        return true;
    }

    /// @dev Now and then half of it.
    function _accept(IAgreement agreement, uint256 milestone, Milestone memory details) private {
        uint128 half = (details.amount - details.accepted) / 2;
        if (half != 0 && _oneIn(4)) {
            bytes memory data = abi.encodeCall(
                IAgreementWork.acceptPart, (milestone, details.attempt, half, REASON, bytes32(0))
            );
            return _vote(agreement, data);
        }
        _vote(agreement, abi.encodeCall(IAgreementWork.accept, (milestone, details.attempt)));
    }

    function _attest(IAgreement agreement, uint256 milestone, uint256 attempt) private {
        bytes memory data = abi.encodeCall(IAgreementWork.attest, (milestone, attempt, _now(), REASON));
        _act(agreement, _account(_inspector()), data);
    }

    function _wait() private {
        VM.warp(_now() + _roll(10 days));
    }

    function _close(IAgreement agreement) private {
        if (_oneIn(2)) _wait();
        else _act(agreement, _account(AUDITOR), abi.encodeCall(IAgreementEnding.close, ()));
    }
}
