// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math as PlainMath} from "./support/PlainMath.sol";
// By this path, the library itself.
import {Math} from "../../node_modules/@openzeppelin/contracts/utils/math/Math.sol";
import {VM} from "../invariants/support/Vm.sol";

/// @notice What stands in for the library gives the same, and the tool refutes what is not true.
contract MathProof {
    function check_min(uint256 a, uint256 b) external pure {
        assert(PlainMath.min(a, b) == Math.min(a, b));
    }

    function check_saturating_subtraction(uint256 a, uint256 b) external pure {
        assert(PlainMath.saturatingSub(a, b) == Math.saturatingSub(a, b));
    }

    /// @notice A control: halves of odd numbers are rounded.
    function check_false_that_a_quotient_is_exact(uint256 a) external pure {
        VM.assume(a < 1 << 128);
        assert(a / 2 * 2 == a);
    }
}
