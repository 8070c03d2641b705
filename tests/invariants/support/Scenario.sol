// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {Amendment} from "../../../contracts/types/Agreements.sol";
import {Samples} from "./Samples.sol";
import {VM} from "./Vm.sol";

/// @title Single steps of one agreement
/// @notice For sequences that are written down, where the handler plays sequences that are drawn.
abstract contract Scenario is Samples {
    bytes32 internal constant REASON = "reason";
    /// @dev 5 January 2026, a Monday.
    uint256 private constant START = 1_767_571_200;

    IAgreement internal _agreement;

    function setUp() public virtual {
        VM.warp(START);
        _deployAll();
        _registerAll();
        _appropriate(type(uint128).max);
        _token.issue(_account(TREASURY), type(uint96).max, "bank");
    }

    /// @dev Deploys an agreement, funds it and has it signed.
    function _activate(Sample memory sample) internal {
        VM.prank(_account(COMMITTEE));
        _agreement = IAgreement(_factory.create(sample.parties, sample.terms, sample.milestones));
        VM.prank(_account(TREASURY));
        _token.approve(address(_agreement), type(uint256).max);
        VM.prank(_account(TREASURY));
        _agreement.fund(sample.terms.value);
        VM.prank(_account(SUPPLIER));
        _agreement.sign();
    }

    function _submit(uint256 milestone) internal {
        VM.prank(_account(SUPPLIER));
        _agreement.submit(milestone, REASON);
    }

    /// @dev By as many members as are needed.
    function _vote(uint256 quorum, bytes memory data) internal {
        for (uint256 i; i < quorum; ++i) {
            VM.prank(_account(COMMITTEE + i));
            (bool done, bytes memory answer) = address(_agreement).call(data);
            require(done, string(answer));
        }
    }

    /// @dev What may be refused.
    function _try(uint256 person, bytes memory data) internal returns (bool done) {
        VM.prank(_account(person));
        (done,) = address(_agreement).call(data);
    }

    /// @dev Proposed by the supplier, signed by as many members as are needed.
    function _amend(uint256 quorum, Amendment memory terms) internal {
        VM.prank(_account(SUPPLIER));
        uint256 number = _agreement.proposeAmendment(terms);
        _vote(quorum, abi.encodeCall(_agreement.signAmendment, (number, terms)));
    }

    function _pass(uint256 time) internal {
        VM.warp(VM.getBlockTimestamp() + time);
    }
}
