// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PaymentTerms} from "../../contracts/libraries/PaymentTerms.sol";
import {Payment, Tax, TaxBase} from "../../contracts/types/Agreements.sol";
import {VM} from "../invariants/support/Vm.sol";

/// @notice For all amounts below 2^96, all rates and all taxes that {ConditionRules} lets pass. A panic, by overflow above
/// all, is a failure too: so nothing falls below zero.
/// @dev tests/invariants/PaymentTerms.t.sol looks at the same for longer lists, with amounts drawn by lot.
contract PaymentTermsProof {
    // --- Single parts ---

    function check_a_share_is_rounded_up_and_at_most_the_whole(uint96 amount, uint16 rate) external pure {
        VM.assume(rate <= 10_000);
        uint256 part = PaymentTerms.share(amount, rate);
        assert(part <= amount);
        unchecked {
            uint256 exact = uint256(amount) * rate;
            assert(part * 10_000 >= exact);
            assert(part == 0 || (part - 1) * 10_000 < exact);
        }
    }

    function check_the_advance_recovered_is_at_most_what_is_outstanding(
        uint96 gross,
        uint16 rate,
        uint96 outstanding
    ) external pure {
        VM.assume(rate <= 10_000);
        uint256 amount = PaymentTerms.advanceRecovered(gross, rate, outstanding);
        assert(amount <= outstanding && amount <= gross);
    }

    function check_damages_stay_below_their_cap(
        uint96 gross,
        uint32 rate,
        uint16 cap,
        uint96 value,
        uint96 assessed,
        uint32 lateDays
    ) external pure {
        VM.assume(cap <= 10_000);
        PaymentTerms.Situation memory situation = PaymentTerms.Situation(value, 0, assessed, 0, lateDays);
        uint256 amount = PaymentTerms.damagesFor(gross, PaymentTerms.Rates(0, 0, rate, cap), situation);
        assert(amount == 0 || (amount + assessed) * 10_000 <= uint256(value) * cap);
    }

    function check_two_taxes_take_at_most_what_is_left(
        uint96 gross,
        uint96 received,
        uint96 available,
        uint24[2] calldata numerators,
        uint24[2] calldata denominators
    ) external pure {
        Tax[] memory table = new Tax[](2);
        table[0] = _tax(numerators[0], denominators[0], TaxBase.Gross);
        table[1] = _tax(numerators[1], denominators[1], TaxBase.Received);
        (uint256[] memory amounts, uint256 total) = PaymentTerms.taxesOn(table, gross, received, available);
        assert(amounts[0] + amounts[1] == total);
        assert(total <= available);
        assert(amounts[0] <= gross && amounts[1] <= received);
    }

    function check_a_tax_is_rounded_up_and_at_most_what_it_is_taken_from(
        uint96 gross,
        uint24 numerator,
        uint24 denominator
    ) external pure {
        _tax(numerator, denominator, TaxBase.Gross);
        uint256 amount = _rounded(gross, numerator, denominator);
        assert(amount <= gross);
        unchecked {
            uint256 exact = uint256(gross) * numerator;
            assert(amount * denominator >= exact);
            assert(amount == 0 || (amount - 1) * denominator < exact);
        }
    }

    function check_each_gets_what_it_is_due_in_turn(uint96[3] calldata due, uint96 available) external pure {
        uint256[] memory list = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            list[i] = due[i];
        }
        (uint256[] memory amounts, uint256 total) = PaymentTerms.inTurn(list, available);
        assert(amounts[0] + amounts[1] + amounts[2] == total);
        assert(total <= available);
        for (uint256 i; i < 3; ++i) {
            assert(amounts[i] <= due[i]);
            // Whoever gets less than is due has taken the rest.
            assert(amounts[i] == due[i] || total == available);
        }
    }

    // --- Whole payments ---

    function check_parts_add_up_to_the_gross_with_advance_and_retention(
        uint96 gross,
        uint16[2] calldata shares,
        uint96 outstanding,
        uint96 carried
    ) external pure {
        VM.assume(shares[0] <= 10_000 && shares[1] <= 10_000);
        PaymentTerms.Situation memory situation = PaymentTerms.Situation(0, outstanding, carried, carried, 0);
        (Payment memory paid,,) = PaymentTerms.reckon(
            gross, PaymentTerms.Rates(shares[0], shares[1], 0, 0), situation, new Tax[](0), new uint256[](0)
        );
        _assertAddsUp(paid, gross);
        assert(paid.advance <= outstanding);
        assert(uint256(paid.damages) + paid.carried == carried);
        assert(paid.carried == 0 || paid.net == 0);
    }

    function check_damages_are_conserved(
        uint96 gross,
        uint16 cap,
        uint32 rate,
        uint96 value,
        uint96 withheld,
        uint96 carried,
        uint32 lateDays
    ) external pure {
        VM.assume(cap <= 10_000);
        PaymentTerms.Rates memory rates = PaymentTerms.Rates(0, 0, rate, cap);
        PaymentTerms.Situation memory situation =
            PaymentTerms.Situation(value, 0, uint256(withheld) + carried, carried, lateDays);
        (Payment memory paid,,) = PaymentTerms.reckon(gross, rates, situation, new Tax[](0), new uint256[](0));
        _assertAddsUp(paid, gross);
        uint256 assessed = PaymentTerms.damagesFor(gross, rates, situation);
        assert(uint256(paid.damages) + paid.carried == assessed + carried);
    }

    /// @dev Any part of the gross may be gone before: it is the outstanding advance, recovered in whole.
    function check_taxes_come_before_damages_and_those_before_a_subcontractor(
        uint96 gross,
        uint96 outstanding,
        uint24 numerator,
        uint24 denominator,
        uint96 carried,
        uint96 due
    ) external pure {
        Tax[] memory table = new Tax[](1);
        table[0] = _tax(numerator, denominator, TaxBase.Gross);
        (Payment memory paid, uint256[] memory taxes, uint256[] memory direct) = PaymentTerms.reckon(
            gross,
            _wholeRecovered(),
            PaymentTerms.Situation(0, outstanding, carried, carried, 0),
            table,
            _list(due)
        );
        _assertAddsUp(paid, gross);
        assert(taxes[0] == paid.taxes && direct[0] == paid.direct && paid.direct <= due);
        uint256 others = uint256(paid.direct) + paid.net;
        // Less than the whole tax was taken only where nothing is left for anybody else.
        bool whole = taxes[0] == _rounded(gross, numerator, denominator);
        assert(whole || paid.damages + others == 0);
        assert(paid.carried == 0 || others == 0);
        assert(direct[0] == due || paid.net == 0);
    }

    /// @dev Likewise.
    function check_parts_add_up_to_the_gross_with_lists(
        uint96 gross,
        uint96 outstanding,
        uint24 numerator,
        uint24 denominator,
        uint96 due
    ) external pure {
        Tax[] memory table = new Tax[](1);
        table[0] = _tax(numerator, denominator, TaxBase.Received);
        (Payment memory paid, uint256[] memory taxes, uint256[] memory direct) = PaymentTerms.reckon(
            gross, _wholeRecovered(), PaymentTerms.Situation(0, outstanding, 0, 0, 0), table, _list(due)
        );
        _assertAddsUp(paid, gross);
        assert(taxes[0] == paid.taxes && direct[0] == paid.direct && paid.direct <= due);
    }

    function _assertAddsUp(Payment memory paid, uint256 gross) private pure {
        assert(paid.gross == gross);
        uint256 withheld = uint256(paid.advance) + paid.retention + paid.damages;
        assert(withheld + paid.taxes + paid.direct + paid.net == gross);
    }

    function _wholeRecovered() private pure returns (PaymentTerms.Rates memory) {
        return PaymentTerms.Rates({recovery: 10_000, retention: 0, damages: 0, damagesCap: 0});
    }

    function _rounded(uint96 gross, uint24 numerator, uint24 denominator) private pure returns (uint256) {
        return Math.ceilDiv(uint256(gross) * numerator, denominator);
    }

    function _list(uint256 due) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = due;
    }

    function _tax(uint24 numerator, uint24 denominator, TaxBase base) private pure returns (Tax memory) {
        VM.assume(denominator != 0 && numerator <= denominator);
        return Tax(0, numerator, denominator, base);
    }
}
