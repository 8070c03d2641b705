// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {
    Basis,
    Conditions,
    DirectPayment,
    FinalAccount,
    Ground,
    Part,
    Payment
} from "../../../contracts/types/Agreements.sol";
import {Book} from "./Books.sol";
import {ExpectedPayment} from "./ExpectedPayment.sol";
import {People} from "./People.sol";
import {Vm} from "./Vm.sol";

/// @title Payments as they should have come out
/// @notice Each payment of an agreement, its deductions and its final account, against what the books say of the time
/// before.
abstract contract PaymentAudit is People {
    /// @dev A payment whose deductions follow as events.
    struct Pending {
        address agreement;
        uint256 milestone;
        uint256 taxesDue;
        uint256 directDue;
        uint256 nextTax;
        bool net;
    }

    mapping(address agreement => Book) internal _books;
    mapping(uint256 invariant => string) internal _violations;
    /// @dev What subcontractors got of a milestone.
    mapping(address agreement => mapping(uint256 milestone => uint256)) private _directPaid;
    /// @dev How many payments rested on what.
    mapping(Basis basis => uint256) internal _payments;
    Pending private _pending;
    uint256[] private _taxesExpected;

    function _violate(uint256 invariant, string memory what) internal {
        if (bytes(_violations[invariant]).length == 0) _violations[invariant] = what;
    }

    /// @dev A difference that should not be negative.
    function _less(uint256 invariant, uint256 amount, uint256 taken, string memory what)
        internal
        returns (uint256)
    {
        if (taken <= amount) return amount - taken;
        _violate(invariant, what);
        return 0;
    }

    function _auditPayment(address agreement, Book storage book, Vm.Log memory log) internal {
        _endOfPayment();
        (, Basis basis, Payment memory given) = abi.decode(log.data, (uint256, Basis, Payment));
        ++_payments[basis];
        Conditions memory agreed = IAgreement(agreement).conditions();
        Payment memory expected;
        uint256[] memory taxes;
        if (basis == Basis.DamagesReturned) {
            expected = _returned(book, given);
        } else if (basis == Basis.Advance || basis == Basis.RetentionRelease) {
            (expected, taxes) = ExpectedPayment.ofReceipt(given.gross, agreed);
            if (basis == Basis.Advance) _bookAdvance(book, agreed, given.gross);
            else book.retained = _less(4, book.retained, given.gross, "retention released");
        } else {
            (expected, taxes) = ExpectedPayment.ofAcceptance(given.gross, given, agreed, book, book.value);
            _bookAcceptance(book, given);
        }
        if (keccak256(abi.encode(expected)) != keccak256(abi.encode(given))) {
            _violate(5, "parts of a payment");
        }
        _auditAccount(log);
        _pending = Pending({
            agreement: agreement,
            milestone: uint256(log.topics[1]),
            taxesDue: given.taxes,
            directDue: given.direct,
            nextTax: 0,
            net: given.net != 0
        });
        _taxesExpected = taxes;
    }

    function _auditAccount(Vm.Log memory log) private {
        address account = address(uint160(uint256(log.topics[3])));
        if (account != address(0) && _registry.participantOf(account) != log.topics[2]) {
            _violate(5, "account of a payee");
        }
    }

    function _auditDeduction(Vm.Log memory log) internal {
        (Part part, uint256 amount) = abi.decode(log.data, (Part, uint128));
        if (part == Part.DirectPayment) {
            _pending.directDue = _less(5, _pending.directDue, amount, "direct payments");
            _directPaid[_pending.agreement][_pending.milestone] += amount;
            return;
        }
        uint256 next = _skipNothing(_pending.nextTax);
        if (next == _taxesExpected.length || _taxesExpected[next] != amount) _violate(5, "a tax");
        else _pending.nextTax = next + 1;
        _pending.taxesDue = _less(5, _pending.taxesDue, amount, "taxes");
    }

    function _endOfPayment() internal {
        Pending memory last = _pending;
        if (last.agreement == address(0)) return;
        if (last.taxesDue != 0 || last.directDue != 0) _violate(5, "deductions without their events");
        if (_skipNothing(last.nextTax) != _taxesExpected.length) _violate(5, "taxes that were left out");
        uint256 due = _directAgreed(last.agreement, last.milestone);
        uint256 paid = _directPaid[last.agreement][last.milestone];
        if (paid > due) _violate(5, "subcontractors got more than was agreed");
        if (last.net && paid < due) _violate(5, "the payee came before a subcontractor");
        delete _pending;
    }

    function _skipNothing(uint256 next) private view returns (uint256) {
        while (next < _taxesExpected.length && _taxesExpected[next] == 0) ++next;
        return next;
    }

    function _directAgreed(address agreement, uint256 milestone) private view returns (uint256 total) {
        DirectPayment[] memory table = IAgreement(agreement).conditions().directPayments;
        for (uint256 i; i < table.length; ++i) {
            if (table[i].milestone == milestone) total += table[i].amount;
        }
    }

    /// @dev No more than the rest of the work can recover.
    function _bookAdvance(Book storage book, Conditions memory agreed, uint256 amount) private {
        uint256 due = book.signedValue * agreed.advanceRate / 10_000;
        uint256 largest = (book.value - book.accepted) * agreed.recoveryRate / 10_000;
        if (amount != (due < largest ? due : largest)) _violate(5, "the amount of an advance");
        if (book.advancePaid != 0) _violate(4, "a second advance");
        book.advance += amount;
        book.advancePaid += amount;
    }

    function _bookAcceptance(Book storage book, Payment memory given) private {
        ++book.payments;
        book.accepted += given.gross;
        book.advance = _less(4, book.advance, given.advance, "advance recovered");
        book.retained += given.retention;
        book.damages += given.damages;
        book.carried = given.carried;
    }

    /// @dev First of what is carried, then of what was withheld.
    function _returned(Book storage book, Payment memory given) private returns (Payment memory expected) {
        expected.gross = given.gross;
        expected.net = given.gross;
        expected.carried = given.carried;
        if (given.carried > book.carried || (given.gross != 0 && given.carried != 0)) {
            _violate(5, "damages returned before those carried");
        }
        book.carried = given.carried;
        book.damages = _less(4, book.damages, given.gross, "damages returned");
    }

    function _auditFinalAccount(Book storage book, FinalAccount memory account) internal {
        uint256 forDamages = book.retained < book.carried ? book.retained : book.carried;
        uint256 left = book.retained - forDamages;
        uint256 forAdvance = left < book.advance ? left : book.advance;
        uint256 kept = book.ground == Ground.Default ? book.retained : forDamages + forAdvance;
        bool right = account.accepted == book.accepted && account.damages == book.damages
            && account.retentionKept == kept && account.retentionReleased == book.retained - kept
            && account.advanceUnrecovered == book.advance - forAdvance
            && account.damagesUnrecovered == book.carried - forDamages
            && account.released == book.value - book.accepted && account.interestOwed == book.interest
            && account.refunded + book.accepted + book.advance == book.fundedIn + book.damages + kept;
        if (!right) _violate(1, "the final account");
        book.retained -= kept;
        book.damages = book.carried = book.advance = 0;
        book.closed = true;
    }
}
