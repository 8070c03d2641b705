// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementChanges} from "../../../contracts/interfaces/IAgreementChanges.sol";
import {IAgreementConflicts} from "../../../contracts/interfaces/IAgreementConflicts.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {IAgreementWork} from "../../../contracts/interfaces/IAgreementWork.sol";

/// @title All acts of an agreement, and their names
library Acts {
    /// @notice One act.
    struct Act {
        string name;
        bytes4 selector;
    }

    /// @notice Everything that changes an agreement, but {IAgreementWork-initialize}, which nobody can call any more.
    function all() internal pure returns (Act[] memory list) {
        list = new Act[](40);
        uint256 next = _work(list, 0);
        next = _changes(list, next);
        next = _conflicts(list, next);
        _ending(list, next);
    }

    function _work(Act[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Act("sign", IAgreementWork.sign.selector);
        list[next++] = Act("fund", IAgreementWork.fund.selector);
        list[next++] = Act("submit", IAgreementWork.submit.selector);
        list[next++] = Act("submitSigned", IAgreementWork.submitSigned.selector);
        list[next++] = Act("attest", IAgreementWork.attest.selector);
        list[next++] = Act("attestSigned", IAgreementWork.attestSigned.selector);
        list[next++] = Act("accept", IAgreementWork.accept.selector);
        list[next++] = Act("acceptSigned", IAgreementWork.acceptSigned.selector);
        list[next++] = Act("acceptPart", IAgreementWork.acceptPart.selector);
        list[next++] = Act("acceptPartSigned", IAgreementWork.acceptPartSigned.selector);
        list[next++] = Act("reject", IAgreementWork.reject.selector);
        list[next++] = Act("rejectSigned", IAgreementWork.rejectSigned.selector);
        list[next++] = Act("acceptBySilence", IAgreementWork.acceptBySilence.selector);
        list[next++] = Act("claim", IAgreementWork.claim.selector);
        list[next++] = Act("payInterest", IAgreementWork.payInterest.selector);
        list[next++] = Act("multicall", bytes4(keccak256("multicall(bytes[])")));
        return next;
    }

    function _changes(Act[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Act("recordGuarantee", IAgreementChanges.recordGuarantee.selector);
        list[next++] = Act("payAdvance", IAgreementChanges.payAdvance.selector);
        list[next++] = Act("proposeAmendment", IAgreementChanges.proposeAmendment.selector);
        list[next++] = Act("signAmendment", IAgreementChanges.signAmendment.selector);
        list[next++] = Act("signAmendmentSigned", IAgreementChanges.signAmendmentSigned.selector);
        list[next++] = Act("enactAmendment", IAgreementChanges.enactAmendment.selector);
        return next;
    }

    function _conflicts(Act[] memory list, uint256 next) private pure returns (uint256) {
        list[next++] = Act("dispute", IAgreementConflicts.dispute.selector);
        list[next++] = Act("offerSettlement", IAgreementConflicts.offerSettlement.selector);
        list[next++] = Act("rule", IAgreementConflicts.rule.selector);
        list[next++] = Act("ruleByDefault", IAgreementConflicts.ruleByDefault.selector);
        list[next++] = Act("hold", IAgreementConflicts.hold.selector);
        list[next++] = Act("extendHold", IAgreementConflicts.extendHold.selector);
        list[next++] = Act("liftHold", IAgreementConflicts.liftHold.selector);
        list[next++] = Act("suspend", IAgreementConflicts.suspend.selector);
        list[next++] = Act("resume", IAgreementConflicts.resume.selector);
        return next;
    }

    function _ending(Act[] memory list, uint256 next) private pure {
        list[next++] = Act("complete", IAgreementEnding.complete.selector);
        list[next++] = Act("releaseRetention", IAgreementEnding.releaseRetention.selector);
        list[next++] = Act("noticeDefault", IAgreementEnding.noticeDefault.selector);
        list[next++] = Act("withdrawNotice", IAgreementEnding.withdrawNotice.selector);
        list[next++] = Act("terminateForDefault", IAgreementEnding.terminateForDefault.selector);
        list[next++] = Act("terminate", IAgreementEnding.terminate.selector);
        list[next++] = Act("terminateByAgreement", IAgreementEnding.terminateByAgreement.selector);
        list[next++] = Act("lapse", IAgreementEnding.lapse.selector);
        list[next] = Act("close", IAgreementEnding.close.selector);
    }
}
