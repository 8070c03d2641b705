// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../contracts/interfaces/IAgreement.sol";
import {WayOut} from "./support/WayOut.sol";
import {VM} from "./support/Vm.sol";

/// @notice I9, see README.md. Looked at after each run: each agreement is led out in three ways, each from the same state.
contract WayOutTest is WayOut {
    function _salt() internal pure override returns (bytes32) {
        return "I9";
    }

    function invariant_I9_way_out() public view {
        _checkTouched();
    }

    /// @dev After each call there is no time for more.
    function _check(IAgreement agreement) internal view override {}

    function afterInvariant() external override {
        IAgreement[] memory list = _handler.agreements();
        for (uint256 i; i < list.length; ++i) {
            uint256 state = VM.snapshotState();
            _leaveAlone(list[i]);
            VM.revertToState(state);
            state = VM.snapshotState();
            _leaveTogether(list[i]);
            VM.revertToState(state);
            state = VM.snapshotState();
            _leaveByBuyer(list[i]);
            VM.revertToState(state);
        }
    }
}
