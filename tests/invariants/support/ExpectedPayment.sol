// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Conditions, Payment, Tax, TaxBase} from "../../../contracts/types/Agreements.sol";
import {Book} from "./Books.sol";

/// @title What a payment should come to
/// @notice Written from docs/agreement.md, independently of {PaymentTerms}.
library ExpectedPayment {
    /// @notice What is not known before the event: how late the part is, and what its subcontractors get.
    /// @param gross the amount accepted
    /// @param given the payment of the event
    /// @param agreed the conditions
    /// @param book before the payment
    /// @param value of the agreement
    /// @return expected each part
    /// @return taxes what each tax takes
    function ofAcceptance(
        uint256 gross,
        Payment memory given,
        Conditions memory agreed,
        Book memory book,
        uint256 value
    ) internal pure returns (Payment memory expected, uint256[] memory taxes) {
        uint256 rest = gross;
        uint256 taken = _least(_up(gross * agreed.recoveryRate, 10_000), book.advance);
        expected.advance = uint128(taken);
        rest -= taken;
        taken = _least(_up(gross * agreed.retentionRate, 10_000), rest);
        expected.retention = uint128(taken);
        rest -= taken;
        (taxes, taken) = taxesOn(agreed.taxes, gross, rest);
        expected.taxes = uint128(taken);
        rest -= taken;
        uint256 due = book.carried + _assessed(gross, given.lateDays, agreed, book, value);
        taken = _least(due, rest);
        expected.damages = uint128(taken);
        expected.carried = uint128(due - taken);
        rest -= taken;
        expected.gross = uint128(gross);
        expected.lateDays = given.lateDays;
        expected.direct = given.direct;
        // No payment can be that large: subcontractors got more than there was.
        expected.net = given.direct <= rest ? uint128(rest - given.direct) : type(uint128).max;
    }

    /// @notice The parts of an advance, or of retention that is released.
    /// @param amount what is received
    /// @param agreed the conditions
    /// @return expected each part
    /// @return taxes what each tax takes
    function ofReceipt(uint256 amount, Conditions memory agreed)
        internal
        pure
        returns (Payment memory expected, uint256[] memory taxes)
    {
        uint256 taken;
        (taxes, taken) = taxesOn(agreed.taxes, 0, amount);
        expected.gross = uint128(amount);
        expected.taxes = uint128(taken);
        expected.net = uint128(amount - taken);
    }

    /// @notice What each tax takes, in the order of the table, as far as the money received goes.
    function taxesOn(Tax[] memory table, uint256 gross, uint256 received)
        internal
        pure
        returns (uint256[] memory taxes, uint256 total)
    {
        taxes = new uint256[](table.length);
        for (uint256 i; i < table.length; ++i) {
            uint256 base = table[i].base == TaxBase.Gross ? gross : received;
            taxes[i] = _least(_up(base * table[i].numerator, table[i].denominator), received - total);
            total += taxes[i];
        }
    }

    function _assessed(
        uint256 gross,
        uint256 lateDays,
        Conditions memory agreed,
        Book memory book,
        uint256 value
    ) private pure returns (uint256) {
        if (agreed.damagesRate == 0) return 0;
        uint256 cap = value * agreed.damagesCap / 10_000;
        uint256 before = book.damages + book.carried;
        return before >= cap ? 0 : _least(cap - before, _up(gross * agreed.damagesRate * lateDays, 1_000_000));
    }

    function _up(uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return (numerator + denominator - 1) / denominator;
    }

    function _least(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }
}
