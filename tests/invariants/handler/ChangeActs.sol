// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementChanges} from "../../../contracts/interfaces/IAgreementChanges.sol";
import {
    AgreementStatus,
    Amendment,
    GuaranteeKind,
    Milestone,
    MilestoneChange,
    MilestoneStatus,
    MilestoneTerms,
    Money
} from "../../../contracts/types/Agreements.sol";
import {Progress} from "./Progress.sol";

/// @title Guarantees, the advance, and amendments
abstract contract ChangeActs is Progress {
    bytes32 private constant AMENDMENT_SIGNATURE =
        keccak256("AmendmentSignature(uint256 amendment,bytes32 content,uint64 validUntil)");

    /// @dev The latest proposal of each agreement.
    mapping(IAgreement agreement => bytes) private _proposed;
    mapping(IAgreement agreement => uint256) private _proposals;
    /// @dev How many amendments had taken effect when it was made.
    mapping(IAgreement agreement => uint256) private _base;

    function recordGuarantee(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(
            _bit(AgreementStatus.Signed) | _bit(AgreementStatus.Completed)
                | (_oneIn(2) ? _working() : _bit(AgreementStatus.Active))
        );
        if (_instead()) return;
        GuaranteeKind kind = GuaranteeKind(_roll(3));
        if (agreement.status() == AgreementStatus.Completed) kind = GuaranteeKind.Retention;
        // Mostly enough, and mostly for long.
        uint128 amount = _oneIn(4) ? _amount(1_000) : agreement.money().value;
        uint64 expiresAt = _now() + uint64(_oneIn(4) ? _roll(20 days) : 400 days);
        bytes memory data =
            abi.encodeCall(IAgreementChanges.recordGuarantee, (kind, amount, expiresAt, _reason()));
        _vote(agreement, data);
    }

    function payAdvance(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Active));
        if (_instead()) return;
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementChanges.payAdvance, ()));
    }

    function proposeAmendment(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Active));
        if (_instead()) return;
        Amendment memory terms = _oneIn(4) ? _extension(agreement) : _amendment(agreement);
        bytes memory data = abi.encodeCall(IAgreementChanges.proposeAmendment, (terms));
        if (!_act(agreement, _as(_oneIn(2) ? SUPPLIER : _member()), data)) return;
        _proposed[agreement] = abi.encode(terms);
        _base[agreement] = _books[address(agreement)].amendments;
        ++_proposals[agreement];
    }

    function signAmendment(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 number, Amendment memory terms) = _open();
        if (_instead()) return;
        if (_oneIn(2)) return _signAll(agreement, number, terms);
        bytes memory data = abi.encodeCall(IAgreementChanges.signAmendment, (number, terms));
        uint256 who = _roll(3);
        if (who == 0) _act(agreement, _as(AUTHORITY), data);
        else if (who == 1) _act(agreement, _as(SUPPLIER), data);
        else _vote(agreement, data);
    }

    /// @dev All that are needed; the proposer, too, which has signed.
    function _signAll(IAgreement agreement, uint256 number, Amendment memory terms) private {
        bytes memory data = abi.encodeCall(IAgreementChanges.signAmendment, (number, terms));
        _act(agreement, _as(AUTHORITY), data);
        _act(agreement, _as(SUPPLIER), data);
        _vote(agreement, data);
    }

    function signAmendmentSigned(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 number, Amendment memory terms) = _open();
        if (_instead()) return;
        bytes memory content = abi.encode(AMENDMENT_SIGNATURE, number, keccak256(abi.encode(number, terms)));
        bytes memory data = abi.encodeCall(
            IAgreementChanges.signAmendmentSigned, (number, terms, _signatures(agreement, content))
        );
        _act(agreement, _as(AUDITOR), data);
    }

    function enactAmendment(uint256 seed) external played(seed) {
        (IAgreement agreement, uint256 number, Amendment memory terms) = _open();
        if (_instead()) return;
        if (!_oneIn(4)) _signAll(agreement, number, terms);
        bytes memory data = abi.encodeCall(IAgreementChanges.enactAmendment, (number, terms));
        _act(agreement, _as(TREASURY), data);
    }

    /// @dev An agreement with a proposal, if there is one, and the latest of its proposals.
    function _open() private returns (IAgreement agreement, uint256 number, Amendment memory terms) {
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            agreement = _agreements[(first + i) % _agreements.length];
            if (agreement.status() != AgreementStatus.Active) continue;
            _found =
                _proposed[agreement].length != 0 && _base[agreement] == _books[address(agreement)].amendments;
            if (!_found) continue;
            return (agreement, _proposals[agreement], abi.decode(_proposed[agreement], (Amendment)));
        }
        _found = false;
        terms.reason = REASON;
    }

    function _amendment(IAgreement agreement) private returns (Amendment memory terms) {
        Money memory money = agreement.money();
        Milestone[] memory list = agreement.milestones();
        terms.changes = new MilestoneChange[](_roll(4));
        uint256 room = money.value - money.scheduled;
        uint256 milestone = list.length;
        for (uint256 i; i < terms.changes.length && list.length != 0; ++i) {
            // Now and then the same milestone again.
            if (milestone == list.length || !_oneIn(3)) milestone = _roll(list.length);
            (terms.changes[i], room) = _change(list, milestone, room);
        }
        terms.milestones = new MilestoneTerms[](_oneIn(2) ? 1 + _roll(2) : 0);
        uint256 added;
        for (uint256 i; i < terms.milestones.length; ++i) {
            terms.milestones[i] = _added(money.value);
            added += terms.milestones[i].amount;
        }
        // Mostly as much as is needed.
        if (added > room) terms.increase = _oneIn(8) ? _amount(money.value) : uint128(added - room);
        else if (_oneIn(2)) terms.decrease = _oneIn(8) ? _amount(money.value) : uint128(room - added);
        terms.endsAt = _oneIn(4) ? _now() + uint64(_roll(200 days)) : 0;
        terms.reason = _reason();
        terms.legalGround = _oneIn(2) ? REASON : bytes32(0);
        terms.validUntil = _oneIn(4) ? _now() + uint64(_roll(20 days)) : 0;
    }

    /// @dev More time for what has been accepted: damages become undue.
    function _extension(IAgreement agreement) private returns (Amendment memory terms) {
        Milestone[] memory list = agreement.milestones();
        terms.reason = REASON;
        terms.changes = new MilestoneChange[](1);
        for (uint256 i; i < list.length; ++i) {
            terms.changes[0].milestone = i;
            terms.changes[0].amount = list[i].amount;
            terms.changes[0].dueAt = _later(list[i].dueAt);
            bool done = list[i].status == MilestoneStatus.Paid || list[i].status == MilestoneStatus.Owed;
            if (done && list[i].dueAt != 0 && _oneIn(2)) break;
        }
    }

    /// @dev A change of some milestone, and what room is left in the value after it.
    function _change(Milestone[] memory list, uint256 milestone, uint256 room)
        private
        returns (MilestoneChange memory change, uint256 left)
    {
        change.milestone = _oneIn(32) ? list.length : milestone;
        Milestone memory present = list[milestone];
        change.amount = present.amount;
        change.dueAt = _oneIn(2) ? present.dueAt : _date(present.dueAt);
        left = room;
        uint256 changeable = _bit(MilestoneStatus.Scheduled) | _bit(MilestoneStatus.Rejected)
            | _bit(MilestoneStatus.PartlyAccepted);
        if (_bit(present.status) & changeable == 0 && !_oneIn(8)) return (change, left);
        change.payee = _payee();
        change.removed = _oneIn(4);
        if (change.removed) return (change, room + present.amount - present.accepted);
        if (!_oneIn(2)) return (change, left);
        change.amount = uint128(present.accepted + _amount(present.amount));
        // The list is what the next change of the same milestone begins from.
        if (room + present.amount < change.amount) change.amount = uint128(room + present.amount);
        left = room + present.amount - change.amount;
        present.amount = change.amount;
    }

    function _added(uint256 value) private returns (MilestoneTerms memory terms) {
        terms.amount = _amount(value / 8 + 1);
        terms.dueAt = _date(0);
        terms.payee = _payee();
    }

    function _date(uint64 present) private returns (uint64) {
        if (_oneIn(4)) return 0;
        // Now and then earlier.
        uint64 date = _later(present);
        return _oneIn(4) ? date - 10 days : date;
    }

    function _later(uint64 present) private returns (uint64) {
        return (present == 0 ? _now() : present) + uint64(_roll(40 days));
    }

    /// @dev Mostly the supplier; now and then one that must not be.
    function _payee() private returns (bytes32) {
        uint256 sort = _roll(16);
        if (sort == 0) return _oneIn(2) ? _id(INSPECTORATE) : _id(_roll(_people.length));
        return sort < 4 ? _id(SUBCONTRACTOR) : sort < 6 ? _id(PARTNER) : bytes32(0);
    }
}
