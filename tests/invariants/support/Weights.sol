// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChangeActs} from "../handler/ChangeActs.sol";
import {ConflictActs} from "../handler/ConflictActs.sol";
import {DecisionActs} from "../handler/DecisionActs.sol";
import {EndingActs} from "../handler/EndingActs.sol";
import {WorkActs} from "../handler/WorkActs.sol";
import {WorldActs} from "../handler/WorldActs.sol";

/// @title How often the fuzzer calls what
/// @notice A function that stands in the list several times is called so much more often.
library Weights {
    function all() internal pure returns (bytes4[] memory list) {
        bytes4[] memory single = acts();
        list = new bytes4[](single.length + 35);
        for (uint256 i; i < single.length; ++i) {
            list[i] = single[i];
        }
        uint256 next = single.length;
        next = _repeat(list, next, WorkActs.sign.selector, 1);
        next = _repeat(list, next, WorkActs.fund.selector, 1);
        next = _repeat(list, next, WorkActs.submit.selector, 5);
        next = _repeat(list, next, WorkActs.attest.selector, 4);
        next = _repeat(list, next, DecisionActs.accept.selector, 4);
        next = _repeat(list, next, ChangeActs.recordGuarantee.selector, 1);
        next = _repeat(list, next, ChangeActs.proposeAmendment.selector, 2);
        next = _repeat(list, next, ChangeActs.signAmendment.selector, 4);
        next = _repeat(list, next, ConflictActs.dispute.selector, 1);
        next = _repeat(list, next, ConflictActs.offerSettlement.selector, 1);
        next = _repeat(list, next, ConflictActs.rule.selector, 1);
        next = _repeat(list, next, DecisionActs.acceptPart.selector, 2);
        next = _repeat(list, next, DecisionActs.claim.selector, 2);
        next = _repeat(list, next, WorldActs.pass.selector, 5);
        next = _repeat(list, next, WorldActs.reinstate.selector, 1);
    }

    /// @notice All functions of the handler that act.
    function acts() internal pure returns (bytes4[] memory list) {
        bytes4[52] memory known = [
            WorkActs.initialize.selector,
            WorkActs.sign.selector,
            WorkActs.fund.selector,
            WorkActs.submit.selector,
            WorkActs.submitSigned.selector,
            WorkActs.attest.selector,
            WorkActs.attestSigned.selector,
            DecisionActs.accept.selector,
            DecisionActs.acceptSigned.selector,
            DecisionActs.acceptPart.selector,
            DecisionActs.acceptPartSigned.selector,
            DecisionActs.reject.selector,
            DecisionActs.rejectSigned.selector,
            DecisionActs.acceptBySilence.selector,
            DecisionActs.claim.selector,
            DecisionActs.payInterest.selector,
            DecisionActs.multicall.selector,
            ChangeActs.recordGuarantee.selector,
            ChangeActs.payAdvance.selector,
            ChangeActs.proposeAmendment.selector,
            ChangeActs.signAmendment.selector,
            ChangeActs.signAmendmentSigned.selector,
            ChangeActs.enactAmendment.selector,
            ConflictActs.dispute.selector,
            ConflictActs.offerSettlement.selector,
            ConflictActs.rule.selector,
            ConflictActs.ruleByDefault.selector,
            ConflictActs.hold.selector,
            ConflictActs.extendHold.selector,
            ConflictActs.liftHold.selector,
            ConflictActs.suspend.selector,
            ConflictActs.resume.selector,
            EndingActs.complete.selector,
            EndingActs.releaseRetention.selector,
            EndingActs.noticeDefault.selector,
            EndingActs.withdrawNotice.selector,
            EndingActs.terminateForDefault.selector,
            EndingActs.terminate.selector,
            EndingActs.terminateByAgreement.selector,
            EndingActs.lapse.selector,
            EndingActs.close.selector,
            WorldActs.pass.selector,
            WorldActs.passReview.selector,
            WorldActs.setStanding.selector,
            WorldActs.reinstate.selector,
            WorldActs.confirmSuccession.selector,
            WorldActs.forward.selector,
            WorldActs.issue.selector,
            WorldActs.redeem.selector,
            WorldActs.transfer.selector,
            WorldActs.appropriate.selector,
            WorldActs.setYear.selector
        ];
        list = new bytes4[](known.length + 1);
        for (uint256 i; i < known.length; ++i) {
            list[i] = known[i];
        }
        list[known.length] = WorldActs.create.selector;
    }

    function _repeat(bytes4[] memory list, uint256 next, bytes4 act, uint256 times)
        private
        pure
        returns (uint256)
    {
        for (uint256 i; i < times; ++i) {
            list[next++] = act;
        }
        return next;
    }
}
