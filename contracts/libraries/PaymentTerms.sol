// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Payment, Tax, TaxBase} from "../types/Agreements.sol";

/// @title What one payment consists of
/// @notice Pure arithmetic in minor units. Each deduction is rounded up, in favour of the public purse, and takes at most what
/// is left, so that the parts always add up to the gross and nothing falls below zero. Of these, only delay damages are
/// carried forward; they stand back behind the taxes, which belong to the state.
/// @dev Amounts fit 96 bits and rates are as {Conditions} says, so that no product overflows.
library PaymentTerms {
    /// @notice The rates of an agreement, see {Conditions}.
    struct Rates {
        uint256 recovery;
        uint256 retention;
        uint256 damages;
        uint256 damagesCap;
    }

    /// @notice Where an agreement stands when a payment is worked out.
    /// @param value of the agreement
    /// @param advanceOutstanding what of the advance is not recovered
    /// @param damagesAssessed all delay damages so far, withheld and carried
    /// @param damagesCarried what of them could not be withheld yet
    /// @param lateDays days by which this part is late
    struct Situation {
        uint256 value;
        uint256 advanceOutstanding;
        uint256 damagesAssessed;
        uint256 damagesCarried;
        uint256 lateDays;
    }

    uint256 internal constant BASIS_POINTS = 10_000;
    uint256 internal constant MILLIONTHS = 1_000_000;

    /// @notice Works out a payment.
    /// @param gross the amount accepted
    /// @param rates see {Rates}
    /// @param situation see {Situation}
    /// @param table the taxes
    /// @param directDue what is still to be paid straight to each subcontractor of this milestone
    /// @return payment each part
    /// @return taxes what each tax takes, in the order of the table
    /// @return direct what each subcontractor gets, in the order of directDue
    function reckon(
        uint256 gross,
        Rates memory rates,
        Situation memory situation,
        Tax[] memory table,
        uint256[] memory directDue
    ) internal pure returns (Payment memory payment, uint256[] memory taxes, uint256[] memory direct) {
        uint256 advance = advanceRecovered(gross, rates.recovery, situation.advanceOutstanding);
        uint256 rest = gross - advance;
        uint256 retention = Math.min(rest, share(gross, rates.retention));
        rest -= retention;

        uint256 taken;
        (taxes, taken) = taxesOn(table, gross, rest, rest);
        payment.taxes = uint128(taken);
        rest -= taken;

        taken = damagesFor(gross, rates, situation) + situation.damagesCarried;
        uint256 damages = Math.min(rest, taken);
        payment.carried = uint128(taken - damages);
        rest -= damages;

        (direct, taken) = inTurn(directDue, rest);
        payment.direct = uint128(taken);
        payment.gross = uint128(gross);
        payment.advance = uint128(advance);
        payment.retention = uint128(retention);
        payment.damages = uint128(damages);
        payment.net = uint128(rest - taken);
        payment.lateDays = uint32(situation.lateDays);
    }

    /// @notice What of the advance an accepted amount recovers.
    /// @param gross the amount accepted
    /// @param rate basis points
    /// @param outstanding what of the advance is not recovered
    /// @return amount at most gross and outstanding
    function advanceRecovered(uint256 gross, uint256 rate, uint256 outstanding)
        internal
        pure
        returns (uint256 amount)
    {
        return Math.min(outstanding, share(gross, rate));
    }

    /// @notice The damages for the delay of one part.
    /// @param gross the late part
    /// @param rates see {Rates}
    /// @param situation see {Situation}
    /// @return amount together with those assessed before at most the cap, which is rounded down
    function damagesFor(uint256 gross, Rates memory rates, Situation memory situation)
        internal
        pure
        returns (uint256 amount)
    {
        if (situation.lateDays == 0 || rates.damages == 0) return 0;
        uint256 cap = situation.value * rates.damagesCap / BASIS_POINTS;
        uint256 room = Math.saturatingSub(cap, situation.damagesAssessed);
        return Math.min(room, damagesUncapped(gross, rates.damages, situation.lateDays));
    }

    /// @notice The damages for the delay of one part, before the cap.
    /// @param gross the late part
    /// @param rate millionths a day
    /// @param lateDays days, at most 2^32
    /// @return amount rounded up
    function damagesUncapped(uint256 gross, uint256 rate, uint256 lateDays)
        internal
        pure
        returns (uint256 amount)
    {
        return Math.ceilDiv(gross * rate * lateDays, MILLIONTHS);
    }

    /// @notice What each tax takes, in order.
    /// @param table the taxes
    /// @param gross what the base Gross stands for; zero where nothing is accepted
    /// @param received what the base Received stands for
    /// @param available what is left to take from
    /// @return amounts in the order of the table
    /// @return total their sum, at most available
    function taxesOn(Tax[] memory table, uint256 gross, uint256 received, uint256 available)
        internal
        pure
        returns (uint256[] memory amounts, uint256 total)
    {
        amounts = new uint256[](table.length);
        for (uint256 i; i < table.length; ++i) {
            uint256 base = table[i].base == TaxBase.Gross ? gross : received;
            amounts[i] = Math.ceilDiv(base * table[i].numerator, table[i].denominator);
        }
        return inTurn(amounts, available);
    }

    /// @notice Gives each in turn what it is due, as far as it goes.
    /// @param due what each is due
    /// @param available what there is
    /// @return amounts what each gets
    /// @return total their sum
    function inTurn(uint256[] memory due, uint256 available)
        internal
        pure
        returns (uint256[] memory amounts, uint256 total)
    {
        amounts = new uint256[](due.length);
        for (uint256 i; i < due.length; ++i) {
            amounts[i] = Math.min(due[i], available - total);
            total += amounts[i];
        }
    }

    /// @notice A share, rounded up.
    /// @param amount of which
    /// @param rate basis points, at most 10,000
    /// @return part at most the amount
    function share(uint256 amount, uint256 rate) internal pure returns (uint256 part) {
        return Math.ceilDiv(amount * rate, BASIS_POINTS);
    }

    /// @notice A share, rounded down.
    /// @param amount of which
    /// @param rate basis points
    /// @return part in minor units
    function shareDown(uint256 amount, uint256 rate) internal pure returns (uint256 part) {
        return amount * rate / BASIS_POINTS;
    }

    /// @notice The interest on a late payment.
    /// @param amount what was paid late
    /// @param rate millionths a day
    /// @param lateDays full days
    /// @return interest rounded down
    function interestOn(uint256 amount, uint256 rate, uint256 lateDays)
        internal
        pure
        returns (uint256 interest)
    {
        return amount * rate * lateDays / MILLIONTHS;
    }
}
