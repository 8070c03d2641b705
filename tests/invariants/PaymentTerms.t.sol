// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PaymentTerms} from "../../contracts/libraries/PaymentTerms.sol";
import {Conditions, Payment, Tax, TaxBase} from "../../contracts/types/Agreements.sol";
import {Assertions} from "./support/Assertions.sol";
import {Book} from "./support/Books.sol";
import {ExpectedPayment} from "./support/ExpectedPayment.sol";

/// @notice What tests/symbolic proves of {PaymentTerms} one by one, here together and for amounts drawn by lot: large ones, and
/// ones so small that rounding decides.
contract PaymentTermsTest {
    using Assertions for uint256;

    /// @notice One payment to be worked out, as the fuzzer draws it.
    struct Drawn {
        uint96 gross;
        uint16 recovery;
        uint16 retention;
        uint24 damages;
        uint16 damagesCap;
        uint96 value;
        uint96 outstanding;
        uint96 withheld;
        uint96 carried;
        uint16 lateDays;
        uint8 smallness;
        bool[3] onGross;
        uint24[3] numerators;
        uint24[3] denominators;
        uint96[3] due;
    }

    function testFuzz_parts_add_up_to_the_gross(Drawn memory drawn) external pure {
        (Payment memory paid, uint256[] memory taxes, uint256[] memory direct) = _reckon(_tamed(drawn));
        uint256 sum =
            uint256(paid.net) + paid.advance + paid.retention + paid.taxes + paid.damages + paid.direct;
        sum.same(drawn.gross, "parts");
        uint256(paid.gross).same(drawn.gross, "gross");
        (taxes[0] + taxes[1] + taxes[2]).same(paid.taxes, "taxes");
        (direct[0] + direct[1] + direct[2]).same(paid.direct, "direct payments");
    }

    function testFuzz_no_part_exceeds_its_cap(Drawn memory drawn) external pure {
        (Payment memory paid, uint256[] memory taxes, uint256[] memory direct) = _reckon(_tamed(drawn));
        uint256(paid.advance).atMost(drawn.outstanding, "advance");
        // Rounded up by less than one.
        (uint256(paid.advance) * 10_000).atMost(uint256(drawn.gross) * drawn.recovery + 9_999, "advance");
        (uint256(paid.retention) * 10_000).atMost(uint256(drawn.gross) * drawn.retention + 9_999, "retention");
        for (uint256 i; i < 3; ++i) {
            uint256 base = drawn.onGross[i] ? drawn.gross : drawn.gross - paid.advance - paid.retention;
            uint256 exact = base * drawn.numerators[i];
            (taxes[i] * drawn.denominators[i]).atMost(exact + drawn.denominators[i] - 1, "a tax");
            direct[i].atMost(drawn.due[i], "a direct payment");
        }
    }

    function testFuzz_damages_are_conserved(Drawn memory drawn) external pure {
        (Payment memory paid,,) = _reckon(_tamed(drawn));
        (PaymentTerms.Rates memory rates, PaymentTerms.Situation memory situation) = _terms(drawn);
        uint256 assessed = PaymentTerms.damagesFor(drawn.gross, rates, situation);
        (uint256(paid.damages) + paid.carried).same(assessed + drawn.carried, "damages and carried");
        // What is withheld and carried in all stays below the cap, unless the cap has fallen below what was assessed before.
        uint256 cap = uint256(drawn.value) * drawn.damagesCap / 10_000;
        uint256 before = uint256(drawn.withheld) + drawn.carried;
        (before + assessed).atMost(cap > before ? cap : before, "damages in all");
    }

    /// @dev Where damages are taken, every tax was taken in full; where the payee gets anything, everybody did.
    function testFuzz_the_state_comes_before_the_buyer_and_both_before_the_payee(Drawn memory drawn)
        external
        pure
    {
        (Payment memory paid, uint256[] memory taxes, uint256[] memory direct) = _reckon(_tamed(drawn));
        for (uint256 i; i < 3; ++i) {
            uint256 base = drawn.onGross[i] ? drawn.gross : drawn.gross - paid.advance - paid.retention;
            bool whole = taxes[i] * drawn.denominators[i] >= base * drawn.numerators[i];
            Assertions.holds(whole || paid.damages + paid.direct + paid.net == 0, "before the taxes");
            Assertions.holds(direct[i] == drawn.due[i] || paid.net == 0, "before a subcontractor");
        }
        Assertions.holds(paid.carried == 0 || paid.direct + paid.net == 0, "before the damages");
    }

    /// @dev Against a reckoning that was written from the rules alone.
    function testFuzz_comes_out_as_the_rules_say(Drawn memory drawn) external pure {
        (Payment memory paid, uint256[] memory taxes,) = _reckon(_tamed(drawn));
        (Payment memory expected, uint256[] memory due) =
            ExpectedPayment.ofAcceptance(drawn.gross, paid, _conditions(drawn), _book(drawn), drawn.value);
        Assertions.holds(keccak256(abi.encode(paid)) == keccak256(abi.encode(expected)), "parts");
        Assertions.holds(keccak256(abi.encode(taxes)) == keccak256(abi.encode(due)), "taxes");
    }

    function testFuzz_what_is_received_bears_its_taxes(Drawn memory drawn) external pure {
        _tamed(drawn);
        (uint256[] memory taxes, uint256 total) =
            PaymentTerms.taxesOn(_taxes(drawn), 0, drawn.gross, drawn.gross);
        (Payment memory expected, uint256[] memory due) =
            ExpectedPayment.ofReceipt(drawn.gross, _conditions(drawn));
        total.same(expected.taxes, "taxes");
        Assertions.holds(keccak256(abi.encode(taxes)) == keccak256(abi.encode(due)), "each tax");
    }

    function testFuzz_shares_are_rounded_up_and_down(uint96 amount, uint16 rate) external pure {
        rate %= 10_001;
        uint256 exact = uint256(amount) * rate;
        uint256 up = PaymentTerms.share(amount, rate);
        uint256 down = PaymentTerms.shareDown(amount, rate);
        up.same(exact % 10_000 == 0 ? down : down + 1, "rounded up");
        (down * 10_000).atMost(exact, "rounded down");
        exact.atMost(down * 10_000 + 9_999, "rounded down by less than one");
        up.atMost(amount, "at most the whole");
    }

    function testFuzz_time_costs_damages_rounded_up_and_interest_rounded_down(
        uint96 amount,
        uint32 rate,
        uint32 late
    ) external pure {
        uint256 exact = uint256(amount) * rate * late;
        uint256 down = PaymentTerms.interestOn(amount, rate, late);
        down.same(exact / 1_000_000, "interest");
        uint256 up = PaymentTerms.damagesUncapped(amount, rate, late);
        up.same(exact % 1_000_000 == 0 ? down : down + 1, "damages");
    }

    // --- Drawing ---

    /// @dev Within what {Conditions} says; small amounts as often as large ones.
    function _tamed(Drawn memory drawn) private pure returns (Drawn memory) {
        drawn.retention %= 10_001;
        drawn.recovery = uint16(drawn.recovery % (10_001 - drawn.retention));
        drawn.damagesCap %= 10_001;
        if (drawn.smallness % 2 == 0) _shrink(drawn, 1 + uint96(drawn.smallness));
        for (uint256 i; i < 3; ++i) {
            if (drawn.denominators[i] == 0) drawn.denominators[i] = 1;
            drawn.numerators[i] = uint24(drawn.numerators[i] % (uint256(drawn.denominators[i]) + 1));
            if (drawn.smallness % 3 == 0) drawn.numerators[i] /= 8;
        }
        return drawn;
    }

    function _shrink(Drawn memory drawn, uint96 bound) private pure {
        drawn.gross %= bound;
        drawn.value %= 4 * bound;
        drawn.outstanding %= bound;
        drawn.withheld %= bound;
        drawn.carried %= bound;
        drawn.lateDays %= 20;
        for (uint256 i; i < 3; ++i) {
            drawn.due[i] %= bound;
        }
    }

    function _reckon(Drawn memory drawn)
        private
        pure
        returns (Payment memory paid, uint256[] memory taxes, uint256[] memory direct)
    {
        (PaymentTerms.Rates memory rates, PaymentTerms.Situation memory situation) = _terms(drawn);
        uint256[] memory due = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            due[i] = drawn.due[i];
        }
        return PaymentTerms.reckon(drawn.gross, rates, situation, _taxes(drawn), due);
    }

    function _terms(Drawn memory drawn)
        private
        pure
        returns (PaymentTerms.Rates memory rates, PaymentTerms.Situation memory situation)
    {
        rates = PaymentTerms.Rates(drawn.recovery, drawn.retention, drawn.damages, drawn.damagesCap);
        situation = PaymentTerms.Situation({
            value: drawn.value,
            advanceOutstanding: drawn.outstanding,
            damagesAssessed: uint256(drawn.withheld) + drawn.carried,
            damagesCarried: drawn.carried,
            lateDays: drawn.lateDays
        });
    }

    function _taxes(Drawn memory drawn) private pure returns (Tax[] memory table) {
        table = new Tax[](3);
        for (uint256 i; i < 3; ++i) {
            TaxBase base = drawn.onGross[i] ? TaxBase.Gross : TaxBase.Received;
            table[i] = Tax(0, drawn.numerators[i], drawn.denominators[i], base);
        }
    }

    function _conditions(Drawn memory drawn) private pure returns (Conditions memory agreed) {
        agreed.recoveryRate = drawn.recovery;
        agreed.retentionRate = drawn.retention;
        agreed.damagesRate = drawn.damages;
        agreed.damagesCap = drawn.damagesCap;
        agreed.taxes = _taxes(drawn);
    }

    function _book(Drawn memory drawn) private pure returns (Book memory book) {
        book.advance = drawn.outstanding;
        book.damages = drawn.withheld;
        book.carried = drawn.carried;
    }
}
