// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementFactory} from "../../../contracts/interfaces/IAgreementFactory.sol";
import {IBudget} from "../../../contracts/interfaces/IBudget.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "../../../contracts/interfaces/ISettlementToken.sol";
import {IWorkCalendar} from "../../../contracts/interfaces/IWorkCalendar.sol";
import {AgreementStatus, Milestone, MilestoneStatus} from "../../../contracts/types/Agreements.sol";
import {Standing} from "../../../contracts/types/Participants.sol";
import {Drawing} from "./Drawing.sol";
import {VM} from "../support/Vm.sol";

/// @title What happens around the agreements
/// @notice Time passes, participants are suspended and reinstated, keys change, money and budget come and go, new agreements are
/// made.
abstract contract WorldActs is Drawing {
    uint256 private constant LARGEST_NUMBER = 8;
    bytes32 private constant REFERENCE = "bank";

    // --- Time ---

    function pass(uint256 seed) external played(seed) {
        uint256 sort = _roll(32);
        uint256 longest = sort < 16 ? 1 days : sort < 26 ? 5 days : sort < 31 ? 20 days : 60 days;
        VM.warp(_now() + _roll(longest));
    }

    /// @dev To the end of a review, or the second after it.
    function passReview(uint256 seed) external played(seed) {
        uint256 undecided = _bit(MilestoneStatus.Submitted) | _bit(MilestoneStatus.Inspected);
        (,, Milestone memory details) = _milestone(undecided);
        if (details.reviewEndsAt >= _now()) VM.warp(details.reviewEndsAt + _roll(2));
    }

    // --- Participants ---

    function setStanding(uint256 seed) external played(seed) {
        Standing standing = _oneIn(2) ? Standing.Suspended : Standing(_roll(4));
        // Mostly those who are paid.
        _stand(_oneIn(2) ? _roll(_people.length) : SUPPLIER + _roll(4), standing);
    }

    function reinstate(uint256 seed) external played(seed) {
        uint256 first = _roll(_people.length);
        for (uint256 i; i < _people.length; ++i) {
            uint256 person = (first + i) % _people.length;
            if (_registry.credentials(_id(person)).standing == Standing.Active) continue;
            return _stand(person, Standing.Active);
        }
    }

    function _stand(uint256 person, Standing standing) internal {
        bytes memory data =
            abi.encodeCall(IParticipantRegistry.setStanding, (_id(person), standing, REASON, bytes32(0)));
        _do(address(_registry), _oneIn(16) ? _account(MINISTRY) : address(this), data);
    }

    /// @dev A new key for a participant, which its old one confirms.
    function confirmSuccession(uint256 seed) external played(seed) {
        uint256 person = _roll(_people.length);
        uint256 key = _newKey();
        address account = VM.addr(key);
        _do(
            address(_registry),
            _oneIn(8) ? _account(SUPPLIER) : address(this),
            abi.encodeCall(IParticipantRegistry.proposeSuccession, (_id(person), account, bytes32(0)))
        );
        address former = _account(person);
        bytes memory data = abi.encodeCall(IParticipantRegistry.confirmSuccession, (_id(person), account));
        if (!_do(address(_registry), _as(person), data)) return;
        _former.push(former);
        _people[person].key = key;
        _people[person].account = account;
        if (person == TREASURY) _approveAll();
    }

    // --- Money and budget ---

    function forward(uint256 seed) external played(seed) {
        address account = _account(TREASURY);
        if (_former.length != 0 && !_oneIn(8)) account = _former[_roll(_former.length)];
        _do(address(_token), _account(AUDITOR), abi.encodeCall(ISettlementToken.forward, (account)));
    }

    function issue(uint256 seed) external played(seed) {
        address to = _oneIn(8) ? address(_agreements[0]) : _account(_roll(_people.length));
        bytes32 bank = _oneIn(16) ? bytes32(0) : REFERENCE;
        bytes memory data = abi.encodeCall(ISettlementToken.issue, (to, _roll(1_000_000), bank));
        _do(address(_token), _oneIn(16) ? _account(TREASURY) : address(this), data);
    }

    function redeem(uint256 seed) external played(seed) {
        address holder = _account(_roll(_people.length));
        uint256 amount = _amount(_token.balanceOf(holder) / 2);
        if (!_oneIn(8)) {
            _do(address(_token), holder, abi.encodeCall(_token.approve, (address(this), amount)));
        }
        bytes32 bank = _oneIn(16) ? bytes32(0) : REFERENCE;
        _do(address(_token), address(this), abi.encodeCall(ISettlementToken.redeem, (holder, amount, bank)));
    }

    /// @dev Among participants; now and then to an agreement, a stranger, or an account that was given up.
    function transfer(uint256 seed) external played(seed) {
        address from = _account(_roll(_people.length));
        uint256 sort = _roll(8);
        address to = _account(_roll(_people.length));
        if (sort == 0) to = address(_agreements[_roll(_agreements.length)]);
        else if (sort == 1) to = address(uint160(_entropy));
        else if (sort == 2 && _former.length != 0) to = _former[_roll(_former.length)];
        _do(address(_token), from, abi.encodeCall(_token.transfer, (to, _amount(_token.balanceOf(from) / 4))));
    }

    function appropriate(uint256 seed) external played(seed) {
        uint256 committed = _budget.get(_line).committed;
        // Mostly more than enough, so that agreements can be made.
        uint128 total = uint128(committed + (_oneIn(4) ? _roll(10_000) : 1e18));
        if (_oneIn(8) && committed != 0) total = uint128(committed - 1);
        bytes memory data = abi.encodeCall(
            IBudget.appropriate, (_id(MINISTRY), address(_token), YEAR, LINE, total, bytes32(0))
        );
        _do(address(_budget), _oneIn(16) ? _account(MINISTRY) : address(this), data);
    }

    /// @dev Any weekend but seven days, and some holidays.
    function setYear(uint256 seed) external played(seed) {
        uint16[] memory holidays = new uint16[](_roll(4));
        uint256 day;
        for (uint256 i; i < holidays.length; ++i) {
            day += 1 + _roll(120);
            holidays[i] = uint16(day);
        }
        uint8 weekend = uint8(_oneIn(4) ? _roll(128) : 0x60);
        bytes memory data =
            abi.encodeCall(IWorkCalendar.setYear, (uint16(YEAR + _roll(3)), weekend, holidays, bytes32(0)));
        _do(address(_calendar), _oneIn(16) ? _account(MINISTRY) : address(this), data);
    }

    // --- Agreements ---

    function create(uint256 seed) external played(seed) {
        _found = _agreements.length < LARGEST_NUMBER;
        if (_instead() || !_found) return;
        Sample memory sample = _oneIn(2) ? _sample(_roll(SAMPLES), _agreements.length) : _drawn();
        _create(sample, _as(_member()));
    }

    function _create(Sample memory sample, address caller) internal {
        address expected = _factory.addressOf(sample.terms.ocid, sample.terms.contractId);
        bytes memory data =
            abi.encodeCall(IAgreementFactory.create, (sample.parties, sample.terms, sample.milestones));
        if (!_do(address(_factory), caller, data)) return;
        IAgreement agreement = IAgreement(expected);
        _agreements.push(agreement);
        _quorumOf[agreement] = sample.parties.quorum;
        _inspected[agreement] = sample.parties.inspectors.length != 0;
        _touched = agreement;
        if (_watched) _watch(agreement);
        _approveAll();
    }

    /// @dev The treasury lets all agreements fetch what they need.
    function _approveAll() private {
        for (uint256 i; i < _agreements.length; ++i) {
            VM.prank(_account(TREASURY));
            _token.approve(address(_agreements[i]), type(uint256).max);
        }
    }
}
