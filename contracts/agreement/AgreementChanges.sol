// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAgreementChanges} from "../interfaces/IAgreementChanges.sol";
import {IAgreementWork} from "../interfaces/IAgreementWork.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {Duties} from "../libraries/Duties.sol";
import {PaymentTerms} from "../libraries/PaymentTerms.sol";
import {Schedules} from "../libraries/Schedules.sol";
import {
    AgreementStatus,
    Amendment,
    Approval,
    Basis,
    Guarantee,
    GuaranteeKind,
    MilestoneChange,
    MilestoneStatus,
    MilestoneTerms,
    Payment
} from "../types/Agreements.sol";
import {Credentials, Roles} from "../types/Participants.sol";
import {AgreementPayments} from "./AgreementPayments.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title What changes in an agreement
/// @notice The rules are stated on {IAgreementChanges}.
contract AgreementChanges is IAgreementChanges, AgreementPayments {
    using BitMaps for BitMaps.BitMap;
    using Deeds for bytes;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using Schedules for Schedules.Part[];

    bytes32 private constant AMENDMENT_SIGNATURE =
        keccak256("AmendmentSignature(uint256 amendment,bytes32 content,uint64 validUntil)");

    /// @notice Sets up the second of the five, see {AgreementState}.
    /// @param around see {AgreementState-Surroundings}
    constructor(Surroundings memory around) AgreementState(around) {}

    // --- Guarantees and advance ---

    /// @inheritdoc IAgreementChanges
    function recordGuarantee(GuaranteeKind kind, uint128 amount, uint64 expiresAt, bytes32 document)
        external
    {
        _requireStatus(
            _bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active) | _bit(AgreementStatus.Completed)
                | _bit(AgreementStatus.Terminated)
        );
        require(expiresAt > block.timestamp, TooLate(uint64(block.timestamp), expiresAt));
        require(document != 0, IAgreementWork.EvidenceMissing(NO_MILESTONE));
        if (!_decide(Deeds.read())) return;

        _guarantees[kind] =
            Guarantee({amount: uint256(amount).toUint96(), expiresAt: uint256(expiresAt).toUint40()});
        emit GuaranteeRecorded(kind, amount, expiresAt, document);
    }

    /// @inheritdoc IAgreementChanges
    function payAdvance() external {
        // Check
        Ledger memory ledger = _requireStatus(_bit(AgreementStatus.Active));
        _requireNotHeld();
        bytes memory deed = Deeds.read();
        uint256 amount = PaymentTerms.shareDown(deed.value(), deed.advanceRate());
        require(amount != 0 && ledger.flags & ADVANCE_PAID == 0, AdvanceNotDue());
        // No more than the rest of the work can recover.
        uint256 ahead = _planned(deed).value - ledger.accepted;
        amount = Math.min(amount, PaymentTerms.shareDown(ahead, deed.recoveryRate()));

        // Effect
        _ledger.flags = ledger.flags | ADVANCE_PAID;
        _withheld.advanceOutstanding = uint96(amount);
        _requireGuarantees(deed);

        // Interaction
        _payReceived(deed, Basis.Advance, amount);
    }

    // --- Amendments ---

    /// @inheritdoc IAgreementChanges
    function proposeAmendment(Amendment calldata terms) external returns (uint256 amendment) {
        _requireStatus(_bit(AgreementStatus.Active));
        bytes memory deed = Deeds.read();
        require(terms.reason != 0, ReasonMissing());
        require(
            terms.increase == 0 || terms.decrease == 0, AmendmentValueInvalid(terms.increase, terms.decrease)
        );
        require(
            terms.increase != 0 || terms.decrease != 0 || terms.endsAt != 0 || terms.changes.length != 0
                || terms.milestones.length != 0,
            AmendmentEmpty()
        );
        require(
            terms.legalGround != 0 || !_exceedsCap(deed, terms),
            AmendmentExceedsCap(uint256(_planned(deed).value) + terms.increase, _largest(deed))
        );
        _requireValid(terms);
        amendment = uint256(_amended.proposed) + 1;
        _amended.proposed = amendment.toUint16();
        Proposal storage proposal = _proposals[amendment];
        proposal.content = _content(amendment, terms);
        proposal.base = _amended.enacted;
        (bytes32 by, Credentials memory details) = _registry.actor(msg.sender);
        require(by == deed.supplier() || _voteOf(deed, by) != 0, CallerNotSignatory(msg.sender, by));
        emit AmendmentProposed(amendment, by, terms);
        _sign(deed, amendment, proposal, by, details);
        _enactIfComplete(deed, amendment, proposal, terms);
    }

    /// @inheritdoc IAgreementChanges
    function signAmendment(uint256 amendment, Amendment calldata terms) external {
        bytes memory deed = Deeds.read();
        Proposal storage proposal = _requireOpen(amendment, terms);
        (bytes32 by, Credentials memory details) = _registry.actor(msg.sender);
        _requireSignatory(deed, msg.sender, by, details);
        _sign(deed, amendment, proposal, by, details);
        _enactIfComplete(deed, amendment, proposal, terms);
    }

    /// @inheritdoc IAgreementChanges
    function signAmendmentSigned(uint256 amendment, Amendment calldata terms, Approval[] calldata approvals)
        external
    {
        bytes memory deed = Deeds.read();
        Proposal storage proposal = _requireOpen(amendment, terms);
        for (uint256 i; i < approvals.length; ++i) {
            _verify(
                approvals[i],
                keccak256(
                    abi.encode(AMENDMENT_SIGNATURE, amendment, proposal.content, approvals[i].validUntil)
                )
            );
            (bytes32 by, Credentials memory details) = _registry.actor(approvals[i].account);
            _requireSignatory(deed, approvals[i].account, by, details);
            _sign(deed, amendment, proposal, by, details);
        }
        _enactIfComplete(deed, amendment, proposal, terms);
    }

    /// @inheritdoc IAgreementChanges
    function enactAmendment(uint256 amendment, Amendment calldata terms) external {
        // Check
        bytes memory deed = Deeds.read();
        Proposal storage proposal = _requireOpen(amendment, terms);
        bytes32 by = _requireParty(msg.sender, deed.treasury());
        _requireSigned(deed, proposal, terms);

        // Effect
        uint256 missing = _missing(deed, terms);
        if (missing != 0) {
            _amended.funded += uint96(missing);
            emit IAgreementWork.AgreementFunded(by, uint128(missing), uint128(_funded(deed)));
        }
        _enact(deed, amendment, proposal, terms);

        // Interaction
        if (missing != 0) IERC20(deed.token()).safeTransferFrom(msg.sender, address(this), missing);
    }

    function _requireOpen(uint256 amendment, Amendment calldata terms)
        private
        view
        returns (Proposal storage proposal)
    {
        _requireStatus(_bit(AgreementStatus.Active));
        proposal = _proposals[amendment];
        bytes32 content = _content(amendment, terms);
        bool valid = proposal.content == content && proposal.base == _amended.enacted;
        require(valid, AmendmentUnknown(amendment, content, proposal.content));
        _requireValid(terms);
    }

    function _requireValid(Amendment calldata terms) private view {
        require(
            terms.validUntil == 0 || block.timestamp <= terms.validUntil,
            TooLate(uint64(block.timestamp), terms.validUntil)
        );
    }

    function _content(uint256 amendment, Amendment calldata terms) private pure returns (bytes32) {
        return keccak256(abi.encode(amendment, terms));
    }

    function _requireSignatory(bytes memory deed, address account, bytes32 by, Credentials memory details)
        private
        view
    {
        require(
            by == deed.supplier() || _voteOf(deed, by) != 0 || _isAuthority(deed, details),
            CallerNotSignatory(account, by)
        );
    }

    /// @dev The authority is an office of the buyer, or the buyer itself, in that role.
    function _isAuthority(bytes memory deed, Credentials memory details) private view returns (bool) {
        uint32 buyer = _registry.credentials(deed.buyer()).number;
        return
            details.roles & Roles.AUTHORITY != 0 && (details.number == buyer || details.organization == buyer);
    }

    function _sign(
        bytes memory deed,
        uint256 amendment,
        Proposal storage proposal,
        bytes32 by,
        Credentials memory details
    ) private {
        uint256 vote = _voteOf(deed, by);
        bool supplier = by == deed.supplier();
        _requireRole(by, details, supplier ? Roles.SUPPLIER : vote != 0 ? Roles.COMMITTEE : Roles.AUTHORITY);
        bool signed =
            supplier ? proposal.supplier : vote != 0 ? proposal.votes & vote != 0 : proposal.authority;
        require(!signed, AlreadyVoted(NO_MILESTONE, by));
        if (supplier) proposal.supplier = true;
        else if (vote != 0) proposal.votes |= uint16(vote);
        else proposal.authority = true;
        emit AmendmentSigned(amendment, by);
    }

    /// @dev With the last signature an amendment takes effect, unless money has to come in.
    function _enactIfComplete(
        bytes memory deed,
        uint256 amendment,
        Proposal storage proposal,
        Amendment calldata terms
    ) private {
        bool complete = proposal.supplier && _votes(proposal.votes) >= deed.quorum()
            && (proposal.authority || !_exceedsCap(deed, terms));
        if (complete && _missing(deed, terms) == 0) _enact(deed, amendment, proposal, terms);
    }

    function _requireSigned(bytes memory deed, Proposal storage proposal, Amendment calldata terms)
        private
        view
    {
        bool authority = proposal.authority || !_exceedsCap(deed, terms);
        uint256 approvals = _votes(proposal.votes);
        uint256 quorum = deed.quorum();
        require(
            proposal.supplier && approvals >= quorum && authority,
            AmendmentNotSigned(proposal.supplier, approvals, quorum, authority)
        );
    }

    function _largest(bytes memory deed) private pure returns (uint256) {
        return deed.value() + PaymentTerms.shareDown(deed.value(), deed.amendmentCap());
    }

    function _exceedsCap(bytes memory deed, Amendment calldata terms) private view returns (bool) {
        return terms.increase != 0 && uint256(_planned(deed).value) + terms.increase > _largest(deed);
    }

    /// @dev What has to be brought in for an amendment.
    function _missing(bytes memory deed, Amendment calldata terms) private view returns (uint256) {
        return Math.saturatingSub(
            uint256(_planned(deed).value) + terms.increase, uint256(terms.decrease) + _funded(deed)
        );
    }

    function _enact(bytes memory deed, uint256 amendment, Proposal storage proposal, Amendment calldata terms)
        private
    {
        Plan memory plan = _planned(deed);
        uint96 previous = plan.value;
        require(terms.decrease <= previous, AmendmentValueInvalid(terms.increase, terms.decrease));
        plan.value = (uint256(previous) + terms.increase - terms.decrease).toUint96();
        if (terms.endsAt != 0) plan.endsAt = uint256(terms.endsAt).toUint40();
        uint256 scheduled = _change(deed, plan.scheduled, terms.changes);
        uint256 first = plan.count;
        scheduled += _schedule(deed, first, terms.milestones);
        require(scheduled <= plan.value, ScheduleExceedsValue(scheduled, plan.value));
        plan.scheduled = uint96(scheduled);
        plan.count = (first + terms.milestones.length).toUint24();
        _setPlan(plan);
        ++_amended.enacted;
        delete proposal.content;
        emit AmendmentEnacted(
            amendment, previous, plan.value, plan.endsAt, terms.reason, terms.legalGround, terms.document
        );
        if (terms.increase != 0) {
            _budget.commit(deed.budgetLine(), deed.buyer(), deed.token(), terms.increase);
        }
        if (terms.decrease != 0) _budget.release(deed.budgetLine(), terms.decrease);
        _returnDamages(deed, terms.changes);
    }

    // --- Milestones ---

    function _schedule(bytes memory deed, uint256 first, MilestoneTerms[] calldata added)
        private
        returns (uint256 total)
    {
        if (added.length == 0) return 0;
        emit IAgreementWork.MilestonesScheduled(first, added);
        for (uint256 i; i < added.length; ++i) {
            total += added[i].amount;
            _redirect(deed, first + i, added[i].payee);
        }
        _added.append(first, added);
    }

    /// @dev Returns what is scheduled afterwards.
    function _change(bytes memory deed, uint256 scheduled, MilestoneChange[] calldata changes)
        private
        returns (uint256)
    {
        for (uint256 i; i < changes.length; ++i) {
            scheduled = _changeOne(deed, scheduled, changes[i]);
        }
        return scheduled;
    }

    function _changeOne(bytes memory deed, uint256 scheduled, MilestoneChange calldata change)
        private
        returns (uint256)
    {
        uint256 milestone = change.milestone;
        uint256 count = _count(deed);
        require(milestone < count, MilestoneUnknown(milestone, count));
        uint256 place = _placeOf(milestone);
        MilestoneStatus status = _statusOf(milestone, place);
        (uint256 amount, uint256 dueAt, uint256 agreedAt) = _agreed(deed, milestone);
        if (!_mayChange(status)) {
            bool onlyDate = change.amount == amount && !change.removed && status != MilestoneStatus.Cancelled
                && (change.payee == _payee(deed, milestone) || change.payee == 0);
            require(onlyDate, MilestoneNotChangeable(milestone));
        } else {
            uint256 accepted = place == 0 ? 0 : _underWay[place - 1].accepted;
            if (change.removed) {
                _remove(deed, milestone, accepted, amount - accepted);
                return scheduled - (amount - accepted);
            }
            require(
                change.amount > accepted || (accepted == 0 && change.amount == 0),
                AmountOutOfRange(change.amount, uint128(accepted + 1), type(uint96).max)
            );
            scheduled = scheduled - amount + change.amount;
            _redirect(deed, milestone, change.payee);
        }
        // A date that stays keeps what the clocks have moved it by.
        if (dueAt != change.dueAt) agreedAt = block.timestamp;
        _revise(milestone, change.amount, change.dueAt, agreedAt);
        emit MilestoneChanged(milestone, change.amount, change.dueAt, _payee(deed, milestone));
        return scheduled;
    }

    function _mayChange(MilestoneStatus status) private pure returns (bool) {
        return status == MilestoneStatus.Scheduled || status == MilestoneStatus.Rejected
            || status == MilestoneStatus.PartlyAccepted;
    }

    function _remove(bytes memory deed, uint256 milestone, uint256 accepted, uint256 rest) private {
        _end(deed, milestone, accepted, rest);
        emit MilestoneCancelled(milestone, uint128(rest));
    }

    function _redirect(bytes memory deed, uint256 milestone, bytes32 payee) private {
        if (payee == 0) payee = deed.supplier();
        if (payee == _payee(deed, milestone)) return;
        if (payee != deed.supplier()) Duties.requirePayee(_registry, deed, payee);
        _payees[milestone] = payee;
        _ledger.flags |= REDIRECTED;
    }

    // --- Damages that an extension makes undue ---

    function _returnDamages(bytes memory deed, MilestoneChange[] calldata changes) private {
        uint256 undue;
        for (uint256 i; i < changes.length; ++i) {
            if (!changes[i].removed) undue += _reassess(deed, changes[i].milestone);
        }
        if (undue == 0) return;
        uint256 fromCarried = Math.min(undue, _damages.carried);
        uint256 back = undue - fromCarried;
        _damages.carried -= uint96(fromCarried);
        _damages.withheld -= uint96(back);
        Payment memory payment;
        payment.gross = uint128(back);
        payment.net = uint128(back);
        payment.carried = _damages.carried;
        _payOut(deed, NO_MILESTONE, 0, Basis.DamagesReturned, payment);
    }

    /// @dev Lowers what was assessed for a milestone to what its present date makes due. Returns the difference.
    function _reassess(bytes memory deed, uint256 milestone) private returns (uint256 undue) {
        Assessment[] storage list = _assessments[milestone];
        for (uint256 i; i < list.length; ++i) {
            Assessment memory given = list[i];
            (, uint256 dueAt, uint256 agreedAt) = _agreed(deed, milestone);
            uint256 late = _lateDays(dueAt, agreedAt, given.submittedAt);
            uint256 due =
                Math.min(given.amount, PaymentTerms.damagesUncapped(given.gross, deed.damagesRate(), late));
            undue += given.amount - due;
            list[i].amount = uint96(due);
        }
    }
}
