// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAgreement} from "../../contracts/interfaces/IAgreement.sol";
import {
    AgreementStatus,
    Conditions,
    Milestone,
    MilestoneStatus,
    Money
} from "../../contracts/types/Agreements.sol";
import {Assertions} from "./support/Assertions.sol";
import {Book, Creditor} from "./support/Books.sol";
import {Invariants} from "./support/Invariants.sol";

/// @notice I1, see README.md.
contract MoneyTest is Invariants {
    using Assertions for uint256;

    function _salt() internal pure override returns (bytes32) {
        return "I1";
    }

    function invariant_I1_money() public view {
        _checkTouched();
        _requireNoViolation(1);
    }

    function _check(IAgreement agreement) internal view override {
        Money memory money = agreement.money();
        Book memory book = _handler.bookOf(agreement);
        uint256 held = IERC20(agreement.token()).balanceOf(address(agreement));
        held.same(book.fundedIn - book.paidOut - book.refunded, "held");
        uint256(money.funded).same(book.fundedIn, "funded");
        uint256(money.paid).same(book.paidOut, "paid");
        uint256(money.refunded).same(book.refunded, "refunded");
        if (agreement.status() == AgreementStatus.Closed) {
            held.same(money.owed, "held after closing");
        } else {
            uint256 kept = uint256(money.retained) + money.damages + money.owed;
            (held + money.accepted + money.advanceOutstanding)
            .same(money.funded + kept, "held before closing");
        }
    }
}

/// @notice I2, see README.md.
contract SupplyTest is Invariants {
    using Assertions for uint256;

    function _salt() internal pure override returns (bytes32) {
        return "I2";
    }

    function invariant_I2_supply() public view {
        (,, IERC20 token,) = _handler.surroundings();
        (uint256 issued, uint256 redeemed) = _handler.supply();
        token.totalSupply().same(issued - redeemed, "issued less redeemed");
        address[] memory holders = _handler.holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += token.balanceOf(holders[i]);
        }
        sum.same(issued - redeemed, "balances");
    }

    function _check(IAgreement) internal view override {}
}

/// @notice I3, see README.md.
contract OrderTest is Invariants {
    using Assertions for uint256;

    function _salt() internal pure override returns (bytes32) {
        return "I3";
    }

    function invariant_I3_order() public view {
        _checkTouched();
    }

    function _check(IAgreement agreement) internal view override {
        Money memory money = agreement.money();
        uint256(money.accepted).atMost(money.scheduled, "accepted");
        uint256(money.scheduled).atMost(money.value, "scheduled");
        if (agreement.status() != AgreementStatus.Signed && money.funded != 0) {
            uint256(money.value).atMost(money.funded, "value");
        }
        _checkMilestones(agreement, money);
    }

    function _checkMilestones(IAgreement agreement, Money memory money) private view {
        Milestone[] memory list = agreement.milestones();
        uint256 scheduled;
        uint256 accepted;
        for (uint256 i; i < list.length; ++i) {
            if (list[i].status == MilestoneStatus.Cancelled) {
                uint256(list[i].accepted).same(0, "accepted of what is cancelled");
                continue;
            }
            scheduled += list[i].amount;
            accepted += list[i].accepted;
            uint256(list[i].accepted).atMost(list[i].amount, "accepted of a milestone");
        }
        scheduled.same(money.scheduled, "sum of the milestones");
        accepted.same(money.accepted, "sum of what is accepted of them");
    }
}

/// @notice I4, see README.md.
contract CapsTest is Invariants {
    using Assertions for uint256;

    function _salt() internal pure override returns (bytes32) {
        return "I4";
    }

    function invariant_I4_caps() public view {
        _checkTouched();
        _requireNoViolation(4);
    }

    function _check(IAgreement agreement) internal view override {
        Money memory money = agreement.money();
        Book memory book = _handler.bookOf(agreement);
        uint256(money.accepted).same(book.accepted, "accepted");
        uint256(money.retained).same(book.retained, "retained");
        uint256(money.advanceOutstanding).same(book.advance, "advance outstanding");
        uint256(money.damages).same(book.damages, "damages");
        uint256(money.damagesCarried).same(book.carried, "damages carried");
        uint256(money.interestOwed).same(book.interest, "interest owed");
        uint256(money.owed).same(book.owed, "owed");
        _claims(agreement).same(book.owed, "claims");
        _checkCaps(agreement.conditions(), money, book);
    }

    function _checkCaps(Conditions memory agreed, Money memory money, Book memory book) private pure {
        // Each payment is rounded up by less than one.
        (uint256(money.retained) * 10_000)
        .atMost(book.accepted * agreed.retentionRate + book.payments * 9_999, "retained");
        (book.advance * 10_000).atMost(book.signedValue * agreed.advanceRate, "advance");
        (book.damages + book.carried).atMost(book.highestValue * agreed.damagesCap / 10_000, "damages");
    }

    function _claims(IAgreement agreement) private view returns (uint256 sum) {
        Creditor[] memory list = _handler.creditorsOf(agreement);
        for (uint256 i; i < list.length; ++i) {
            sum += agreement.owedTo(list[i].milestone, list[i].payee);
        }
    }
}
