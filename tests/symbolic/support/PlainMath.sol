// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// By this path, the library itself.
import {Math as Original} from "../../../node_modules/@openzeppelin/contracts/utils/math/Math.sol";

/// @notice What {PaymentTerms} uses of OpenZeppelin's Math, with branches: that library computes both sides and mixes
/// them by bits, which solvers cannot see through. It stands in its place in tests/symbolic alone (foundry.toml, profile
/// symbolic); {MathProof} shows that both give the same.
library Math {
    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function saturatingSub(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) {
        return Original.ceilDiv(a, b);
    }
}
