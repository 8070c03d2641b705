// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAgreementChanges} from "../../../contracts/interfaces/IAgreementChanges.sol";
import {IAgreementCommons} from "../../../contracts/interfaces/IAgreementCommons.sol";
import {IAgreementConflicts} from "../../../contracts/interfaces/IAgreementConflicts.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {IAgreementFactory} from "../../../contracts/interfaces/IAgreementFactory.sol";
import {IAgreementWork} from "../../../contracts/interfaces/IAgreementWork.sol";
import {IBudget} from "../../../contracts/interfaces/IBudget.sol";
import {ISettlementToken} from "../../../contracts/interfaces/ISettlementToken.sol";
import {FinalAccount, Ground, Parties, Terms} from "../../../contracts/types/Agreements.sol";
import {Book, Creditor} from "./Books.sol";
import {PaymentAudit} from "./PaymentAudit.sol";
import {VM, Vm} from "./Vm.sol";

/// @title The events of all agreements, kept as books
/// @notice What does not add up from one event to the next is kept as a violation of the invariant with that number.
abstract contract Chronicle is PaymentAudit {
    mapping(address agreement => mapping(uint256 milestone => mapping(bytes32 payee => bool))) private
        _isCreditor;
    mapping(address agreement => Creditor[]) internal _creditors;
    /// @dev How often agreements said what.
    mapping(bytes32 topic => uint256) internal _events;
    uint256 internal _issued;
    uint256 internal _redeemed;

    function _record() internal {
        Vm.Log[] memory logs = VM.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log memory log = logs[i];
            if (log.emitter == address(_token)) _recordToken(log);
            else if (log.emitter == address(_budget)) _recordBudget(log);
            else if (log.emitter == address(_factory)) _recordFactory(log);
            else if (_books[log.emitter].known) _recordAgreement(log.emitter, _books[log.emitter], log);
        }
        _endOfPayment();
    }

    function _recordFactory(Vm.Log memory log) private {
        if (log.topics[0] != IAgreementFactory.AgreementCreated.selector) return;
        (,, Terms memory terms) = abi.decode(log.data, (bytes32, Parties, Terms));
        Book storage book = _books[_address(log.topics[1])];
        book.known = true;
        book.signedValue = book.value = book.highestValue = terms.value;
    }

    function _recordToken(Vm.Log memory log) private {
        if (log.topics[0] == ISettlementToken.Issued.selector) _issued += _firstAmount(log);
        if (log.topics[0] == ISettlementToken.Redeemed.selector) _redeemed += _firstAmount(log);
        if (log.topics[0] != IERC20.Transfer.selector) return;
        address from = _address(log.topics[1]);
        address to = _address(log.topics[2]);
        uint256 amount = _firstAmount(log);
        if (_books[to].known) _books[to].fundedIn += amount;
        if (!_books[from].known) return;
        Book storage book = _books[from];
        if (_registry.participantOf(to) == _id(TREASURY)) book.refunded += amount;
        else book.paidOut += amount;
        if (!book.closed && VM.getBlockTimestamp() < book.heldUntil) {
            _violate(10, "money left during a hold");
        }
    }

    function _recordBudget(Vm.Log memory log) private {
        bool committed = log.topics[0] == IBudget.LineCommitted.selector;
        if (!committed && log.topics[0] != IBudget.LineReleased.selector) return;
        Book storage book = _books[_address(log.topics[2])];
        (uint256 amount,) = abi.decode(log.data, (uint128, uint128));
        if (committed) book.committed += amount;
        else book.committed = _less(6, book.committed, amount, "released more than committed");
    }

    function _recordAgreement(address agreement, Book storage book, Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        ++_events[topic];
        if (topic == IAgreementCommons.PaymentMade.selector) {
            _auditPayment(agreement, book, log);
        } else if (topic == IAgreementCommons.DeductionPaid.selector) {
            _auditDeduction(log);
        } else if (topic == IAgreementCommons.PaymentOwed.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint128, uint128));
            book.owed += amount;
            _addCreditor(agreement, uint256(log.topics[1]), log.topics[2]);
        } else if (topic == IAgreementWork.ClaimPaid.selector) {
            book.owed = _less(4, book.owed, abi.decode(log.data, (uint128)), "claims");
        } else if (topic == IAgreementCommons.InterestAccrued.selector) {
            (, uint256 amount,) = abi.decode(log.data, (uint256, uint128, uint128));
            book.interest += amount;
        } else if (topic == IAgreementWork.InterestPaid.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint128, uint128));
            book.interest = _less(4, book.interest, amount, "interest");
        } else {
            _recordChange(book, log, topic);
        }
    }

    function _recordChange(Book storage book, Vm.Log memory log, bytes32 topic) private {
        if (topic == IAgreementChanges.AmendmentEnacted.selector) {
            (, uint128 value) = abi.decode(log.data, (uint128, uint128));
            book.value = value;
            ++book.amendments;
            if (value > book.highestValue) book.highestValue = value;
        } else if (topic == IAgreementConflicts.AgreementHoldPlaced.selector) {
            book.heldUntil = abi.decode(log.data, (uint64));
        } else if (topic == IAgreementConflicts.AgreementHoldLifted.selector) {
            book.heldUntil = VM.getBlockTimestamp();
        } else if (topic == IAgreementEnding.DefaultNoticed.selector) {
            book.noticed = true;
        } else if (topic == IAgreementEnding.DefaultCured.selector) {
            book.noticed = false;
        } else if (topic == IAgreementEnding.AgreementTerminated.selector) {
            book.ground = Ground(uint8(uint256(log.topics[1])));
        } else if (topic == IAgreementEnding.AgreementClosed.selector) {
            _auditFinalAccount(book, abi.decode(log.data, (FinalAccount)));
        }
    }

    function _addCreditor(address agreement, uint256 milestone, bytes32 payee) private {
        if (_isCreditor[agreement][milestone][payee]) return;
        _isCreditor[agreement][milestone][payee] = true;
        _creditors[agreement].push(Creditor({milestone: milestone, payee: payee}));
    }

    function _firstAmount(Vm.Log memory log) private pure returns (uint256) {
        return abi.decode(log.data, (uint256));
    }

    function _address(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
