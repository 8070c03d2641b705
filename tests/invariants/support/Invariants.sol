// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {Handler} from "../handler/Handler.sol";
import {Assertions} from "./Assertions.sol";
import {VM} from "./Vm.sol";
import {Weights} from "./Weights.sol";

/// @title What all invariants share
/// @notice After each call of the handler, the agreement that it touched is looked at; after each run, all of them.
abstract contract Invariants {
    using Assertions for uint256;

    /// @notice What the fuzzer calls; Foundry knows this struct.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler internal _handler;

    /// @dev Chances of its own for each test: with the same seed, the fuzzer plays the same for all.
    function _salt() internal pure virtual returns (bytes32);

    /// @dev What should hold of one agreement.
    function _check(IAgreement agreement) internal view virtual;

    /// @dev Whether the handler looks at statuses after each act.
    function _watched() internal pure virtual returns (bool) {
        return false;
    }

    function setUp() public virtual {
        _handler = Handler(VM.deployCode("Handler.sol:Handler", abi.encode(_salt(), _watched())));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector({addr: address(_handler), selectors: Weights.all()});
    }

    function afterInvariant() external virtual {
        _checkAll();
    }

    function _checkTouched() internal view {
        _check(_handler.touched());
    }

    function _checkAll() internal view {
        IAgreement[] memory list = _handler.agreements();
        for (uint256 i; i < list.length; ++i) {
            _check(list[i]);
        }
    }

    /// @dev Requires that the handler saw nothing against an invariant between two acts.
    function _requireNoViolation(uint256 invariant) internal view {
        string memory what = _handler.violation(invariant);
        Assertions.holds(bytes(what).length == 0, what);
    }
}
