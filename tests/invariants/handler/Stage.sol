// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {AgreementStatus, Approval, Milestone, MilestoneStatus} from "../../../contracts/types/Agreements.sol";
import {Chronicle} from "../support/Chronicle.sol";
import {Samples} from "../support/Samples.sol";
import {Signatures} from "../support/Signatures.sol";
import {Transitions} from "../support/Transitions.sol";
import {VM} from "../support/Vm.sol";
import {Chance} from "./Chance.sol";

/// @title The stage on which random acts are played
/// @notice The choice of who acts and on what, and what is kept of each act.
abstract contract Stage is Chance, Samples, Signatures, Chronicle {
    using Transitions for Transitions.Seen;

    /// @notice How often an act took effect, and how often it was refused.
    struct Tally {
        uint256 effects;
        uint256 refusals;
    }

    /// @dev Which agreements a milestone is looked for in.
    enum Inspection {
        Any,
        Needed,
        NotNeeded
    }

    bytes4 private constant PANIC = 0x4e487b71;
    bytes4 private constant PLAIN_ERROR = 0x08c379a0;

    IAgreement[] internal _agreements;
    mapping(IAgreement agreement => uint256 quorum) internal _quorumOf;
    mapping(IAgreement agreement => bool) internal _inspected;
    mapping(IAgreement agreement => Transitions.Seen) private _seen;
    mapping(bytes4 act => Tally) internal _tallies;
    IAgreement internal _touched;
    /// @dev Statuses are looked at after each act only where somebody asks for it: that takes time.
    bool internal _watched;
    /// @dev Whether there was something of the kind that was looked for last.
    bool internal _found;

    // --- Who ---

    /// @dev The account of who should act; now and then that of somebody else.
    function _as(uint256 person) internal returns (address) {
        if (!_oneIn(16)) return _account(person);
        return _oneIn(4) ? address(uint160(_entropy)) : _account(_roll(_people.length));
    }

    function _member() internal returns (uint256) {
        return COMMITTEE + _roll(COMMITTEE_SIZE);
    }

    function _inspector() internal returns (uint256) {
        return INSPECTOR + _roll(INSPECTORS);
    }

    // --- What ---

    /// @dev An agreement in one of these statuses, each a bit; any if there is none, and now and then.
    function _agreement(uint256 statuses) internal returns (IAgreement) {
        if (_oneIn(8)) statuses = type(uint256).max;
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            IAgreement agreement = _agreements[(first + i) % _agreements.length];
            _found = _bit(agreement.status()) & statuses != 0;
            if (_found) return agreement;
        }
        return _agreements[first];
    }

    /// @dev A milestone in one of these statuses, each a bit, of an agreement in one of those; any if there
    /// is none, and now and then.
    function _milestone(uint256 agreements, uint256 statuses, Inspection inspection)
        internal
        returns (IAgreement agreement, uint256 index, Milestone memory details)
    {
        if (_oneIn(8)) statuses = type(uint256).max;
        if (_oneIn(24)) agreements = type(uint256).max;
        uint256 first = _roll(_agreements.length);
        _found = true;
        for (uint256 i; i < _agreements.length; ++i) {
            agreement = _agreements[(first + i) % _agreements.length];
            if (inspection != Inspection.Any && _inspected[agreement] != (inspection == Inspection.Needed)) {
                continue;
            }
            if (_bit(agreement.status()) & agreements == 0) continue;
            Milestone[] memory list = agreement.milestones();
            uint256 start = list.length == 0 ? 0 : _roll(list.length);
            for (uint256 j; j < list.length; ++j) {
                index = (start + j) % list.length;
                details = list[index];
                if (_bit(details.status) & statuses != 0) return (agreement, index, details);
            }
        }
        _found = false;
        index = _roll(6);
    }

    function _milestone(uint256 statuses) internal returns (IAgreement, uint256, Milestone memory) {
        return _milestone(_working(), statuses, Inspection.Any);
    }

    function _working() internal pure returns (uint256) {
        return _bit(AgreementStatus.Active) | _bit(AgreementStatus.Terminated);
    }

    function _bit(AgreementStatus status) internal pure returns (uint256) {
        return 1 << uint256(status);
    }

    function _bit(MilestoneStatus status) internal pure returns (uint256) {
        return 1 << uint256(status);
    }

    /// @dev The latest attempt; now and then another.
    function _attempt(Milestone memory details) internal returns (uint256) {
        return _oneIn(24) ? _roll(4) : details.attempt;
    }

    // --- Acting ---

    /// @dev One act on an agreement, its books and its statuses afterwards.
    function _act(IAgreement agreement, address caller, bytes memory data) internal returns (bool done) {
        _touched = agreement;
        done = _do(address(agreement), caller, data);
        if (done && _watched) _watch(agreement);
    }

    /// @dev One act on any contract.
    function _do(address target, address caller, bytes memory data) internal returns (bool done) {
        bytes memory answer;
        VM.prank(caller);
        (done, answer) = target.call(data);
        if (!done) {
            ++_tallies[bytes4(data)].refusals;
            if (_isCrash(answer)) _violate(11, "an act crashed");
            // What was undone is kept as well.
            VM.getRecordedLogs();
            return false;
        }
        ++_tallies[bytes4(data)].effects;
        _record();
    }

    function _watch(IAgreement agreement) internal {
        string memory violation = _seen[agreement].look(agreement.status(), agreement.milestones());
        if (bytes(violation).length != 0) _violate(8, violation);
    }

    /// @dev The same act by one member of the committee, or by as many as the quorum needs.
    function _vote(IAgreement agreement, bytes memory data) internal {
        uint256 first = _roll(COMMITTEE_SIZE);
        uint256 voters = _oneIn(4) ? 1 : _quorumOf[agreement];
        for (uint256 i; i < voters; ++i) {
            _act(agreement, _as(COMMITTEE + (first + i) % COMMITTEE_SIZE), data);
        }
    }

    /// @dev Offline signatures of one member of the committee, or of as many as the quorum needs.
    function _signatures(IAgreement agreement, bytes memory content)
        internal
        returns (Approval[] memory approvals)
    {
        uint256 first = _roll(COMMITTEE_SIZE);
        approvals = new Approval[](_oneIn(4) ? 1 : _quorumOf[agreement]);
        for (uint256 i; i < approvals.length; ++i) {
            approvals[i] = _signature(agreement, COMMITTEE + (first + i) % COMMITTEE_SIZE, content);
        }
    }

    function _signature(IAgreement agreement, uint256 person, bytes memory content)
        internal
        returns (Approval memory)
    {
        if (_oneIn(16)) person = _roll(_people.length);
        uint64 validUntil = _oneIn(16) ? _now() - 1 : _now() + uint64(_roll(1 days));
        return _approval(address(agreement), person, content, validUntil);
    }

    /// @dev A refusal has a name; anything else is an act that nobody thought of.
    function _isCrash(bytes memory answer) private pure returns (bool) {
        return answer.length < 4 || bytes4(answer) == PANIC || bytes4(answer) == PLAIN_ERROR;
    }
}
