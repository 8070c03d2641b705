// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../contracts/interfaces/IAgreement.sol";
import {IBudget} from "../../contracts/interfaces/IBudget.sol";
import {AgreementStatus} from "../../contracts/types/Agreements.sol";
import {Assertions} from "./support/Assertions.sol";
import {Invariants} from "./support/Invariants.sol";

/// @notice I5, see README.md. The handler looks at each payment as its events come.
contract PaymentsTest is Invariants {
    function _salt() internal pure override returns (bytes32) {
        return "I5";
    }

    function invariant_I5_payments() public view {
        _requireNoViolation(5);
    }

    function _check(IAgreement) internal view override {}
}

/// @notice I6, see README.md.
contract BudgetTest is Invariants {
    using Assertions for uint256;

    function _salt() internal pure override returns (bytes32) {
        return "I6";
    }

    function invariant_I6_budget() public view {
        (, IBudget budget,, bytes32 line) = _handler.surroundings();
        IBudget.Line memory details = budget.get(line);
        uint256(details.committed).atMost(details.appropriated, "committed");
        IAgreement[] memory list = _handler.agreements();
        uint256 sum;
        for (uint256 i; i < list.length; ++i) {
            sum += _committed(list[i]);
        }
        uint256(details.committed).same(sum, "committed");
        _checkTouched();
        _requireNoViolation(6);
    }

    function _check(IAgreement agreement) internal view override {
        _handler.bookOf(agreement).committed.same(_committed(agreement), "committed by one agreement");
    }

    /// @dev With the final account, what was not accepted is released.
    function _committed(IAgreement agreement) private view returns (uint256) {
        bool closed = agreement.status() == AgreementStatus.Closed;
        return closed ? agreement.money().accepted : agreement.money().value;
    }
}

/// @notice I10, see README.md.
contract HoldsTest is Invariants {
    function _salt() internal pure override returns (bytes32) {
        return "I10";
    }

    function invariant_I10_holds() public view {
        _requireNoViolation(10);
    }

    function _check(IAgreement) internal view override {}
}

/// @notice I11, see README.md.
contract RefusalsTest is Invariants {
    function _salt() internal pure override returns (bytes32) {
        return "I11";
    }

    function invariant_I11_refusals() public view {
        _requireNoViolation(11);
    }

    function _check(IAgreement) internal view override {}
}
