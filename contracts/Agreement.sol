// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AgreementPayments} from "./agreement/AgreementPayments.sol";
import {AgreementState} from "./agreement/AgreementState.sol";
import {IAgreementWork} from "./interfaces/IAgreementWork.sol";
import {Deeds} from "./libraries/Deeds.sol";
import {Schedules} from "./libraries/Schedules.sol";
import {
    AgreementStatus,
    Approval,
    Basis,
    MilestoneStatus,
    MilestoneTerms,
    Parties,
    Progress,
    Terms
} from "./types/Agreements.sol";
import {Credentials, Roles, Standing} from "./types/Participants.sol";

/// @title One public contract
/// @notice The rules are stated on {IAgreement}; those of work and payment stand here, all others in the contracts that
/// {AgreementState} names.
contract Agreement is IAgreementWork, AgreementPayments, Multicall {
    using Deeds for bytes;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using Schedules for Schedules.Part[];

    uint256 private constant LARGEST_ATTEMPT = type(uint8).max;
    bytes32 private constant SUBMISSION =
        keccak256("Submission(uint256 milestone,uint256 attempt,bytes32 evidence,uint64 validUntil)");
    bytes32 private constant INSPECTION = keccak256(
        "Inspection(uint256 milestone,uint256 attempt,uint64 seenAt,bytes32 report,uint64 validUntil)"
    );
    bytes32 private constant ACCEPTANCE =
        keccak256("Acceptance(uint256 milestone,uint256 attempt,uint64 validUntil)");
    bytes32 private constant PARTIAL_ACCEPTANCE = keccak256(
        "PartialAcceptance(uint256 milestone,uint256 attempt,uint128 amount,bytes32 reason,bytes32 document,uint64 validUntil)"
    );
    bytes32 private constant REJECTION = keccak256(
        "Rejection(uint256 milestone,uint256 attempt,bytes32 reason,bytes32 document,uint64 validUntil)"
    );

    /// @notice Sets up the implementation that all clones begin with.
    /// @param around see {AgreementState-Surroundings}
    constructor(Surroundings memory around) AgreementState(around) {}

    /// @inheritdoc IAgreementWork
    function initialize(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        external
    {
        _requireStatus(_bit(AgreementStatus.None));
        _ledger.status = AgreementStatus.Signed;
        if (terms.value == 0) _ledger.flags = FUNDED;
        bytes memory deed = Deeds.read();
        emit MilestonesScheduled(0, milestones);
        for (uint256 i; i < milestones.length; ++i) {
            bytes32 payee = milestones[i].payee;
            if (payee == 0 || payee == parties.supplier) continue;
            _payees[i] = payee;
            _ledger.flags |= REDIRECTED;
        }
        uint256 kept = deed.milestonesSize();
        if (kept != milestones.length) {
            Plan memory plan = _planned(deed);
            plan.count = milestones.length.toUint24();
            _setPlan(plan);
            _added.append(kept, milestones[kept:]);
        }
        _budget.commit(terms.budgetLine, parties.buyer, terms.token, terms.value);
    }

    /// @inheritdoc IAgreementWork
    function sign() external {
        Ledger memory ledger = _requireStatus(_bit(AgreementStatus.Signed));
        bytes memory deed = Deeds.read();
        bytes32 by = _requireActive(msg.sender, deed.supplier(), Roles.SUPPLIER);
        require(ledger.flags & SUPPLIER_SIGNED == 0, AlreadySigned());

        _ledger.flags = ledger.flags | SUPPLIER_SIGNED;
        emit AgreementSigned(by);
        if (ledger.flags & FUNDED != 0) _activate();
    }

    /// @inheritdoc IAgreementWork
    function fund(uint128 value) external {
        // Check
        Ledger memory ledger = _requireStatus(_bit(AgreementStatus.Signed));
        bytes memory deed = Deeds.read();
        bytes32 by = _requireParty(msg.sender, deed.treasury());
        uint96 agreed = uint96(deed.value());
        require(value == agreed, AgreementUnexpectedValue(agreed, value));
        require(ledger.flags & FUNDED == 0, NothingToFund(agreed, agreed));

        // Effect
        _ledger.flags = ledger.flags | FUNDED;
        emit AgreementFunded(by, agreed, agreed);
        if (ledger.flags & SUPPLIER_SIGNED != 0) _activate();

        // Interaction
        IERC20(deed.token()).safeTransferFrom(msg.sender, address(this), agreed);
    }

    /// @inheritdoc IAgreementWork
    function submit(uint256 milestone, bytes32 evidence) external {
        (bytes memory deed, uint256 place) = _requireSubmittable(milestone);
        _submit(deed, milestone, place, evidence, msg.sender);
    }

    /// @inheritdoc IAgreementWork
    function submitSigned(uint256 milestone, uint256 attempt, bytes32 evidence, Approval calldata approval)
        external
    {
        (bytes memory deed, uint256 place) = _requireSubmittable(milestone);
        uint256 next = place == 0 ? 1 : uint256(_underWay[place - 1].attempt) + 1;
        require(attempt == next, MilestoneStaleAttempt(milestone, attempt, next));
        _verify(
            approval, keccak256(abi.encode(SUBMISSION, milestone, attempt, evidence, approval.validUntil))
        );
        _submit(deed, milestone, place, evidence, approval.account);
    }

    /// @inheritdoc IAgreementWork
    function attest(uint256 milestone, uint256 attempt, uint64 seenAt, bytes32 report) external {
        _attest(milestone, attempt, seenAt, report, msg.sender);
    }

    /// @inheritdoc IAgreementWork
    function attestSigned(
        uint256 milestone,
        uint256 attempt,
        uint64 seenAt,
        bytes32 report,
        Approval calldata approval
    ) external {
        _verify(
            approval,
            keccak256(abi.encode(INSPECTION, milestone, attempt, seenAt, report, approval.validUntil))
        );
        _attest(milestone, attempt, seenAt, report, approval.account);
    }

    /// @inheritdoc IAgreementWork
    function accept(uint256 milestone, uint256 attempt) external {
        (bytes memory deed, uint256 place) = _requireAcceptable(milestone, attempt);
        uint256 votes = _approve(deed, milestone, _underWay[place - 1], msg.sender);
        _acceptIfQuorum(deed, milestone, place, votes);
    }

    /// @inheritdoc IAgreementWork
    function acceptSigned(uint256 milestone, uint256 attempt, Approval[] calldata approvals) external {
        (bytes memory deed, uint256 place) = _requireAcceptable(milestone, attempt);
        Progress memory current = _underWay[place - 1];
        for (uint256 i; i < approvals.length; ++i) {
            _verify(
                approvals[i], keccak256(abi.encode(ACCEPTANCE, milestone, attempt, approvals[i].validUntil))
            );
            current.approvals = uint16(_approve(deed, milestone, current, approvals[i].account));
        }
        _acceptIfQuorum(deed, milestone, place, current.approvals);
    }

    /// @inheritdoc IAgreementWork
    function acceptPart(uint256 milestone, uint256 attempt, uint128 amount, bytes32 reason, bytes32 document)
        external
    {
        (bytes memory deed, uint256 place) = _requireAcceptable(milestone, attempt);
        _requirePart(deed, milestone, place, amount, reason);
        bytes32 content = keccak256(abi.encode(milestone, attempt, amount, reason, document));
        if (_approvePart(deed, milestone, content, msg.sender)) {
            _acceptPart(deed, milestone, place, amount, reason, document);
        }
    }

    /// @inheritdoc IAgreementWork
    function acceptPartSigned(
        uint256 milestone,
        uint256 attempt,
        uint128 amount,
        bytes32 reason,
        bytes32 document,
        Approval[] calldata approvals
    ) external {
        (bytes memory deed, uint256 place) = _requireAcceptable(milestone, attempt);
        _requirePart(deed, milestone, place, amount, reason);
        bytes32 content = keccak256(abi.encode(milestone, attempt, amount, reason, document));
        bool decided;
        for (uint256 i; i < approvals.length && !decided; ++i) {
            _verify(
                approvals[i],
                keccak256(
                    abi.encode(
                        PARTIAL_ACCEPTANCE,
                        milestone,
                        attempt,
                        amount,
                        reason,
                        document,
                        approvals[i].validUntil
                    )
                )
            );
            decided = _approvePart(deed, milestone, content, approvals[i].account);
        }
        if (decided) _acceptPart(deed, milestone, place, amount, reason, document);
    }

    /// @inheritdoc IAgreementWork
    function reject(uint256 milestone, uint256 attempt, bytes32 reason, bytes32 document) external {
        (bytes memory deed, uint256 place) = _requireRejectable(milestone, attempt, reason);
        _disapprove(deed, milestone, place, reason, document, msg.sender);
    }

    /// @inheritdoc IAgreementWork
    function rejectSigned(
        uint256 milestone,
        uint256 attempt,
        bytes32 reason,
        bytes32 document,
        Approval[] calldata approvals
    ) external {
        (bytes memory deed, uint256 place) = _requireRejectable(milestone, attempt, reason);
        for (uint256 i; i < approvals.length; ++i) {
            _verify(
                approvals[i],
                keccak256(
                    abi.encode(REJECTION, milestone, attempt, reason, document, approvals[i].validUntil)
                )
            );
            if (_disapprove(deed, milestone, place, reason, document, approvals[i].account)) return;
        }
    }

    /// @inheritdoc IAgreementWork
    function acceptBySilence(uint256 milestone, uint256 attempt) external {
        (bytes memory deed, uint256 place) = _requireAcceptable(milestone, attempt);
        require(deed.reviewDays() != 0, SilenceNotAgreed());
        Progress memory current = _underWay[place - 1];
        uint256 end = _reviewEnd(current);
        require(block.timestamp > end, TooEarly(uint64(block.timestamp), uint64(end)));
        _acceptRest(deed, milestone, current, Basis.Silence);
    }

    /// @inheritdoc IAgreementWork
    function claim(uint256 milestone, bytes32 payee) external {
        // Check
        bytes memory deed = Deeds.read();
        if (_ledger.status != AgreementStatus.Closed) _requireNotHeld();
        uint256 amount = _claims[milestone][payee];
        require(amount != 0, NothingOwed(milestone, payee));
        if (payee == _payee(deed, milestone) && !_guaranteed(deed)) _requireGuarantees(deed);
        Credentials memory details = _registry.credentials(payee);
        require(details.standing != Standing.Suspended, PayeeSuspended(payee));

        // Effect
        _claims[milestone][payee] = 0;
        _debts.owed -= uint96(amount);
        emit ClaimPaid(milestone, payee, details.account, uint128(amount));

        // Interaction
        IERC20(deed.token()).safeTransfer(details.account, amount);
    }

    /// @inheritdoc IAgreementWork
    function payInterest(uint128 amount) external {
        // Check
        bytes memory deed = Deeds.read();
        bytes32 by = _requireParty(msg.sender, deed.treasury());
        uint96 owed = _debts.interest;
        require(amount != 0 && amount <= owed, AmountOutOfRange(amount, 1, owed));
        Credentials memory details = _registry.credentials(deed.supplier());
        require(details.standing != Standing.Suspended, PayeeSuspended(deed.supplier()));

        // Effect
        _debts.interest = owed - uint96(amount);
        emit InterestPaid(by, details.account, amount, owed - amount);

        // Interaction
        IERC20(deed.token()).safeTransferFrom(msg.sender, details.account, amount);
    }

    function _activate() private {
        _ledger.status = AgreementStatus.Active;
        emit AgreementActivated();
    }

    // --- Submission and inspection ---

    function _requireSubmittable(uint256 milestone) private view returns (bytes memory deed, uint256 place) {
        _requireStatus(_bit(AgreementStatus.Active));
        deed = Deeds.read();
        place = _expect(
            deed,
            milestone,
            _bit(MilestoneStatus.Scheduled) | _bit(MilestoneStatus.Rejected)
                | _bit(MilestoneStatus.PartlyAccepted)
        );
    }

    function _submit(bytes memory deed, uint256 milestone, uint256 place, bytes32 evidence, address account)
        private
    {
        bytes32 by = _requireParty(account, deed.supplier());
        require(evidence != 0, EvidenceMissing(milestone));
        Progress memory next;
        if (place == 0) {
            place = _freePlace();
        } else {
            next.attempt = _underWay[place - 1].attempt;
            next.accepted = _underWay[place - 1].accepted;
        }
        require(next.attempt < LARGEST_ATTEMPT, TooManyAttempts(milestone, LARGEST_ATTEMPT));
        next.milestone = uint24(milestone);
        next.status = MilestoneStatus.Submitted;
        ++next.attempt;
        next.submittedAt = uint40(block.timestamp);
        uint256 review = deed.reviewDays();
        if (review != 0) next.reviewSpan = _reviewSpan(review);
        _underWay[place - 1] = next;
        emit MilestoneSubmitted(milestone, next.attempt, by, evidence);
    }

    /// @dev However long the authority closes, a review lasts no longer than a span can hold.
    function _reviewSpan(uint256 review) private view returns (uint8) {
        return uint8(Math.min(_calendar.span(block.timestamp, review), type(uint8).max));
    }

    function _freePlace() private view returns (uint256) {
        for (uint256 i; i < LARGEST_UNDER_WAY; ++i) {
            if (_underWay[i].attempt == 0 || _isDone(_underWay[i].milestone)) return i + 1;
        }
        revert TooManyUnderWay(LARGEST_UNDER_WAY);
    }

    function _attest(uint256 milestone, uint256 attempt, uint64 seenAt, bytes32 report, address account)
        private
    {
        _requireStatus(_bit(AgreementStatus.Active) | _bit(AgreementStatus.Terminated));
        bytes memory deed = Deeds.read();
        (bytes32 by, Credentials memory details) = _registry.actor(account);
        require(_isInspector(deed, by), CallerNotInspector(account, by));
        _requireRole(by, details, Roles.INSPECTOR);
        Progress storage current = _underWay[_expect(deed, milestone, _bit(MilestoneStatus.Submitted)) - 1];
        require(attempt == current.attempt, MilestoneStaleAttempt(milestone, attempt, current.attempt));
        require(seenAt <= block.timestamp, DateInFuture(seenAt, uint64(block.timestamp)));
        require(report != 0, EvidenceMissing(milestone));

        current.status = MilestoneStatus.Inspected;
        emit MilestoneAttested(milestone, attempt, by, seenAt, report);
    }

    function _isInspector(bytes memory deed, bytes32 participant) private view returns (bool) {
        bytes32[] memory inspectors = deed.inspectors();
        for (uint256 i; i < inspectors.length; ++i) {
            if (inspectors[i] == participant) return true;
        }
        return false;
    }

    // --- Acceptance ---

    /// @dev Where there are inspectors, only what one of them has attested can be accepted.
    function _requireAcceptable(uint256 milestone, uint256 attempt)
        private
        view
        returns (bytes memory deed, uint256 place)
    {
        _requirePayable();
        deed = Deeds.read();
        bool inspected = deed.inspectorsSize() != 0;
        place =
            _expect(deed, milestone, _bit(inspected ? MilestoneStatus.Inspected : MilestoneStatus.Submitted));
        uint256 latest = _underWay[place - 1].attempt;
        require(attempt == latest, MilestoneStaleAttempt(milestone, attempt, latest));
    }

    /// @dev One member's acceptance. Returns the votes with it.
    function _approve(bytes memory deed, uint256 milestone, Progress memory current, address account)
        private
        returns (uint256 votes)
    {
        (bytes32 by, uint256 vote) = _requireMember(deed, account);
        require((current.approvals | current.rejections) & vote == 0, AlreadyVoted(milestone, by));
        votes = current.approvals | vote;
        emit MilestoneApproved(milestone, current.attempt, by, _votes(votes), deed.quorum());
    }

    function _acceptIfQuorum(bytes memory deed, uint256 milestone, uint256 place, uint256 votes) private {
        if (_votes(votes) < deed.quorum()) {
            _underWay[place - 1].approvals = uint16(votes);
        } else {
            _acceptRest(deed, milestone, _underWay[place - 1], Basis.Acceptance);
        }
    }

    function _acceptRest(bytes memory deed, uint256 milestone, Progress memory current, Basis basis) private {
        _setDone(milestone);
        _acceptAndPay(deed, milestone, current, basis, _open(deed, milestone, current));
    }

    function _approvePart(bytes memory deed, uint256 milestone, bytes32 content, address account)
        private
        returns (bool decided)
    {
        (bytes32 by, uint256 vote) = _requireMember(deed, account);
        return _decide(deed, content, milestone, by, vote);
    }

    function _requirePart(bytes memory deed, uint256 milestone, uint256 place, uint128 amount, bytes32 reason)
        private
        view
    {
        uint128 open = _open(deed, milestone, _underWay[place - 1]);
        require(amount != 0 && amount < open, AmountOutOfRange(amount, 1, open == 0 ? 0 : open - 1));
        require(reason != 0, ReasonMissing());
    }

    function _acceptPart(
        bytes memory deed,
        uint256 milestone,
        uint256 place,
        uint128 amount,
        bytes32 reason,
        bytes32 document
    ) private {
        Progress memory current = _underWay[place - 1];
        uint128 open = _open(deed, milestone, current);
        current.accepted += uint96(amount);
        current.status = MilestoneStatus.PartlyAccepted;
        current.decidedAt = uint40(block.timestamp);
        _underWay[place - 1] = current;
        emit MilestonePartlyAccepted(milestone, current.attempt, amount, open - amount, reason, document);
        _acceptAndPay(deed, milestone, current, Basis.PartialAcceptance, amount);
    }

    // --- Rejection ---

    function _requireRejectable(uint256 milestone, uint256 attempt, bytes32 reason)
        private
        view
        returns (bytes memory deed, uint256 place)
    {
        _requireStatus(_bit(AgreementStatus.Active) | _bit(AgreementStatus.Terminated));
        deed = Deeds.read();
        place = _expect(deed, milestone, _bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected));
        uint256 latest = _underWay[place - 1].attempt;
        require(attempt == latest, MilestoneStaleAttempt(milestone, attempt, latest));
        require(reason != 0, ReasonMissing());
    }

    /// @dev One member's rejection. True when acceptance has become impossible.
    function _disapprove(
        bytes memory deed,
        uint256 milestone,
        uint256 place,
        bytes32 reason,
        bytes32 document,
        address account
    ) private returns (bool rejected) {
        (bytes32 by, uint256 vote) = _requireMember(deed, account);
        Progress storage current = _underWay[place - 1];
        require((current.approvals | current.rejections) & vote == 0, AlreadyVoted(milestone, by));
        uint256 attempt = current.attempt;

        current.rejections |= uint16(vote);
        uint256 rejections = _votes(current.rejections);
        // Cannot underflow: 1 <= quorum <= committee.
        uint256 needed = deed.committeeSize() - deed.quorum() + 1;
        emit MilestoneDisapproved(milestone, attempt, by, reason, document, rejections, needed);
        rejected = rejections == needed;
        if (rejected) {
            current.status = MilestoneStatus.Rejected;
            current.decidedAt = uint40(block.timestamp);
            emit MilestoneRejected(milestone, attempt, reason, document);
        }
    }
}
