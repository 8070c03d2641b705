// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IBudget} from "../../../contracts/interfaces/IBudget.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "../../../contracts/interfaces/ISettlementToken.sol";
import {Basis} from "../../../contracts/types/Agreements.sol";
import {Book, Creditor} from "../support/Books.sol";
import {VM} from "../support/Vm.sol";
import {ChangeActs} from "./ChangeActs.sol";
import {ConflictActs} from "./ConflictActs.sol";
import {DecisionActs} from "./DecisionActs.sol";
import {EndingActs} from "./EndingActs.sol";
import {WorkActs} from "./WorkActs.sol";
import {WorldActs} from "./WorldActs.sol";

/// @title What the fuzzer calls
/// @notice One function for each act, which takes a seed and nothing else: who does it, to which agreement and with which
/// arguments follows from the seed and from where things stand, so that most calls have an effect. No function reverts; what an
/// agreement refuses is counted.
contract Handler is WorkActs, DecisionActs, ChangeActs, ConflictActs, EndingActs, WorldActs {
    /// @dev 5 January 2026, a Monday.
    uint256 private constant START = 1_767_571_200;
    uint256 private constant ISSUED = 1 << 90;

    /// @param salt makes the chances of one test others than those of the next
    /// @param watched whether statuses are looked at after each act
    constructor(bytes32 salt, bool watched) {
        VM.warp(START);
        VM.recordLogs();
        _watched = watched;
        _deployAll();
        _registerAll();
        _appropriate(type(uint128).max);
        _token.issue(_account(TREASURY), ISSUED, "bank");
        _record();
        for (uint256 i; i < SAMPLES; ++i) {
            _create(_sample(i, i), _account(COMMITTEE));
        }
        _entropy = uint256(salt);
    }

    // --- What invariants ask ---

    /// @notice The agreements that were made.
    function agreements() external view returns (IAgreement[] memory list) {
        return _agreements;
    }

    /// @notice The agreement of the last act.
    function touched() external view returns (IAgreement agreement) {
        return _touched;
    }

    /// @notice What is known of an agreement from events.
    function bookOf(IAgreement agreement) external view returns (Book memory book) {
        return _books[address(agreement)];
    }

    /// @notice All that were owed money by an agreement at some time.
    function creditorsOf(IAgreement agreement) external view returns (Creditor[] memory list) {
        return _creditors[address(agreement)];
    }

    /// @notice What did not add up between two acts; empty if all did.
    function violation(uint256 invariant) external view returns (string memory what) {
        return _violations[invariant];
    }

    /// @notice How often an act took effect and was refused.
    function tallyOf(bytes4 act) external view returns (Tally memory tally) {
        return _tallies[act];
    }

    /// @notice How often agreements said something.
    function countOf(bytes32 topic) external view returns (uint256 times) {
        return _events[topic];
    }

    /// @notice How many payments rested on something.
    function paymentsOn(Basis basis) external view returns (uint256 times) {
        return _payments[basis];
    }

    /// @notice What was issued, less what was redeemed, by the token's own events.
    function supply() external view returns (uint256 issued, uint256 redeemed) {
        return (_issued, _redeemed);
    }

    /// @notice Everybody that may hold money: accounts, accounts that were given up, agreements.
    function holders() external view returns (address[] memory list) {
        list = new address[](_people.length + _former.length + _agreements.length);
        uint256 next;
        for (uint256 i; i < _people.length; ++i) {
            list[next++] = _people[i].account;
        }
        for (uint256 i; i < _former.length; ++i) {
            list[next++] = _former[i];
        }
        for (uint256 i; i < _agreements.length; ++i) {
            list[next++] = address(_agreements[i]);
        }
    }

    /// @notice The contracts around the agreements, and the budget line of all of them.
    function surroundings()
        external
        view
        returns (IParticipantRegistry registry, IBudget budget, ISettlementToken token, bytes32 line)
    {
        return (_registry, _budget, _token, _line);
    }

    /// @notice All participants.
    function ids() external view returns (bytes32[] memory list) {
        return _ids(0, _people.length);
    }

    /// @notice The accounts of those whom a test lets act, by the constants of {People}.
    function accountOf(uint256 person) external view returns (address account) {
        return _account(person);
    }
}

