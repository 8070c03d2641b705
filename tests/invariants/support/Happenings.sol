// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementChanges} from "../../../contracts/interfaces/IAgreementChanges.sol";
import {IAgreementCommons} from "../../../contracts/interfaces/IAgreementCommons.sol";
import {IAgreementConflicts} from "../../../contracts/interfaces/IAgreementConflicts.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {IAgreementWork} from "../../../contracts/interfaces/IAgreementWork.sol";

/// @title All that an agreement can say has happened
library Happenings {
    /// @notice One event.
    struct Happening {
        string name;
        bytes32 topic;
    }

    /// @notice All events of an agreement.
    function all() internal pure returns (Happening[] memory list) {
        list = new Happening[](37);
        uint256 next = _commons(list, 0);
        next = _work(list, next);
        next = _changes(list, next);
        next = _conflicts(list, next);
        _ending(list, next);
    }

    function _commons(Happening[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Happening("PaymentMade", IAgreementCommons.PaymentMade.selector);
        list[next++] = Happening("DeductionPaid", IAgreementCommons.DeductionPaid.selector);
        list[next++] = Happening("PaymentOwed", IAgreementCommons.PaymentOwed.selector);
        list[next++] = Happening("InterestAccrued", IAgreementCommons.InterestAccrued.selector);
        list[next++] = Happening("MilestoneCancelled", IAgreementCommons.MilestoneCancelled.selector);
        list[next++] = Happening("DecisionApproved", IAgreementCommons.DecisionApproved.selector);
        return next;
    }

    function _work(Happening[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Happening("MilestonesScheduled", IAgreementWork.MilestonesScheduled.selector);
        list[next++] = Happening("AgreementSigned", IAgreementWork.AgreementSigned.selector);
        list[next++] = Happening("AgreementFunded", IAgreementWork.AgreementFunded.selector);
        list[next++] = Happening("AgreementActivated", IAgreementWork.AgreementActivated.selector);
        list[next++] = Happening("MilestoneSubmitted", IAgreementWork.MilestoneSubmitted.selector);
        list[next++] = Happening("MilestoneAttested", IAgreementWork.MilestoneAttested.selector);
        list[next++] = Happening("MilestoneApproved", IAgreementWork.MilestoneApproved.selector);
        list[next++] = Happening("MilestonePartlyAccepted", IAgreementWork.MilestonePartlyAccepted.selector);
        list[next++] = Happening("MilestoneDisapproved", IAgreementWork.MilestoneDisapproved.selector);
        list[next++] = Happening("MilestoneRejected", IAgreementWork.MilestoneRejected.selector);
        list[next++] = Happening("ClaimPaid", IAgreementWork.ClaimPaid.selector);
        list[next++] = Happening("InterestPaid", IAgreementWork.InterestPaid.selector);
        return next;
    }

    function _changes(Happening[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Happening("GuaranteeRecorded", IAgreementChanges.GuaranteeRecorded.selector);
        list[next++] = Happening("AmendmentProposed", IAgreementChanges.AmendmentProposed.selector);
        list[next++] = Happening("AmendmentSigned", IAgreementChanges.AmendmentSigned.selector);
        list[next++] = Happening("AmendmentEnacted", IAgreementChanges.AmendmentEnacted.selector);
        list[next++] = Happening("MilestoneChanged", IAgreementChanges.MilestoneChanged.selector);
        return next;
    }

    function _conflicts(Happening[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Happening("DisputeOpened", IAgreementConflicts.DisputeOpened.selector);
        list[next++] = Happening("SettlementOffered", IAgreementConflicts.SettlementOffered.selector);
        list[next++] = Happening("DisputeSettled", IAgreementConflicts.DisputeSettled.selector);
        list[next++] = Happening("DisputeRuled", IAgreementConflicts.DisputeRuled.selector);
        list[next++] = Happening("AgreementHoldPlaced", IAgreementConflicts.AgreementHoldPlaced.selector);
        list[next++] = Happening("AgreementHoldLifted", IAgreementConflicts.AgreementHoldLifted.selector);
        list[next++] = Happening("AgreementSuspended", IAgreementConflicts.AgreementSuspended.selector);
        list[next++] = Happening("AgreementResumed", IAgreementConflicts.AgreementResumed.selector);
        return next;
    }

    function _ending(Happening[] memory list, uint256 next) private pure {
        list[next++] = Happening("AgreementCompleted", IAgreementEnding.AgreementCompleted.selector);
        list[next++] = Happening("DefaultNoticed", IAgreementEnding.DefaultNoticed.selector);
        list[next++] = Happening("DefaultCured", IAgreementEnding.DefaultCured.selector);
        list[next++] = Happening("GuaranteeCalled", IAgreementEnding.GuaranteeCalled.selector);
        list[next++] = Happening("AgreementTerminated", IAgreementEnding.AgreementTerminated.selector);
        list[next] = Happening("AgreementClosed", IAgreementEnding.AgreementClosed.selector);
    }
}
