// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAgreement} from "./interfaces/IAgreement.sol";
import {IBudget} from "./interfaces/IBudget.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {
    AgreementStatus,
    Amendment,
    Milestone,
    MilestoneStatus,
    MilestoneTerms,
    Money,
    Parties,
    Terms
} from "./types/Agreements.sol";
import {Participant, Roles, Standing} from "./types/Participants.sol";

/// @title One public contract
/// @notice The rules are stated on {IAgreement}.
contract Agreement is IAgreement {
    using SafeERC20 for IERC20;

    /// @dev Votes are the bits of a uint32.
    uint256 private constant LARGEST_COMMITTEE = 32;

    address private immutable _factory;
    IParticipantRegistry private immutable _registry;
    IBudget private immutable _budget;

    AgreementStatus private _status;
    Money private _money;
    Parties private _parties;
    Terms private _terms;
    /// @dev Cancelled is never stored: it follows from a closed agreement, so that closing costs the same for any schedule.
    Milestone[] private _milestones;
    /// @dev Only where the payee is not the supplier.
    mapping(uint256 milestone => bytes32 payee) private _payees;
    uint256 private _amendments;
    /// @dev Hash of the amendment that waits for the supplier; zero if none does.
    bytes32 private _proposed;
    mapping(bytes32 decision => uint32 votes) private _closureVotes;

    /// @notice Sets up the implementation; each clone is set up by {initialize}.
    /// @param factory the only one that may initialize a clone
    /// @param registry knows the participants
    /// @param budget knows the appropriation lines
    constructor(address factory, IParticipantRegistry registry, IBudget budget) {
        _factory = factory;
        _registry = registry;
        _budget = budget;
    }

    /// @dev The one guard of the agreement's own state.
    modifier whenStatus(AgreementStatus expected) {
        require(_status == expected, AgreementUnexpectedStatus(_status, expected));
        _;
    }

    /// @inheritdoc IAgreement
    function initialize(
        Parties calldata parties_,
        Terms calldata terms_,
        MilestoneTerms[] calldata milestones_
    ) external whenStatus(AgreementStatus.None) {
        require(msg.sender == _factory, CallerNotFactory(msg.sender));
        _status = AgreementStatus.Signed;
        _requireSeparateDuties(parties_);
        _parties = parties_;
        _terms = terms_;
        _money.value = terms_.value;
        _schedule(milestones_);
        _budget.commit(terms_.budgetLine, parties_.buyer, terms_.token, terms_.value);
        if (terms_.value == 0) _activate();
    }

    /// @inheritdoc IAgreement
    function fund() external {
        // Check
        require(
            _status == AgreementStatus.Signed || _status == AgreementStatus.Active,
            AgreementUnexpectedStatus(_status, AgreementStatus.Signed)
        );
        bytes32 by = _requireParty(_parties.treasury);
        uint128 amount = _money.value - _money.funded;
        require(amount != 0, NothingToFund(_money.value, _money.funded));

        // Effect
        _money.funded = _money.value;
        emit AgreementFunded(by, amount, _money.funded);
        if (_status == AgreementStatus.Signed) _activate();

        // Interaction
        IERC20(_terms.token).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IAgreement
    function submit(uint256 milestone, bytes32 evidence) external whenStatus(AgreementStatus.Active) {
        bytes32 by = _requireParty(_parties.supplier);
        Milestone storage current =
            _expect(milestone, _bit(MilestoneStatus.Scheduled) | _bit(MilestoneStatus.Rejected));
        require(evidence != 0, EvidenceMissing(milestone));

        current.status = MilestoneStatus.Submitted;
        current.attempt += 1;
        current.approvals = 0;
        current.rejections = 0;
        emit MilestoneSubmitted(milestone, current.attempt, by, evidence);
    }

    /// @inheritdoc IAgreement
    function attest(uint256 milestone, uint256 attempt, uint64 seenAt, bytes32 report)
        external
        whenStatus(AgreementStatus.Active)
    {
        bytes32 by = _registry.participantOf(msg.sender);
        require(_position(_parties.inspectors, by) != 0, CallerNotInspector(msg.sender, by));
        _registry.requireActive(by, Roles.INSPECTOR);
        Milestone storage current = _expect(milestone, _bit(MilestoneStatus.Submitted));
        _requireLatest(milestone, current, attempt);
        require(seenAt <= block.timestamp, DateInFuture(seenAt, uint64(block.timestamp)));
        require(report != 0, EvidenceMissing(milestone));

        current.status = MilestoneStatus.Inspected;
        emit MilestoneAttested(milestone, attempt, by, seenAt, report);
    }

    /// @inheritdoc IAgreement
    function accept(uint256 milestone, uint256 attempt) external whenStatus(AgreementStatus.Active) {
        (bytes32 by, uint32 vote) = _requireMember();
        Milestone storage current = _expect(milestone, _acceptable());
        _requireVote(milestone, current, attempt, by, vote);

        current.approvals |= vote;
        uint256 approvals = _count(current.approvals);
        emit MilestoneApproved(milestone, attempt, by, approvals, _parties.quorum);
        if (approvals == _parties.quorum) _acceptAndPay(milestone, current);
    }

    /// @inheritdoc IAgreement
    function reject(uint256 milestone, uint256 attempt, bytes32 reason, bytes32 document)
        external
        whenStatus(AgreementStatus.Active)
    {
        (bytes32 by, uint32 vote) = _requireMember();
        Milestone storage current =
            _expect(milestone, _bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected));
        _requireVote(milestone, current, attempt, by, vote);
        require(reason != 0, ReasonMissing());

        current.rejections |= vote;
        uint256 rejections = _count(current.rejections);
        // Cannot underflow: 1 <= quorum <= committee.
        uint256 needed = _parties.committee.length - _parties.quorum + 1;
        emit MilestoneDisapproved(milestone, attempt, by, reason, document, rejections, needed);
        if (rejections == needed) {
            current.status = MilestoneStatus.Rejected;
            emit MilestoneRejected(milestone, attempt, reason, document);
        }
    }

    /// @inheritdoc IAgreement
    function claim(uint256 milestone) external {
        // Check
        Milestone storage current = _expect(milestone, _bit(MilestoneStatus.Owed));
        bytes32 payee = payeeOf(milestone);
        Participant memory details = _registry.get(payee);
        require(details.standing != Standing.Suspended, PayeeSuspended(payee));

        // Effect
        current.status = MilestoneStatus.Paid;
        _money.owed -= current.amount;
        _money.paid += current.amount;
        emit PaymentMade(milestone, payee, details.account, current.amount, true);

        // Interaction
        IERC20(_terms.token).safeTransfer(details.account, current.amount);
    }

    /// @inheritdoc IAgreement
    function proposeAmendment(Amendment calldata terms_)
        external
        whenStatus(AgreementStatus.Active)
        returns (uint256 amendment)
    {
        (bytes32 by,) = _requireMember();
        require(terms_.reason != 0, ReasonMissing());
        require(terms_.increase != 0 || terms_.endsAt != 0 || terms_.milestones.length != 0, AmendmentEmpty());

        amendment = ++_amendments;
        _proposed = keccak256(abi.encode(amendment, terms_));
        emit AmendmentProposed(amendment, by, terms_);
    }

    /// @inheritdoc IAgreement
    function signAmendment(uint256 amendment, Amendment calldata terms_)
        external
        whenStatus(AgreementStatus.Active)
    {
        // Check
        bytes32 by = _requireParty(_parties.supplier);
        bytes32 content = keccak256(abi.encode(amendment, terms_));
        require(content == _proposed, AmendmentUnknown(amendment, content, _proposed));

        // Effect
        _proposed = 0;
        uint128 previous = _money.value;
        _money.value = previous + terms_.increase;
        if (terms_.endsAt != 0) _terms.endsAt = terms_.endsAt;
        emit AmendmentSigned(
            amendment, by, previous, _money.value, _terms.endsAt, terms_.reason, terms_.document
        );
        _schedule(terms_.milestones);

        // Interaction
        _budget.commit(_terms.budgetLine, _parties.buyer, _terms.token, terms_.increase);
    }

    /// @inheritdoc IAgreement
    function close(bytes32 reason, bytes32 document) external {
        // Check
        require(
            _status == AgreementStatus.Signed || _status == AgreementStatus.Active,
            AgreementUnexpectedStatus(_status, AgreementStatus.Active)
        );
        (bytes32 by, uint32 vote) = _requireMember();
        require(reason != 0, ReasonMissing());
        bytes32 decision = keccak256(abi.encode(reason, document));
        uint32 votes = _closureVotes[decision];
        require(votes & vote == 0, AlreadyVoted(type(uint256).max, by));

        // Effect
        votes |= vote;
        _closureVotes[decision] = votes;
        uint256 approvals = _count(votes);
        emit ClosureApproved(by, reason, document, approvals, _parties.quorum);
        if (approvals == _parties.quorum) _close(reason, document);
    }

    /// @inheritdoc IAgreement
    function status() external view returns (AgreementStatus current) {
        return _status;
    }

    /// @inheritdoc IAgreement
    function money() external view returns (Money memory totals) {
        return _money;
    }

    /// @inheritdoc IAgreement
    function parties() external view returns (Parties memory participants) {
        return _parties;
    }

    /// @inheritdoc IAgreement
    function terms() external view returns (Terms memory agreed) {
        agreed = _terms;
        agreed.value = _money.value;
    }

    /// @inheritdoc IAgreement
    function milestones() external view returns (Milestone[] memory list) {
        list = _milestones;
        if (_status != AgreementStatus.Closed) return list;
        for (uint256 i; i < list.length; ++i) {
            MilestoneStatus stored = list[i].status;
            if (stored == MilestoneStatus.Paid || stored == MilestoneStatus.Owed) continue;
            list[i].status = MilestoneStatus.Cancelled;
        }
    }

    /// @inheritdoc IAgreement
    function payeeOf(uint256 milestone) public view returns (bytes32 payee) {
        require(milestone < _milestones.length, MilestoneUnknown(milestone, _milestones.length));
        payee = _payees[milestone];
        return payee == 0 ? _parties.supplier : payee;
    }

    function _activate() private {
        _status = AgreementStatus.Active;
        emit AgreementActivated();
    }

    function _acceptAndPay(uint256 milestone, Milestone storage current) private {
        // Check
        uint128 amount = current.amount;
        // Cannot underflow: accepted and refunded money was funded before.
        uint128 available = _money.funded - _money.accepted;
        require(amount <= available, AgreementUnderfunded(milestone, amount, available));
        bytes32 payee = payeeOf(milestone);
        Participant memory details = _registry.get(payee);

        // Effect
        _money.accepted += amount;
        emit MilestoneAccepted(milestone, current.attempt, amount);

        // Interaction: the token is ours and calls nobody back, so that the outcome may decide the state.
        bool pushed = details.standing == Standing.Active
            && IERC20(_terms.token).trySafeTransfer(details.account, amount);
        if (pushed) {
            current.status = MilestoneStatus.Paid;
            _money.paid += amount;
            emit PaymentMade(milestone, payee, details.account, amount, false);
        } else {
            current.status = MilestoneStatus.Owed;
            _money.owed += amount;
            emit PaymentOwed(milestone, payee, amount);
        }
    }

    function _close(bytes32 reason, bytes32 document) private {
        _status = AgreementStatus.Closed;
        // Cannot underflow: accepted <= scheduled.
        uint128 cancelled = _money.scheduled - _money.accepted;
        _money.scheduled = _money.accepted;
        // Cannot underflow: accepted <= value, accepted <= funded.
        uint128 released = _money.value - _money.accepted;
        uint128 refund = _money.funded - _money.accepted;
        _money.refunded = refund;
        emit AgreementClosed(reason, document, cancelled, refund, released);

        _budget.release(_terms.budgetLine, released);
        IERC20(_terms.token).safeTransfer(_registry.get(_parties.treasury).account, refund);
    }

    function _schedule(MilestoneTerms[] calldata list) private {
        uint128 scheduled = _money.scheduled;
        for (uint256 i; i < list.length; ++i) {
            MilestoneTerms calldata item = list[i];
            require(item.dueAt <= type(uint40).max, DateTooLarge(item.dueAt));
            bytes32 payee = item.payee == 0 ? _parties.supplier : item.payee;
            if (payee != _parties.supplier) {
                _requirePayee(payee);
                _payees[_milestones.length] = payee;
            }
            emit MilestoneScheduled(_milestones.length, item.amount, item.dueAt, payee, item.document);
            _milestones.push(
                Milestone({
                    amount: item.amount,
                    dueAt: uint40(item.dueAt),
                    status: MilestoneStatus.Scheduled,
                    attempt: 0,
                    approvals: 0,
                    rejections: 0
                })
            );
            scheduled += item.amount;
        }
        require(scheduled <= _money.value, ScheduleExceedsValue(scheduled, _money.value));
        _money.scheduled = scheduled;
    }

    function _expect(uint256 milestone, uint256 expected) private view returns (Milestone storage current) {
        require(milestone < _milestones.length, MilestoneUnknown(milestone, _milestones.length));
        current = _milestones[milestone];
        require(
            _bit(current.status) & expected != 0,
            MilestoneUnexpectedStatus(milestone, current.status, expected)
        );
    }

    /// @dev Where there are inspectors, only what one of them has attested can be accepted.
    function _acceptable() private view returns (uint256) {
        return _bit(_parties.inspectors.length == 0 ? MilestoneStatus.Submitted : MilestoneStatus.Inspected);
    }

    function _requireParty(bytes32 expected) private view returns (bytes32 by) {
        by = _registry.participantOf(msg.sender);
        require(by == expected, CallerNotParty(msg.sender, by, expected));
    }

    function _requireMember() private view returns (bytes32 by, uint32 vote) {
        by = _registry.participantOf(msg.sender);
        uint256 position = _position(_parties.committee, by);
        require(position != 0, CallerNotOnCommittee(msg.sender, by));
        _registry.requireActive(by, Roles.COMMITTEE);
        vote = uint32(uint256(1) << (position - 1));
    }

    function _requireVote(
        uint256 milestone,
        Milestone storage current,
        uint256 attempt,
        bytes32 by,
        uint32 vote
    ) private view {
        _requireLatest(milestone, current, attempt);
        require((current.approvals | current.rejections) & vote == 0, AlreadyVoted(milestone, by));
    }

    function _requireLatest(uint256 milestone, Milestone storage current, uint256 attempt) private view {
        require(attempt == current.attempt, MilestoneStaleAttempt(milestone, attempt, current.attempt));
    }

    function _requireSeparateDuties(Parties calldata list) private view {
        uint256 size = list.committee.length;
        require(
            list.quorum != 0 && list.quorum <= size && size <= LARGEST_COMMITTEE,
            QuorumInvalid(list.quorum, size, LARGEST_COMMITTEE)
        );
        _registry.requireActive(list.supplier, Roles.SUPPLIER);
        _registry.requireActive(list.treasury, Roles.TREASURY);
        require(list.supplier != list.buyer, DutiesNotSeparate(list.supplier));
        require(list.supplier != list.treasury, DutiesNotSeparate(list.supplier));
        _requireOffices(list, list.committee, Roles.COMMITTEE);
        _requireOffices(list, list.inspectors, Roles.INSPECTOR);
        for (uint256 i; i < list.inspectors.length; ++i) {
            bytes32 inspector = list.inspectors[i];
            for (uint256 j; j < size; ++j) {
                require(list.committee[j] != inspector, DutiesNotSeparate(inspector));
            }
        }
    }

    function _requireOffices(Parties calldata list, bytes32[] calldata offices, uint16 role) private view {
        bytes32 previous;
        for (uint256 i; i < offices.length; ++i) {
            bytes32 office = offices[i];
            require(office > previous, PartiesNotAscending(previous, office));
            previous = office;
            bytes32 organization = _registry.requireActive(office, role).organization;
            require(
                office != list.supplier && organization != list.supplier && office != list.treasury,
                DutiesNotSeparate(office)
            );
        }
    }

    function _requirePayee(bytes32 payee) private view {
        bytes32 organization = _registry.requireActive(payee, Roles.SUPPLIER).organization;
        bool acts = payee == _parties.buyer || payee == _parties.treasury || organization == _parties.buyer
            || _position(_parties.committee, payee) != 0 || _position(_parties.inspectors, payee) != 0;
        require(!acts, DutiesNotSeparate(payee));
    }

    /// @dev 1 for the first of the list, 0 for who is not on it.
    function _position(bytes32[] storage list, bytes32 item) private view returns (uint256) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == item) return i + 1;
        }
        return 0;
    }

    function _bit(MilestoneStatus which) private pure returns (uint256) {
        return uint256(1) << uint256(which);
    }

    function _count(uint32 votes) private pure returns (uint256 count) {
        for (; votes != 0; votes &= votes - 1) {
            ++count;
        }
    }
}
