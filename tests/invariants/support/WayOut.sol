// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {
    AgreementStatus,
    Conditions,
    Milestone,
    MilestoneStatus
} from "../../../contracts/types/Agreements.sol";
import {Standing} from "../../../contracts/types/Participants.sol";
import {Handler} from "../handler/Handler.sol";
import {Assertions} from "./Assertions.sol";
import {Creditor} from "./Books.sol";
import {Invariants} from "./Invariants.sol";
import {VM} from "./Vm.sol";

/// @title The ways out of an agreement, from wherever it stands
/// @notice Each is a fixed sequence of permitted acts and time. What is tried may be refused; what is done must work.
abstract contract WayOut is Invariants {
    bytes32 private constant REASON = "way out";
    uint256 private constant COMMITTEE = 1;
    uint256 private constant COMMITTEE_SIZE = 3;
    uint256 private constant SUPPLIER = 9;
    uint256 private constant ARBITER = 13;
    uint256 private constant AUDITOR = 14;
    /// @dev Somebody whom nobody knows.
    address private constant ANYONE = address(0xa11);

    /// @dev The committee, the supplier and the arbiter have vanished: time and anyone bring it to its end.
    function _leaveAlone(IAgreement agreement) internal {
        if (_is(agreement, AgreementStatus.Signed) || _is(agreement, AgreementStatus.Active)) {
            uint256 last = agreement.endsAt() > _now() ? agreement.endsAt() : _now();
            VM.warp(last + uint256(agreement.conditions().lapseDays) * 1 days + 1);
            VM.prank(ANYONE);
            agreement.lapse();
        }
        _settle(agreement);
        _empty(agreement);
    }

    /// @dev The supplier and the committee agree to end it.
    function _leaveTogether(IAgreement agreement) internal {
        _reinstateAll();
        _tryAs(AUDITOR, agreement, abi.encodeCall(agreement.liftHold, ()));
        // Before the supplier has signed there is nobody to agree with.
        if (_is(agreement, AgreementStatus.Signed)) return _leaveByBuyer(agreement);
        if (_is(agreement, AgreementStatus.Active)) {
            bytes memory data = abi.encodeCall(agreement.terminateByAgreement, (REASON, bytes32(0)));
            _tryAs(SUPPLIER, agreement, data);
            _tryAsCommittee(agreement, data);
            Assertions.holds(_is(agreement, AgreementStatus.Closed), "ended together, but not closed");
        }
        _settle(agreement);
        _empty(agreement);
    }

    /// @dev The buyer ends it, decides on what is submitted, and the arbiter rules; the supplier has vanished.
    function _leaveByBuyer(IAgreement agreement) internal {
        _reinstateAll();
        _tryAsCommittee(agreement, abi.encodeCall(agreement.terminate, (REASON, bytes32(0))));
        _tryAs(AUDITOR, agreement, abi.encodeCall(agreement.liftHold, ()));
        Milestone[] memory list = agreement.milestones();
        for (uint256 i; i < list.length; ++i) {
            bytes memory data = abi.encodeCall(agreement.reject, (i, list[i].attempt, REASON, bytes32(0)));
            _tryAsCommittee(agreement, data);
            data = abi.encodeCall(agreement.rule, (i, list[i].amount - list[i].accepted, REASON, bytes32(0)));
            _tryAs(ARBITER, agreement, data);
        }
        _settle(agreement);
        _empty(agreement);
    }

    /// @dev Lets every period end; then anyone applies what time has made due, and draws the final account.
    function _settle(IAgreement agreement) private {
        if (_is(agreement, AgreementStatus.Closed)) return;
        VM.warp(_now() + _allPeriods(agreement.conditions()));
        Milestone[] memory list = agreement.milestones();
        bool inspected = agreement.parties().inspectors.length != 0;
        bool silence = agreement.conditions().reviewDays != 0;
        for (uint256 i; i < list.length; ++i) {
            MilestoneStatus status = list[i].status;
            bool silent = silence
                && (status == MilestoneStatus.Inspected
                    || (status == MilestoneStatus.Submitted && !inspected));
            if (silent || status == MilestoneStatus.Disputed) VM.prank(ANYONE);
            if (silent) agreement.acceptBySilence(i, list[i].attempt);
            else if (status == MilestoneStatus.Disputed) agreement.ruleByDefault(i);
        }
        VM.prank(ANYONE);
        agreement.close();
        Assertions.holds(_is(agreement, AgreementStatus.Closed), "not closed");
    }

    /// @dev Every claim can be pulled, but of those who are suspended; of them as well, when that is over.
    function _empty(IAgreement agreement) private {
        uint256 waiting = _pullAll(agreement);
        IERC20 token = IERC20(agreement.token());
        Assertions.same(token.balanceOf(address(agreement)), waiting, "held for the suspended");
        _reinstateAll();
        Assertions.same(_pullAll(agreement), 0, "claims of nobody");
        Assertions.same(token.balanceOf(address(agreement)), 0, "trapped");
    }

    /// @dev Returns what waits for those who are suspended.
    function _pullAll(IAgreement agreement) private returns (uint256 waiting) {
        (IParticipantRegistry registry,,,) = _handler.surroundings();
        Creditor[] memory list = _creditors(agreement);
        for (uint256 i; i < list.length; ++i) {
            uint256 owed = agreement.owedTo(list[i].milestone, list[i].payee);
            if (owed == 0) continue;
            if (registry.credentials(list[i].payee).standing == Standing.Suspended) {
                waiting += owed;
                continue;
            }
            VM.prank(ANYONE);
            agreement.claim(list[i].milestone, list[i].payee);
        }
    }

    /// @dev Who may be owed: for each milestone and for none, its payee and everybody who takes a part.
    function _creditors(IAgreement agreement) private view returns (Creditor[] memory list) {
        bytes32[] memory payees = _handler.ids();
        uint256 count = agreement.milestones().length;
        list = new Creditor[](payees.length * (count + 1));
        uint256 next;
        for (uint256 i; i <= count; ++i) {
            for (uint256 j; j < payees.length; ++j) {
                list[next++] = Creditor(i == count ? type(uint256).max : i, payees[j]);
            }
        }
    }

    function _reinstateAll() private {
        (IParticipantRegistry registry,,,) = _handler.surroundings();
        bytes32[] memory list = _handler.ids();
        for (uint256 i; i < list.length; ++i) {
            if (registry.credentials(list[i]).standing == Standing.Active) continue;
            VM.prank(address(_handler));
            registry.setStanding(list[i], Standing.Active, REASON, 0);
        }
    }

    function _tryAsCommittee(IAgreement agreement, bytes memory data) private {
        for (uint256 i; i < COMMITTEE_SIZE; ++i) {
            _tryAs(COMMITTEE + i, agreement, data);
        }
    }

    function _tryAs(uint256 person, IAgreement agreement, bytes memory data) private returns (bool done) {
        VM.prank(_handler.accountOf(person));
        (done,) = address(agreement).call(data);
    }

    /// @dev Longer than all periods one after the other, stops included.
    function _allPeriods(Conditions memory agreed) private pure returns (uint256) {
        // A review is at most 255 days.
        uint256 sum = 256 + uint256(agreed.disputeDays) + agreed.rulingDays + 2 * uint256(agreed.holdDays);
        return (sum + agreed.suspensionDays + 2 * uint256(agreed.cureDays) + agreed.defectsDays) * 1 days;
    }

    function _is(IAgreement agreement, AgreementStatus status) private view returns (bool) {
        return agreement.status() == status;
    }

    function _now() private view returns (uint256) {
        return VM.getBlockTimestamp();
    }
}
