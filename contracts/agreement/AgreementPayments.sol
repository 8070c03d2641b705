// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {PaymentTerms} from "../libraries/PaymentTerms.sol";
import {
    AgreementStatus,
    Basis,
    DirectPayment,
    Guarantee,
    GuaranteeKind,
    Part,
    Payment,
    Progress,
    Tax
} from "../types/Agreements.sol";
import {Credentials, Standing} from "../types/Participants.sol";
import {AgreementAuthors} from "./AgreementAuthors.sol";

/// @title How an agreement pays
/// @notice What an accepted amount comes to is worked out by {PaymentTerms}; here it is booked and sent. The settlement token
/// is ours, takes no fee and calls nobody, so that the outcome of a transfer may decide what is booked after it.
abstract contract AgreementPayments is AgreementAuthors {
    using BitMaps for BitMaps.BitMap;
    using Deeds for bytes;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Accepts an amount of a milestone under way, and pays it.
    function _acceptAndPay(
        bytes memory deed,
        uint256 milestone,
        Progress memory current,
        Basis basis,
        uint256 gross
    ) internal {
        // Cannot overflow or exceed the value: an amount is accepted once, and scheduled <= value <= funded.
        _ledger.accepted += uint96(gross);
        Payment memory payment;
        if (deed.deductsNothing()) {
            payment.gross = payment.net = uint128(gross);
            _payOut(deed, milestone, current.attempt, basis, payment);
        } else {
            payment = _deductAndPay(deed, milestone, current, basis, gross);
        }
        _accrueInterest(deed, milestone, current, payment.net);
    }

    function _deductAndPay(
        bytes memory deed,
        uint256 milestone,
        Progress memory current,
        Basis basis,
        uint256 gross
    ) private returns (Payment memory payment) {
        PaymentTerms.Situation memory situation = _situation(deed, milestone, current);
        (uint256[] memory due, DirectPayment[] memory table) = _directDue(deed, milestone);
        Tax[] memory taxes = deed.taxes();
        uint256[] memory taken;
        uint256[] memory direct;
        (payment, taken, direct) = PaymentTerms.reckon(gross, _rates(deed), situation, taxes, due);
        _withhold(milestone, current, situation, payment);
        _payOut(deed, milestone, current.attempt, basis, payment);
        _payTaxes(deed, milestone, taxes, taken);
        _payDirect(deed, milestone, table, direct);
    }

    /// @dev Pays what is the supplier's without new work: the advance, retention released.
    function _payReceived(bytes memory deed, Basis basis, uint256 amount) internal {
        Tax[] memory taxes = deed.taxes();
        (uint256[] memory taken, uint256 total) = PaymentTerms.taxesOn(taxes, 0, amount, amount);
        Payment memory payment;
        payment.gross = uint128(amount);
        payment.taxes = uint128(total);
        payment.net = uint128(amount - total);
        _payOut(deed, NO_MILESTONE, 0, basis, payment);
        _payTaxes(deed, NO_MILESTONE, taxes, taken);
    }

    /// @dev Sends the net of a payment, or books it as owed, and tells every part.
    function _payOut(
        bytes memory deed,
        uint256 milestone,
        uint256 attempt,
        Basis basis,
        Payment memory payment
    ) internal {
        bytes32 payee = _payee(deed, milestone);
        bool allowed = _guaranteed(deed) && !_isHeld();
        address account = _push(deed, milestone, payee, payment.net, allowed);
        emit PaymentMade(milestone, payee, account, attempt, basis, payment);
    }

    /// @dev Sends money, or books it as owed. Returns where it went; zero if it is owed.
    function _push(bytes memory deed, uint256 milestone, bytes32 payee, uint256 amount, bool allowed)
        private
        returns (address account)
    {
        Credentials memory details = _registry.credentials(payee);
        if (amount == 0) return details.account;
        if (
            allowed && details.standing == Standing.Active
                && IERC20(deed.token()).trySafeTransfer(details.account, amount)
        ) return details.account;
        uint256 owed = _claims[milestone][payee] + amount;
        _claims[milestone][payee] = owed;
        _debts.owed += uint96(amount);
        emit PaymentOwed(milestone, payee, uint128(amount), uint128(owed));
    }

    function _payTaxes(bytes memory deed, uint256 milestone, Tax[] memory taxes, uint256[] memory amounts)
        private
    {
        for (uint256 i; i < taxes.length; ++i) {
            if (amounts[i] == 0) continue;
            address account = _push(deed, milestone, taxes[i].recipient, amounts[i], true);
            emit DeductionPaid(milestone, taxes[i].recipient, account, Part.Tax, uint128(amounts[i]));
        }
    }

    function _payDirect(
        bytes memory deed,
        uint256 milestone,
        DirectPayment[] memory table,
        uint256[] memory amounts
    ) private {
        for (uint256 i; i < table.length; ++i) {
            if (amounts[i] == 0) continue;
            _directPaid[i] += amounts[i];
            address account = _push(deed, milestone, table[i].recipient, amounts[i], true);
            emit DeductionPaid(
                milestone, table[i].recipient, account, Part.DirectPayment, uint128(amounts[i])
            );
        }
    }

    /// @dev What is still to be paid straight to subcontractors of a milestone, in the order of the deed's table.
    function _directDue(bytes memory deed, uint256 milestone)
        private
        view
        returns (uint256[] memory due, DirectPayment[] memory table)
    {
        table = deed.directs();
        due = new uint256[](table.length);
        for (uint256 i; i < due.length; ++i) {
            if (table[i].milestone == milestone) due[i] = table[i].amount - _directPaid[i];
        }
    }

    function _rates(bytes memory deed) internal pure returns (PaymentTerms.Rates memory rates) {
        return PaymentTerms.Rates({
            recovery: deed.recoveryRate(),
            retention: deed.retentionRate(),
            damages: deed.damagesRate(),
            damagesCap: deed.damagesCap()
        });
    }

    function _situation(bytes memory deed, uint256 milestone, Progress memory current)
        private
        view
        returns (PaymentTerms.Situation memory situation)
    {
        if (deed.recoveryRate() != 0) situation.advanceOutstanding = _withheld.advanceOutstanding;
        if (deed.damagesRate() == 0) return situation;
        Damages memory damages = _damages;
        situation.value = _planned(deed).value;
        situation.damagesCarried = damages.carried;
        situation.damagesAssessed = uint256(damages.withheld) + damages.carried;
        (, uint256 dueAt, uint256 agreedAt) = _agreed(deed, milestone);
        situation.lateDays = _lateDays(dueAt, agreedAt, current.submittedAt);
    }

    /// @dev Days and part days from a due date to a submission, without those for which the clocks stood still.
    function _lateDays(uint256 dueAt, uint256 agreedAt, uint256 submittedAt) internal view returns (uint256) {
        if (dueAt == 0) return 0;
        uint256 moved = dueAt + _pausedBetween(agreedAt, submittedAt);
        return Math.ceilDiv(Math.saturatingSub(submittedAt, moved), 1 days);
    }

    function _withhold(
        uint256 milestone,
        Progress memory current,
        PaymentTerms.Situation memory situation,
        Payment memory payment
    ) private {
        if (payment.advance != 0 || payment.retention != 0) {
            _withheld.advanceOutstanding -= uint96(payment.advance);
            _withheld.retained += uint96(payment.retention);
        }
        if (payment.damages == 0 && payment.carried == situation.damagesCarried) return;
        // Cannot underflow: what is carried comes from what was carried, what is assessed now, less what was taken.
        uint256 assessed = uint256(payment.carried) + payment.damages - situation.damagesCarried;
        _damages.withheld += uint96(payment.damages);
        _damages.carried = uint96(payment.carried);
        if (assessed == 0) return;
        _assessments[milestone].push(
            Assessment({
                gross: uint96(payment.gross), amount: uint96(assessed), submittedAt: current.submittedAt
            })
        );
    }

    function _accrueInterest(bytes memory deed, uint256 milestone, Progress memory current, uint256 net)
        private
    {
        uint256 rate = deed.interestRate();
        if (rate == 0 || net == 0) return;
        uint256 dueAt = _deadline(current.submittedAt, current.reviewSpan + deed.paymentDays());
        uint256 late = Math.saturatingSub(block.timestamp, dueAt) / 1 days;
        uint256 interest = PaymentTerms.interestOn(net, rate, late);
        if (interest == 0) return;
        // Interest must not keep an amount from being accepted: beyond what can be booked, no more accrues.
        uint256 before = _debts.interest;
        interest = Math.min(interest, type(uint96).max - before);
        if (interest == 0) return;
        _debts.interest = uint96(before + interest);
        emit InterestAccrued(milestone, late, uint128(interest), uint128(before + interest));
    }

    // --- Guarantees ---

    /// @dev Whether the supplier's guarantees let its money out.
    function _guaranteed(bytes memory deed) internal view returns (bool) {
        if (deed.securityRate() == 0 && deed.advanceRate() == 0) return true;
        if (_ledger.status != AgreementStatus.Active) return true;
        return _inForce(_guarantees[GuaranteeKind.Performance], _securityRequired(deed))
            && _inForce(_guarantees[GuaranteeKind.Advance], _advanceToGuarantee(deed));
    }

    function _requireGuarantee(GuaranteeKind kind, uint256 required) internal view {
        Guarantee memory given = _guarantees[kind];
        require(
            _inForce(given, required), GuaranteeLapsed(kind, given.amount, uint128(required), given.expiresAt)
        );
    }

    function _requireGuarantees(bytes memory deed) internal view {
        _requireGuarantee(GuaranteeKind.Performance, _securityRequired(deed));
        _requireGuarantee(GuaranteeKind.Advance, _advanceToGuarantee(deed));
    }

    function _securityRequired(bytes memory deed) private view returns (uint256) {
        uint256 rate = deed.securityRate();
        return rate == 0 ? 0 : PaymentTerms.share(_planned(deed).value, rate);
    }

    function _advanceToGuarantee(bytes memory deed) private view returns (uint256) {
        return deed.advanceRate() == 0 ? 0 : _withheld.advanceOutstanding;
    }

    function _inForce(Guarantee memory given, uint256 required) private view returns (bool) {
        return required == 0 || (given.amount >= required && given.expiresAt > block.timestamp);
    }

    // --- Milestones that are done ---

    /// @dev Accepts an amount as all that a milestone will ever pay; the rest is given up.
    function _conclude(
        bytes memory deed,
        uint256 milestone,
        Progress memory current,
        Basis basis,
        uint256 amount,
        uint256 rest
    ) internal {
        _end(deed, milestone, current.accepted + amount, rest);
        if (rest != 0) _giveUp(deed, milestone, rest);
        if (amount != 0) _acceptAndPay(deed, milestone, current, basis, amount);
    }

    /// @dev Books a milestone as done. Of one that was accepted in part, the accepted part is all that remains.
    function _end(bytes memory deed, uint256 milestone, uint256 accepted, uint256 rest) internal {
        _setDone(milestone);
        if (accepted == 0) {
            _cancelled.set(milestone);
        } else if (rest != 0) {
            (, uint256 dueAt, uint256 agreedAt) = _agreed(deed, milestone);
            _revise(milestone, accepted, dueAt, agreedAt);
        }
    }

    function _revise(uint256 milestone, uint256 amount, uint256 dueAt, uint256 agreedAt) internal {
        _revisions[milestone] =
            Revision({amount: amount.toUint96(), dueAt: dueAt.toUint40(), agreedAt: agreedAt.toUint40()});
        _ledger.flags |= MILESTONES_CHANGED;
    }

    function _giveUp(bytes memory deed, uint256 milestone, uint256 rest) internal {
        Plan memory plan = _planned(deed);
        // Cannot underflow: the rest of a milestone is part of what is scheduled.
        plan.scheduled -= uint96(rest);
        _setPlan(plan);
        emit MilestoneCancelled(milestone, uint128(rest));
    }
}
