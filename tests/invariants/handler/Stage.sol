// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {AgreementStatus, Approval, Milestone, MilestoneStatus} from "../../../contracts/types/Agreements.sol";
import {Chronicle} from "../support/Chronicle.sol";
import {Samples} from "../support/Samples.sol";
import {Signatures} from "../support/Signatures.sol";
import {Transitions} from "../support/Transitions.sol";
import {VM} from "../support/Vm.sol";

/// @title The stage on which random acts are played
/// @notice Chance, the choice of who acts and on what, and what is kept of each act. Chance follows from the seeds that the
/// fuzzer gives, so that a sequence of calls can be played again.
abstract contract Stage is Samples, Signatures, Chronicle {
    using Transitions for Transitions.Seen;

    /// @notice How often an act took effect, and how often it was refused.
    struct Tally {
        uint256 effects;
        uint256 refusals;
    }

    /// @dev What somebody voted for lately is likely to be voted for again, so that quorums come about.
    bytes32 internal constant REASON = "reason";
    bytes4 private constant PANIC = 0x4e487b71;
    bytes4 private constant PLAIN_ERROR = 0x08c379a0;

    IAgreement[] internal _agreements;
    mapping(IAgreement agreement => uint256 quorum) internal _quorumOf;
    mapping(IAgreement agreement => Transitions.Seen) private _seen;
    mapping(bytes4 act => Tally) internal _tallies;
    IAgreement internal _touched;
    /// @dev Statuses are looked at after each act only where somebody asks for it: that takes time.
    bool internal _watched;
    uint256 internal _entropy;

    // --- Chance ---

    /// @dev Each act of the handler begins with this.
    modifier played(uint256 seed) {
        _entropy = uint256(keccak256(abi.encode(_entropy, seed)));
        _;
    }

    function _roll(uint256 sides) internal returns (uint256) {
        _entropy = uint256(keccak256(abi.encode(_entropy)));
        return _entropy % sides;
    }

    function _oneIn(uint256 sides) internal returns (bool) {
        return _roll(sides) == 0;
    }

    /// @dev An amount up to a largest; now and then none, or far too much.
    function _amount(uint256 largest) internal returns (uint128) {
        uint256 sort = _roll(32);
        if (sort == 0) return 0;
        if (sort == 1) return uint128(_entropy);
        if (largest == 0 || sort < 6) return uint128(largest + (sort == 2 ? 1 : 0));
        if (sort < 10) return 1;
        return uint128(1 + _roll(largest));
    }

    function _reason() internal returns (bytes32) {
        return _oneIn(32) ? bytes32(0) : REASON;
    }

    function _now() internal view returns (uint64) {
        return uint64(VM.getBlockTimestamp());
    }

    // --- Who and what ---

    /// @dev The account of who should act; now and then that of somebody else.
    function _as(uint256 person) internal returns (address) {
        if (!_oneIn(16)) return _account(person);
        return _oneIn(4) ? address(uint160(_entropy)) : _account(_roll(_people.length));
    }

    function _member() internal returns (uint256) {
        return COMMITTEE + _roll(COMMITTEE_SIZE);
    }

    /// @dev An agreement in one of these statuses, each a bit; any if there is none.
    function _agreement(uint256 statuses) internal returns (IAgreement) {
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            IAgreement found = _agreements[(first + i) % _agreements.length];
            if (_bit(found.status()) & statuses != 0) return found;
        }
        return _agreements[first];
    }

    /// @dev A milestone in one of these statuses, of an agreement that work is done in; any if there is none.
    function _milestone(uint256 statuses)
        internal
        returns (IAgreement agreement, uint256 index, Milestone memory details)
    {
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            agreement = _agreements[(first + i) % _agreements.length];
            if (_bit(agreement.status()) & _working() == 0) continue;
            Milestone[] memory list = agreement.milestones();
            uint256 start = list.length == 0 ? 0 : _roll(list.length);
            for (uint256 j; j < list.length; ++j) {
                index = (start + j) % list.length;
                details = list[index];
                if (_bit(details.status) & statuses != 0) return (agreement, index, details);
            }
        }
        index = _roll(6);
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
