// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";
import {IAgreement} from "./interfaces/IAgreement.sol";
import {IBudget} from "./interfaces/IBudget.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Duties} from "./libraries/Duties.sol";
import {Schedules} from "./libraries/Schedules.sol";
import {
    AgreementStatus,
    Amendment,
    Milestone,
    MilestoneStatus,
    MilestoneTerms,
    Money,
    Parties,
    Progress,
    Terms
} from "./types/Agreements.sol";
import {Participant, Roles, Standing} from "./types/Participants.sol";

/// @title One public contract
/// @notice The rules are stated on {IAgreement}.
contract Agreement is IAgreement {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC20;
    using Schedules for Schedules.Part[];

    /// @dev A contract's code ends at 24,576 bytes (EIP-170), of which SSTORE2 takes one.
    uint256 private constant LARGEST_RECORD = 24_575;
    /// @dev Each act looks for its milestone among those under way, at 2,100 gas each.
    uint256 private constant LARGEST_UNDER_WAY = 256;

    address private immutable _factory;
    IParticipantRegistry private immutable _registry;
    IBudget private immutable _budget;

    AgreementStatus private _status;
    uint24 private _amendments;
    uint24 private _count;
    uint40 private _endsAt;
    /// @dev Whose code holds parties and terms as signed: they never change, and code costs less than storage.
    address private _record;
    Money private _money;
    Schedules.Part[] private _schedule;
    /// @dev The milestones whose payee is not the supplier, and their payees.
    BitMaps.BitMap private _redirected;
    mapping(uint256 milestone => bytes32 payee) private _payees;
    /// @dev What was submitted and is not accepted yet. A place whose milestone is done has status None and is used again,
    /// so that neither gas nor state grows with what is done; one that was never used has attempt 0, and so have all behind
    /// it. What is done is a bit of {_owed} or {_paid}.
    Progress[LARGEST_UNDER_WAY] private _underWay;
    BitMaps.BitMap private _owed;
    BitMaps.BitMap private _paid;
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
        Duties.requireSeparate(_registry, parties_);
        bytes memory record = abi.encode(parties_, terms_);
        require(record.length <= LARGEST_RECORD, RecordTooLarge(record.length, LARGEST_RECORD));
        _record = SSTORE2.write(record);
        _endsAt = _date(terms_.endsAt);
        _money.value = terms_.value;
        _add(parties_, milestones_);
        _budget.commit(terms_.budgetLine, parties_.buyer, terms_.token, terms_.value);
        if (terms_.value == 0) _activate();
    }

    /// @inheritdoc IAgreement
    function fund(uint128 value) external {
        // Check
        require(
            _status == AgreementStatus.Signed || _status == AgreementStatus.Active,
            AgreementUnexpectedStatus(_status, AgreementStatus.Active)
        );
        (Parties memory list, Terms memory agreed) = _signed();
        bytes32 by = _requireParty(list.treasury);
        require(value == _money.value, AgreementUnexpectedValue(_money.value, value));
        uint128 amount = _money.value - _money.funded;
        require(amount != 0, NothingToFund(_money.value, _money.funded));

        // Effect
        _money.funded = _money.value;
        emit AgreementFunded(by, amount, _money.funded);
        if (_status == AgreementStatus.Signed) _activate();

        // Interaction
        IERC20(agreed.token).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IAgreement
    function submit(uint256 milestone, bytes32 evidence) external whenStatus(AgreementStatus.Active) {
        (Parties memory list,) = _signed();
        bytes32 by = _requireParty(list.supplier);
        uint256 position =
            _expect(milestone, _bit(MilestoneStatus.Scheduled) | _bit(MilestoneStatus.Rejected));
        require(evidence != 0, EvidenceMissing(milestone));

        uint16 attempt = 1;
        if (position == 0) position = _freePosition();
        else attempt += _underWay[position - 1].attempt;
        _underWay[position - 1] = Progress({
            // Cannot truncate: milestone < count.
            milestone: uint24(milestone),
            status: MilestoneStatus.Submitted,
            attempt: attempt,
            approvals: 0,
            rejections: 0
        });
        emit MilestoneSubmitted(milestone, attempt, by, evidence);
    }

    /// @inheritdoc IAgreement
    function attest(uint256 milestone, uint256 attempt, uint64 seenAt, bytes32 report)
        external
        whenStatus(AgreementStatus.Active)
    {
        (Parties memory list,) = _signed();
        bytes32 by = _registry.participantOf(msg.sender);
        require(_position(list.inspectors, by) != 0, CallerNotInspector(msg.sender, by));
        _registry.requireActive(by, Roles.INSPECTOR);
        Progress storage current = _underWay[_expect(milestone, _bit(MilestoneStatus.Submitted)) - 1];
        _requireLatest(milestone, current, attempt);
        require(seenAt <= block.timestamp, DateInFuture(seenAt, uint64(block.timestamp)));
        require(report != 0, EvidenceMissing(milestone));

        current.status = MilestoneStatus.Inspected;
        emit MilestoneAttested(milestone, attempt, by, seenAt, report);
    }

    /// @inheritdoc IAgreement
    function accept(uint256 milestone, uint256 attempt) external whenStatus(AgreementStatus.Active) {
        (Parties memory list, Terms memory agreed) = _signed();
        (bytes32 by, uint32 vote) = _requireMember(list);
        // Where there are inspectors, only what one of them has attested can be accepted.
        bool inspected = list.inspectors.length != 0;
        uint256 position =
            _expect(milestone, _bit(inspected ? MilestoneStatus.Inspected : MilestoneStatus.Submitted));
        Progress storage current = _underWay[position - 1];
        _requireVote(milestone, current, attempt, by, vote);

        current.approvals |= vote;
        uint256 approvals = _votes(current.approvals);
        emit MilestoneApproved(milestone, attempt, by, approvals, list.quorum);
        if (approvals != list.quorum) return;
        current.status = MilestoneStatus.None;
        _acceptAndPay(milestone, attempt, list.supplier, agreed.token);
    }

    /// @inheritdoc IAgreement
    function reject(uint256 milestone, uint256 attempt, bytes32 reason, bytes32 document)
        external
        whenStatus(AgreementStatus.Active)
    {
        (Parties memory list,) = _signed();
        (bytes32 by, uint32 vote) = _requireMember(list);
        uint256 position =
            _expect(milestone, _bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected));
        Progress storage current = _underWay[position - 1];
        _requireVote(milestone, current, attempt, by, vote);
        require(reason != 0, ReasonMissing());

        current.rejections |= vote;
        uint256 rejections = _votes(current.rejections);
        // Cannot underflow: 1 <= quorum <= committee.
        uint256 needed = list.committee.length - list.quorum + 1;
        emit MilestoneDisapproved(milestone, attempt, by, reason, document, rejections, needed);
        if (rejections == needed) {
            current.status = MilestoneStatus.Rejected;
            emit MilestoneRejected(milestone, attempt, reason, document);
        }
    }

    /// @inheritdoc IAgreement
    function claim(uint256 milestone) external {
        // Check
        _expect(milestone, _bit(MilestoneStatus.Owed));
        (Parties memory list, Terms memory agreed) = _signed();
        bytes32 payee = _payee(milestone, list.supplier);
        Participant memory details = _registry.get(payee);
        require(details.standing != Standing.Suspended, PayeeSuspended(payee));

        // Effect
        (uint128 amount,) = _schedule.read(milestone);
        _money.owed -= amount;
        _owed.unset(milestone);
        _settle(milestone, payee, details.account, amount, true);

        // Interaction
        IERC20(agreed.token).safeTransfer(details.account, amount);
    }

    /// @inheritdoc IAgreement
    function proposeAmendment(Amendment calldata terms_)
        external
        whenStatus(AgreementStatus.Active)
        returns (uint256 amendment)
    {
        (Parties memory list,) = _signed();
        (bytes32 by,) = _requireMember(list);
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
        (Parties memory list, Terms memory agreed) = _signed();
        bytes32 by = _requireParty(list.supplier);
        _registry.requireActive(by, Roles.SUPPLIER);
        bytes32 content = keccak256(abi.encode(amendment, terms_));
        require(content == _proposed, AmendmentUnknown(amendment, content, _proposed));

        // Effect
        _proposed = 0;
        // First, as it bounds the increase.
        _budget.commit(agreed.budgetLine, list.buyer, agreed.token, terms_.increase);
        uint128 previous = _money.value;
        _money.value = previous + terms_.increase;
        if (terms_.endsAt != 0) _endsAt = _date(terms_.endsAt);
        emit AmendmentSigned(amendment, by, previous, _money.value, _endsAt, terms_.reason, terms_.document);
        _add(list, terms_.milestones);
    }

    /// @inheritdoc IAgreement
    function close(bytes32 reason, bytes32 document) external {
        // Check
        require(
            _status == AgreementStatus.Signed || _status == AgreementStatus.Active,
            AgreementUnexpectedStatus(_status, AgreementStatus.Active)
        );
        (Parties memory list, Terms memory agreed) = _signed();
        (bytes32 by, uint32 vote) = _requireMember(list);
        require(reason != 0, ReasonMissing());
        bytes32 decision = keccak256(abi.encode(reason, document));
        uint32 votes = _closureVotes[decision];
        require(votes & vote == 0, AlreadyVoted(type(uint256).max, by));

        // Effect
        votes |= vote;
        _closureVotes[decision] = votes;
        uint256 approvals = _votes(votes);
        emit ClosureApproved(by, reason, document, approvals, list.quorum);
        if (approvals == list.quorum) _close(reason, document, list.treasury, agreed);
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
        (participants,) = _signed();
    }

    /// @inheritdoc IAgreement
    function terms() external view returns (Terms memory agreed) {
        (, agreed) = _signed();
        agreed.value = _money.value;
        agreed.endsAt = _endsAt;
    }

    /// @inheritdoc IAgreement
    function milestones() external view returns (Milestone[] memory list) {
        (uint128[] memory amounts, uint40[] memory dueAts) = _schedule.readAll(_count);
        list = new Milestone[](_count);
        for (uint256 i; i < list.length; ++i) {
            list[i].amount = amounts[i];
            list[i].dueAt = dueAts[i];
            list[i].status = _statusOf(i, 0);
        }
        for (uint256 i; i < LARGEST_UNDER_WAY && _underWay[i].attempt != 0; ++i) {
            Progress memory current = _underWay[i];
            if (current.status == MilestoneStatus.None) continue;
            Milestone memory shown = list[current.milestone];
            shown.status = _statusOf(current.milestone, i + 1);
            shown.attempt = current.attempt;
            shown.approvals = current.approvals;
            shown.rejections = current.rejections;
        }
    }

    /// @inheritdoc IAgreement
    function payeeOf(uint256 milestone) external view returns (bytes32 payee) {
        require(milestone < _count, MilestoneUnknown(milestone, _count));
        (Parties memory list,) = _signed();
        return _payee(milestone, list.supplier);
    }

    function _activate() private {
        _status = AgreementStatus.Active;
        emit AgreementActivated();
    }

    function _acceptAndPay(uint256 milestone, uint256 attempt, bytes32 supplier, address token) private {
        // Check
        (uint128 amount,) = _schedule.read(milestone);
        // Cannot underflow: accepted and refunded money was funded before.
        uint128 available = _money.funded - _money.accepted;
        require(amount <= available, AgreementUnderfunded(milestone, amount, available));
        bytes32 payee = _payee(milestone, supplier);
        Participant memory details = _registry.get(payee);

        // Effect
        _money.accepted += amount;
        emit MilestoneAccepted(milestone, attempt, amount);

        // Interaction: the token is ours and calls nobody back, so that the outcome may decide the state.
        bool pushed =
            details.standing == Standing.Active && IERC20(token).trySafeTransfer(details.account, amount);
        if (pushed) {
            _settle(milestone, payee, details.account, amount, false);
        } else {
            _owed.set(milestone);
            _money.owed += amount;
            emit PaymentOwed(milestone, payee, amount);
        }
    }

    function _settle(uint256 milestone, bytes32 payee, address account, uint128 amount, bool claimed)
        private
    {
        _paid.set(milestone);
        _money.paid += amount;
        emit PaymentMade(milestone, payee, account, amount, claimed);
    }

    function _close(bytes32 reason, bytes32 document, bytes32 treasury, Terms memory agreed) private {
        _status = AgreementStatus.Closed;
        // Cannot underflow: accepted <= scheduled.
        uint128 cancelled = _money.scheduled - _money.accepted;
        _money.scheduled = _money.accepted;
        // Cannot underflow: accepted <= value, accepted <= funded.
        uint128 released = _money.value - _money.accepted;
        uint128 refund = _money.funded - _money.accepted;
        _money.refunded = refund;
        emit AgreementClosed(reason, document, cancelled, refund, released);

        _budget.release(agreed.budgetLine, released);
        if (refund != 0) IERC20(agreed.token).safeTransfer(_registry.get(treasury).account, refund);
    }

    function _add(Parties memory list, MilestoneTerms[] calldata added) private {
        uint256 first = _count;
        uint256 scheduled = _money.scheduled;
        for (uint256 i; i < added.length; ++i) {
            MilestoneTerms calldata item = added[i];
            bytes32 payee = item.payee == 0 ? list.supplier : item.payee;
            if (payee != list.supplier) {
                Duties.requirePayee(_registry, list, payee);
                _redirected.set(first + i);
                _payees[first + i] = payee;
            }
            emit MilestoneScheduled(first + i, item.amount, _date(item.dueAt), payee, item.document);
            scheduled += item.amount;
        }
        require(scheduled <= _money.value, ScheduleExceedsValue(scheduled, _money.value));
        // Cannot truncate: scheduled <= value.
        _money.scheduled = uint128(scheduled);
        // Cannot truncate: 2^24 milestones would fill 16,777 contracts.
        _count = uint24(first + added.length);
        _schedule.append(first, added);
    }

    /// @dev Parties and terms as signed.
    function _signed() private view returns (Parties memory list, Terms memory agreed) {
        return abi.decode(SSTORE2.read(_record), (Parties, Terms));
    }

    function _payee(uint256 milestone, bytes32 supplier) private view returns (bytes32 payee) {
        return _redirected.get(milestone) ? _payees[milestone] : supplier;
    }

    function _freePosition() private view returns (uint256) {
        for (uint256 i; i < LARGEST_UNDER_WAY; ++i) {
            if (_underWay[i].status == MilestoneStatus.None) return i + 1;
        }
        revert TooManyUnderWay(LARGEST_UNDER_WAY);
    }

    /// @dev 1 for the first under way, 0 for a milestone that is not.
    function _positionOf(uint256 milestone) private view returns (uint256) {
        for (uint256 i; i < LARGEST_UNDER_WAY; ++i) {
            Progress storage current = _underWay[i];
            if (current.attempt == 0) return 0;
            if (current.milestone == milestone && current.status != MilestoneStatus.None) return i + 1;
        }
        return 0;
    }

    /// @dev Scheduled and Cancelled are never stored: they are what a milestone is in which nothing happened, and what
    /// closing makes of all that was not accepted.
    function _statusOf(uint256 milestone, uint256 position) private view returns (MilestoneStatus) {
        if (_paid.get(milestone)) return MilestoneStatus.Paid;
        if (_owed.get(milestone)) return MilestoneStatus.Owed;
        if (_status == AgreementStatus.Closed) return MilestoneStatus.Cancelled;
        return position == 0 ? MilestoneStatus.Scheduled : _underWay[position - 1].status;
    }

    /// @dev The position of a milestone that has one of the expected statuses, see {_positionOf}.
    function _expect(uint256 milestone, uint256 expected) private view returns (uint256 position) {
        require(milestone < _count, MilestoneUnknown(milestone, _count));
        position = _positionOf(milestone);
        MilestoneStatus found = _statusOf(milestone, position);
        require(_bit(found) & expected != 0, MilestoneUnexpectedStatus(milestone, found, expected));
    }

    function _requireParty(bytes32 expected) private view returns (bytes32 by) {
        by = _registry.participantOf(msg.sender);
        require(by == expected, CallerNotParty(msg.sender, by, expected));
    }

    function _requireMember(Parties memory list) private view returns (bytes32 by, uint32 vote) {
        by = _registry.participantOf(msg.sender);
        uint256 position = _position(list.committee, by);
        require(position != 0, CallerNotOnCommittee(msg.sender, by));
        _registry.requireActive(by, Roles.COMMITTEE);
        vote = uint32(uint256(1) << (position - 1));
    }

    function _requireVote(
        uint256 milestone,
        Progress storage current,
        uint256 attempt,
        bytes32 by,
        uint32 vote
    ) private view {
        _requireLatest(milestone, current, attempt);
        require((current.approvals | current.rejections) & vote == 0, AlreadyVoted(milestone, by));
    }

    function _requireLatest(uint256 milestone, Progress storage current, uint256 attempt) private view {
        require(attempt == current.attempt, MilestoneStaleAttempt(milestone, attempt, current.attempt));
    }

    /// @dev 1 for the first of the list, 0 for who is not on it.
    function _position(bytes32[] memory list, bytes32 item) private pure returns (uint256) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == item) return i + 1;
        }
        return 0;
    }

    function _bit(MilestoneStatus which) private pure returns (uint256) {
        return uint256(1) << uint256(which);
    }

    function _votes(uint32 votes) private pure returns (uint256 count) {
        for (; votes != 0; votes &= votes - 1) {
            ++count;
        }
    }

    function _date(uint64 given) private pure returns (uint40) {
        require(given <= type(uint40).max, DateTooLarge(given));
        return uint40(given);
    }
}
