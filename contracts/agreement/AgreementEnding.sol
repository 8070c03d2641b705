// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAgreementEnding} from "../interfaces/IAgreementEnding.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {
    AgreementStatus,
    Basis,
    FinalAccount,
    Ground,
    GuaranteeKind,
    MilestoneStatus,
    Progress
} from "../types/Agreements.sol";
import {AgreementPayments} from "./AgreementPayments.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title How an agreement ends
/// @notice The rules are stated on {IAgreementEnding}.
contract AgreementEnding is IAgreementEnding, AgreementPayments {
    using BitMaps for BitMaps.BitMap;
    using Deeds for bytes;
    using SafeERC20 for IERC20;

    bytes32 private constant LAPSED = "lapsed";

    /// @notice Sets up the fourth of the five, see {AgreementState}.
    /// @param around see {AgreementState-Surroundings}
    constructor(Surroundings memory around) AgreementState(around) {}

    // --- Completion ---

    /// @inheritdoc IAgreementEnding
    function complete() external {
        Ledger memory ledger = _requireStatus(_bit(AgreementStatus.Active));
        _requireNotHeld();
        bytes memory deed = Deeds.read();
        Plan memory plan = _planned(deed);
        require(
            ledger.accepted == plan.scheduled && plan.count != 0, WorkNotDone(plan.scheduled, ledger.accepted)
        );
        _requireAllDone(plan.count);

        _ledger.status = AgreementStatus.Completed;
        _ending.completedAt = uint40(block.timestamp);
        emit AgreementCompleted(uint64(_defectsEnd(deed)));
        _release(deed, _withheld.retained / 2);
        if (deed.defectsDays() == 0 && _ending.noticedAt == 0) _close(deed);
    }

    /// @inheritdoc IAgreementEnding
    function releaseRetention() external {
        _requireStatus(_bit(AgreementStatus.Completed));
        _requireNotHeld();
        bytes memory deed = Deeds.read();
        uint96 retained = _withheld.retained;
        require(retained != 0, NothingRetained());
        require(_ending.noticedAt == 0, NoticeInvalid(_ending.noticedAt));
        _requireGuarantee(GuaranteeKind.Retention, retained);
        uint256 end = _defectsEnd(deed);
        uint40 expiresAt = _guarantees[GuaranteeKind.Retention].expiresAt;
        require(expiresAt > end, TooEarly(expiresAt, uint64(end)));

        _release(deed, retained);
    }

    function _release(bytes memory deed, uint256 amount) private {
        if (amount == 0) return;
        _withheld.retained -= uint96(amount);
        _payReceived(deed, Basis.RetentionRelease, amount);
    }

    function _defectsEnd(bytes memory deed) private view returns (uint256) {
        return _deadline(_ending.completedAt, deed.defectsDays());
    }

    /// @dev Milestones of amount zero count as well.
    function _requireAllDone(uint256 count) private view {
        for (uint256 i; i < count; ++i) {
            require(_isDone(i), MilestonePending(i));
        }
    }

    // --- Default ---

    /// @inheritdoc IAgreementEnding
    function noticeDefault(bytes32 reason, bytes32 document) external {
        bytes memory deed = _requireDefaultable(reason);
        Ending memory ending = _ending;
        require(ending.noticedAt == 0, NoticeInvalid(ending.noticedAt));
        if (ending.completedAt != 0) {
            uint256 end = _defectsEnd(deed);
            require(block.timestamp <= end, TooLate(uint64(block.timestamp), uint64(end)));
        }
        if (!_decide(deed)) return;

        _ending.noticedAt = uint40(block.timestamp);
        emit DefaultNoticed(uint64(block.timestamp + deed.cureDays() * 1 days), reason, document);
    }

    /// @inheritdoc IAgreementEnding
    function withdrawNotice(bytes32 reason, bytes32 document) external {
        bytes memory deed = _requireDefaultable(reason);
        uint40 noticedAt = _ending.noticedAt;
        require(noticedAt != 0, NoticeInvalid(0));
        if (!_decide(deed, keccak256(abi.encode(msg.data, noticedAt)))) return;

        _ending.noticedAt = 0;
        emit DefaultCured(reason, document);
    }

    /// @inheritdoc IAgreementEnding
    function terminateForDefault(bytes32 reason, bytes32 document) external {
        bytes memory deed = _requireDefaultable(reason);
        uint40 noticedAt = _ending.noticedAt;
        require(noticedAt != 0, NoticeInvalid(0));
        uint256 end = _deadline(noticedAt, deed.cureDays());
        require(block.timestamp > end, TooEarly(uint64(block.timestamp), uint64(end)));
        if (!_decide(deed, keccak256(abi.encode(msg.data, noticedAt)))) return;

        _terminate(deed, Ground.Default, reason, document);
    }

    function _requireDefaultable(bytes32 reason) private view returns (bytes memory deed) {
        _requireStatus(_bit(AgreementStatus.Active) | _bit(AgreementStatus.Completed));
        require(reason != 0, ReasonMissing());
        return Deeds.read();
    }

    // --- Other terminations ---

    /// @inheritdoc IAgreementEnding
    function terminate(bytes32 reason, bytes32 document) external {
        _requireStatus(_bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active));
        require(reason != 0, ReasonMissing());
        bytes memory deed = Deeds.read();
        if (!_decide(deed)) return;

        _terminate(deed, Ground.Convenience, reason, document);
    }

    /// @inheritdoc IAgreementEnding
    function terminateByAgreement(bytes32 reason, bytes32 document) external {
        _requireStatus(_bit(AgreementStatus.Active));
        _requireNotHeld();
        require(reason != 0, ReasonMissing());
        bytes memory deed = Deeds.read();
        bytes32 decision = keccak256(msg.data);
        bytes32 supplierDecision = keccak256(abi.encode(decision, deed.supplier()));
        (bytes32 by,) = _registry.actor(msg.sender);
        uint256 votes = _decisions[decision];
        bool supplierSigned = _decisions[supplierDecision] != 0;
        if (by == deed.supplier()) {
            require(!supplierSigned, AlreadyVoted(NO_MILESTONE, by));
            supplierSigned = true;
            _decisions[supplierDecision] = 1;
            emit DecisionApproved(decision, by, msg.sig, _votes(votes), deed.quorum());
        } else {
            (bytes32 member, uint256 vote) = _requireMember(deed, msg.sender);
            require(votes & vote == 0, AlreadyVoted(NO_MILESTONE, member));
            votes |= vote;
            _decisions[decision] = votes;
            emit DecisionApproved(decision, member, msg.sig, _votes(votes), deed.quorum());
        }
        if (!supplierSigned || _votes(votes) < deed.quorum()) return;

        _ledger.status = AgreementStatus.Terminated;
        _ending.ground = Ground.ByAgreement;
        emit AgreementTerminated(Ground.ByAgreement, reason, document);
        _close(deed);
    }

    /// @inheritdoc IAgreementEnding
    function lapse() external {
        _requireStatus(_bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active));
        bytes memory deed = Deeds.read();
        uint256 last = Math.max(_planned(deed).endsAt, deed.signedAt()) + deed.lapseDays() * 1 days;
        require(block.timestamp > last, TooEarly(uint64(block.timestamp), uint64(last)));

        _terminate(deed, Ground.Lapse, LAPSED, 0);
    }

    function _terminate(bytes memory deed, Ground ground, bytes32 reason, bytes32 document) private {
        _ledger.status = AgreementStatus.Terminated;
        _ending.ground = ground;
        emit AgreementTerminated(ground, reason, document);
        (bool pending,) = _pending(deed);
        if (!pending && !_isHeld()) _close(deed);
    }

    // --- The final account ---

    /// @inheritdoc IAgreementEnding
    function close() external {
        Ledger memory ledger =
            _requireStatus(_bit(AgreementStatus.Completed) | _bit(AgreementStatus.Terminated));
        _requireNotHeld();
        bytes memory deed = Deeds.read();
        if (ledger.status == AgreementStatus.Completed) {
            uint256 end = _closable(deed);
            require(block.timestamp > end, TooEarly(uint64(block.timestamp), uint64(end)));
        } else {
            (bool pending, uint256 milestone) = _pending(deed);
            require(!pending, MilestonePending(milestone));
        }
        _close(deed);
    }

    /// @dev After the defects period; while a notice of default runs, the committee has as long again to act on it.
    function _closable(bytes memory deed) private view returns (uint256 end) {
        end = _defectsEnd(deed);
        uint40 noticedAt = _ending.noticedAt;
        if (noticedAt != 0) end = Math.max(end, _deadline(noticedAt, 2 * deed.cureDays()));
    }

    /// @dev Whether a milestone is still to be decided on, or can still be disputed; and which.
    function _pending(bytes memory deed) private view returns (bool pending, uint256 milestone) {
        for (uint256 i; i < LARGEST_UNDER_WAY && _underWay[i].attempt != 0; ++i) {
            Progress memory current = _underWay[i];
            if (_isDone(current.milestone)) continue;
            if (_isPending(deed, current)) return (true, current.milestone);
        }
    }

    function _isPending(bytes memory deed, Progress memory current) private view returns (bool) {
        if (current.status == MilestoneStatus.Disputed) return true;
        if (current.status == MilestoneStatus.Rejected || current.status == MilestoneStatus.PartlyAccepted) {
            return block.timestamp <= _deadline(current.decidedAt, deed.disputeDays());
        }
        // Anyone may accept it in the committee's place.
        bool silence = deed.reviewDays() != 0
            && (current.status == MilestoneStatus.Inspected || deed.inspectorsSize() == 0);
        return
            silence
                || block.timestamp <= _deadline(current.submittedAt, current.reviewSpan + deed.disputeDays());
    }

    function _close(bytes memory deed) private {
        // Check
        Ledger memory ledger = _ledger;
        Plan memory plan = _planned(deed);
        Withheld memory withheld = _withheld;
        Damages memory damages = _damages;
        bool forfeited = _ending.ground == Ground.Default;
        FinalAccount memory account =
            _settle(ledger.accepted, _funded(deed), plan, withheld, damages, forfeited);

        // Effect
        _ledger.status = AgreementStatus.Closed;
        _withheld = Withheld({retained: 0, advanceOutstanding: 0});
        _damages = Damages({withheld: 0, carried: 0});
        plan.scheduled = ledger.accepted;
        _setPlan(plan);
        _ending.refunded = uint96(account.refunded);
        _callGuarantees(account, forfeited);
        emit AgreementClosed(account);

        // Interaction
        if (account.released != 0) _budget.release(deed.budgetLine(), account.released);
        if (account.retentionReleased != 0) {
            _payReceived(deed, Basis.RetentionRelease, account.retentionReleased);
        }
        if (account.refunded != 0) {
            address treasury = _registry.credentials(deed.treasury()).account;
            IERC20(deed.token()).safeTransfer(treasury, account.refunded);
        }
    }

    function _settle(
        uint256 accepted,
        uint256 funded,
        Plan memory plan,
        Withheld memory withheld,
        Damages memory damages,
        bool forfeited
    ) private view returns (FinalAccount memory account) {
        uint256 retention = withheld.retained;
        uint256 forDamages = Math.min(retention, damages.carried);
        uint256 forAdvance = Math.min(retention - forDamages, withheld.advanceOutstanding);
        uint256 kept = forfeited ? retention : forDamages + forAdvance;
        account.accepted = uint128(accepted);
        account.cancelled = uint128(plan.scheduled - accepted);
        account.retentionReleased = uint128(retention - kept);
        account.retentionKept = uint128(kept);
        account.damages = damages.withheld;
        account.damagesUnrecovered = uint128(damages.carried - forDamages);
        account.advanceUnrecovered = uint128(withheld.advanceOutstanding - forAdvance);
        account.released = uint128(plan.value - accepted);
        account.interestOwed = _debts.interest;
        // Cannot underflow: what of the advance is outstanding is at most what the funds not accepted can bear.
        account.refunded = uint128(funded - accepted - withheld.advanceOutstanding + damages.withheld + kept);
    }

    function _callGuarantees(FinalAccount memory account, bool forfeited) private {
        if (account.advanceUnrecovered != 0) {
            emit GuaranteeCalled(GuaranteeKind.Advance, account.advanceUnrecovered, "advance-unrecovered");
        }
        if (!forfeited) return;
        _call(GuaranteeKind.Performance);
        if (_ending.completedAt != 0) _call(GuaranteeKind.Retention);
    }

    function _call(GuaranteeKind kind) private {
        uint96 amount = _guarantees[kind].amount;
        if (amount != 0) emit GuaranteeCalled(kind, amount, "default");
    }
}
