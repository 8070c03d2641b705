// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibClone} from "solady/utils/LibClone.sol";
import {
    Conditions,
    DirectPayment,
    MilestoneTerms,
    Parties,
    Tax,
    TaxBase,
    Terms
} from "../types/Agreements.sol";
import {Packed} from "./Packed.sol";
import {Schedules} from "./Schedules.sol";

/// @title What was signed, kept at the end of the agreement's own code
/// @notice A deed never changes. Its head has the fields of one size; behind it stand committee, inspectors, taxes, direct
/// payments, milestones and their sum, and at the end the factory and salt that the agreement's address follows from.
/// @dev A participant id has 128 significant bits, see {IParticipantRegistry-idOf}.
library Deeds {
    using Packed for bytes;
    using SafeCast for uint256;

    /// @dev The code of a minimal clone (ERC-1167), which the deed follows.
    uint256 internal constant CLONE_SIZE = 45;
    uint256 private constant ID_SIZE = 16;
    uint256 private constant TAX_SIZE = 23;
    uint256 private constant DIRECT_SIZE = 31;
    /// @dev The sum of the milestones' amounts.
    uint256 private constant SCHEDULED_SIZE = 12;
    uint256 private constant ORIGIN_SIZE = 52;
    /// @dev Milestones of the signature beyond these are kept like those of an amendment.
    uint256 internal constant LARGEST_SCHEDULE = 1_000;

    uint256 private constant BUYER = 0;
    uint256 private constant SUPPLIER = 16;
    uint256 private constant TREASURY = 32;
    uint256 private constant ARBITER = 48;
    uint256 private constant TOKEN = 64;
    uint256 private constant BUDGET_LINE = 84;
    uint256 private constant VALUE = 116;
    uint256 private constant SIGNED_AT = 128;
    uint256 private constant ENDS_AT = 133;
    uint256 private constant ADVANCE_RATE = 138;
    uint256 private constant RECOVERY_RATE = 140;
    uint256 private constant RETENTION_RATE = 142;
    uint256 private constant SECURITY_RATE = 144;
    uint256 private constant DAMAGES_RATE = 146;
    uint256 private constant DAMAGES_CAP = 150;
    uint256 private constant INTEREST_RATE = 152;
    uint256 private constant AMENDMENT_CAP = 156;
    uint256 private constant DEFAULT_SHARE = 158;
    uint256 private constant REVIEW_DAYS = 160;
    uint256 private constant PAYMENT_DAYS = 161;
    uint256 private constant DISPUTE_DAYS = 162;
    uint256 private constant RULING_DAYS = 164;
    uint256 private constant HOLD_DAYS = 166;
    uint256 private constant SUSPENSION_DAYS = 168;
    uint256 private constant CURE_DAYS = 170;
    uint256 private constant DEFECTS_DAYS = 172;
    uint256 private constant LAPSE_DAYS = 174;
    uint256 private constant QUORUM = 176;
    uint256 private constant COMMITTEE_SIZE = 177;
    uint256 private constant INSPECTORS_SIZE = 178;
    uint256 private constant TAXES_SIZE = 179;
    uint256 private constant DIRECTS_SIZE = 180;
    uint256 private constant MILESTONES_SIZE = 181;
    uint256 private constant HEAD_SIZE = 184;

    // --- Writing ---

    /// @notice Writes a deed, without its origin.
    /// @param parties see {Parties}
    /// @param terms see {Terms}
    /// @param milestones those of the signature
    /// @return data at most {LARGEST_SCHEDULE} of the milestones are in it
    /// @return total the sum of all milestones' amounts
    function write(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        internal
        view
        returns (bytes memory data, uint256 total)
    {
        Conditions calldata agreed = terms.conditions;
        MilestoneTerms[] calldata kept = milestones[:_kept(milestones.length)];
        uint256 people = parties.committee.length + parties.inspectors.length;
        data = Packed.create(
            HEAD_SIZE + people * ID_SIZE + agreed.taxes.length * TAX_SIZE + agreed.directPayments.length
                * DIRECT_SIZE + kept.length * Schedules.ENTRY_SIZE + SCHEDULED_SIZE
        );
        _writeTerms(data, parties, terms);
        _writeConditions(data, agreed);
        _writeSizes(data, parties, agreed, kept.length);
        uint256 offset = _writePeople(data, HEAD_SIZE, parties.committee);
        offset = _writePeople(data, offset, parties.inspectors);
        offset = _writeTaxes(data, offset, agreed.taxes);
        offset = _writeDirects(data, offset, agreed.directPayments);
        (offset, total) = Schedules.write(data, offset, kept);
        for (uint256 i = kept.length; i < milestones.length; ++i) {
            total += milestones[i].amount;
        }
        data.put(offset, SCHEDULED_SIZE, total.toUint96());
    }

    function _kept(uint256 count) private pure returns (uint256) {
        return count < LARGEST_SCHEDULE ? count : LARGEST_SCHEDULE;
    }

    function _writeTerms(bytes memory data, Parties calldata parties, Terms calldata terms) private view {
        uint256 offset = data.put(BUYER, ID_SIZE, _short(parties.buyer));
        offset = data.put(offset, ID_SIZE, _short(parties.supplier));
        offset = data.put(offset, ID_SIZE, _short(parties.treasury));
        offset = data.put(offset, ID_SIZE, _short(parties.arbiter));
        offset = data.put(offset, 20, uint160(terms.token));
        offset = data.put(offset, 32, uint256(terms.budgetLine));
        offset = data.put(offset, 12, uint256(terms.value).toUint96());
        offset = data.put(offset, 5, block.timestamp);
        data.put(offset, 5, uint256(terms.endsAt).toUint40());
    }

    function _writeConditions(bytes memory data, Conditions calldata agreed) private pure {
        uint256 offset = data.put(ADVANCE_RATE, 2, agreed.advanceRate);
        offset = data.put(offset, 2, agreed.recoveryRate);
        offset = data.put(offset, 2, agreed.retentionRate);
        offset = data.put(offset, 2, agreed.securityRate);
        offset = data.put(offset, 4, agreed.damagesRate);
        offset = data.put(offset, 2, agreed.damagesCap);
        offset = data.put(offset, 4, agreed.interestRate);
        offset = data.put(offset, 2, agreed.amendmentCap);
        offset = data.put(offset, 2, agreed.defaultShare);
        offset = data.put(offset, 1, agreed.reviewDays);
        offset = data.put(offset, 1, agreed.paymentDays);
        offset = data.put(offset, 2, agreed.disputeDays);
        offset = data.put(offset, 2, agreed.rulingDays);
        offset = data.put(offset, 2, agreed.holdDays);
        offset = data.put(offset, 2, agreed.suspensionDays);
        offset = data.put(offset, 2, agreed.cureDays);
        offset = data.put(offset, 2, agreed.defectsDays);
        data.put(offset, 2, agreed.lapseDays);
    }

    function _writeSizes(
        bytes memory data,
        Parties calldata parties,
        Conditions calldata agreed,
        uint256 milestones
    ) private pure {
        uint256 offset = data.put(QUORUM, 1, parties.quorum);
        offset = data.put(offset, 1, parties.committee.length);
        offset = data.put(offset, 1, parties.inspectors.length);
        offset = data.put(offset, 1, agreed.taxes.length);
        offset = data.put(offset, 1, agreed.directPayments.length);
        data.put(offset, 3, milestones);
    }

    function _writePeople(bytes memory data, uint256 offset, bytes32[] calldata people)
        private
        pure
        returns (uint256)
    {
        for (uint256 i; i < people.length; ++i) {
            offset = data.put(offset, ID_SIZE, _short(people[i]));
        }
        return offset;
    }

    function _writeTaxes(bytes memory data, uint256 offset, Tax[] calldata table)
        private
        pure
        returns (uint256)
    {
        for (uint256 i; i < table.length; ++i) {
            offset = data.put(offset, ID_SIZE, _short(table[i].recipient));
            offset = data.put(offset, 3, table[i].numerator);
            offset = data.put(offset, 3, table[i].denominator);
            offset = data.put(offset, 1, uint256(table[i].base));
        }
        return offset;
    }

    function _writeDirects(bytes memory data, uint256 offset, DirectPayment[] calldata table)
        private
        pure
        returns (uint256)
    {
        for (uint256 i; i < table.length; ++i) {
            offset = data.put(offset, 3, table[i].milestone);
            offset = data.put(offset, ID_SIZE, _short(table[i].recipient));
            offset = data.put(offset, 12, uint256(table[i].amount).toUint96());
        }
        return offset;
    }

    function _short(bytes32 participant) private pure returns (uint256) {
        return uint128(bytes16(participant));
    }

    // --- Reading the head; names, units and meaning are those of {Parties}, {Terms} and {Conditions} ---

    /// @notice The head of the deed of the agreement in which this runs.
    /// @return head for the functions below
    function read() internal view returns (bytes memory head) {
        return LibClone.argsOnClone(address(this), 0, HEAD_SIZE);
    }

    /// @notice Participant id of the buyer.
    function buyer(bytes memory head) internal pure returns (bytes32) {
        return _long(head.get(BUYER, ID_SIZE));
    }

    /// @notice Participant id of the supplier.
    function supplier(bytes memory head) internal pure returns (bytes32) {
        return _long(head.get(SUPPLIER, ID_SIZE));
    }

    /// @notice Participant id of the treasury.
    function treasury(bytes memory head) internal pure returns (bytes32) {
        return _long(head.get(TREASURY, ID_SIZE));
    }

    /// @notice Participant id of the arbiter.
    function arbiter(bytes memory head) internal pure returns (bytes32) {
        return _long(head.get(ARBITER, ID_SIZE));
    }

    /// @notice The settlement token.
    function token(bytes memory head) internal pure returns (address) {
        return address(uint160(head.get(TOKEN, 20)));
    }

    /// @notice The appropriation line.
    function budgetLine(bytes memory head) internal pure returns (bytes32) {
        return bytes32(head.get(BUDGET_LINE, 32));
    }

    /// @notice The value at signature, in minor units.
    function value(bytes memory head) internal pure returns (uint256) {
        return head.get(VALUE, 12);
    }

    /// @notice When the agreement was deployed, Unix seconds.
    function signedAt(bytes memory head) internal pure returns (uint256) {
        return head.get(SIGNED_AT, 5);
    }

    /// @notice The end of the work at signature, Unix seconds.
    function endsAt(bytes memory head) internal pure returns (uint256) {
        return head.get(ENDS_AT, 5);
    }

    /// @notice Basis points.
    function advanceRate(bytes memory head) internal pure returns (uint256) {
        return head.get(ADVANCE_RATE, 2);
    }

    /// @notice Basis points.
    function recoveryRate(bytes memory head) internal pure returns (uint256) {
        return head.get(RECOVERY_RATE, 2);
    }

    /// @notice Basis points.
    function retentionRate(bytes memory head) internal pure returns (uint256) {
        return head.get(RETENTION_RATE, 2);
    }

    /// @notice Basis points.
    function securityRate(bytes memory head) internal pure returns (uint256) {
        return head.get(SECURITY_RATE, 2);
    }

    /// @notice Millionths.
    function damagesRate(bytes memory head) internal pure returns (uint256) {
        return head.get(DAMAGES_RATE, 4);
    }

    /// @notice Basis points.
    function damagesCap(bytes memory head) internal pure returns (uint256) {
        return head.get(DAMAGES_CAP, 2);
    }

    /// @notice Millionths.
    function interestRate(bytes memory head) internal pure returns (uint256) {
        return head.get(INTEREST_RATE, 4);
    }

    /// @notice Basis points.
    function amendmentCap(bytes memory head) internal pure returns (uint256) {
        return head.get(AMENDMENT_CAP, 2);
    }

    /// @notice Basis points.
    function defaultShare(bytes memory head) internal pure returns (uint256) {
        return head.get(DEFAULT_SHARE, 2);
    }

    /// @notice Working days.
    function reviewDays(bytes memory head) internal pure returns (uint256) {
        return head.get(REVIEW_DAYS, 1);
    }

    /// @notice Days.
    function paymentDays(bytes memory head) internal pure returns (uint256) {
        return head.get(PAYMENT_DAYS, 1);
    }

    /// @notice Days.
    function disputeDays(bytes memory head) internal pure returns (uint256) {
        return head.get(DISPUTE_DAYS, 2);
    }

    /// @notice Days.
    function rulingDays(bytes memory head) internal pure returns (uint256) {
        return head.get(RULING_DAYS, 2);
    }

    /// @notice Days.
    function holdDays(bytes memory head) internal pure returns (uint256) {
        return head.get(HOLD_DAYS, 2);
    }

    /// @notice Days.
    function suspensionDays(bytes memory head) internal pure returns (uint256) {
        return head.get(SUSPENSION_DAYS, 2);
    }

    /// @notice Days.
    function cureDays(bytes memory head) internal pure returns (uint256) {
        return head.get(CURE_DAYS, 2);
    }

    /// @notice Days.
    function defectsDays(bytes memory head) internal pure returns (uint256) {
        return head.get(DEFECTS_DAYS, 2);
    }

    /// @notice Days.
    function lapseDays(bytes memory head) internal pure returns (uint256) {
        return head.get(LAPSE_DAYS, 2);
    }

    /// @notice How many of the committee must agree.
    function quorum(bytes memory head) internal pure returns (uint256) {
        return head.get(QUORUM, 1);
    }

    /// @notice How many are on the committee.
    function committeeSize(bytes memory head) internal pure returns (uint256) {
        return head.get(COMMITTEE_SIZE, 1);
    }

    /// @notice How many inspectors there are.
    function inspectorsSize(bytes memory head) internal pure returns (uint256) {
        return head.get(INSPECTORS_SIZE, 1);
    }

    /// @notice How many taxes there are.
    function taxesSize(bytes memory head) internal pure returns (uint256) {
        return head.get(TAXES_SIZE, 1);
    }

    /// @notice How many direct payments there are.
    function directsSize(bytes memory head) internal pure returns (uint256) {
        return head.get(DIRECTS_SIZE, 1);
    }

    /// @notice How many milestones the deed has.
    function milestonesSize(bytes memory head) internal pure returns (uint256) {
        return head.get(MILESTONES_SIZE, 3);
    }

    // --- Reading the lists ---

    /// @notice All conditions.
    function conditions(bytes memory head) internal view returns (Conditions memory agreed) {
        agreed.advanceRate = uint16(advanceRate(head));
        agreed.recoveryRate = uint16(recoveryRate(head));
        agreed.retentionRate = uint16(retentionRate(head));
        agreed.securityRate = uint16(securityRate(head));
        agreed.damagesRate = uint32(damagesRate(head));
        agreed.damagesCap = uint16(damagesCap(head));
        agreed.interestRate = uint32(interestRate(head));
        agreed.amendmentCap = uint16(amendmentCap(head));
        agreed.defaultShare = uint16(defaultShare(head));
        agreed.reviewDays = uint8(reviewDays(head));
        agreed.paymentDays = uint8(paymentDays(head));
        agreed.disputeDays = uint16(disputeDays(head));
        agreed.rulingDays = uint16(rulingDays(head));
        agreed.holdDays = uint16(holdDays(head));
        agreed.suspensionDays = uint16(suspensionDays(head));
        agreed.cureDays = uint16(cureDays(head));
        agreed.defectsDays = uint16(defectsDays(head));
        agreed.lapseDays = uint16(lapseDays(head));
        agreed.taxes = taxes(head);
        agreed.directPayments = directs(head);
    }

    /// @notice The committee.
    function committee(bytes memory head) internal view returns (bytes32[] memory) {
        return _people(HEAD_SIZE, head.get(COMMITTEE_SIZE, 1));
    }

    /// @notice Where a participant stands on the committee.
    /// @return position 1 for the first, 0 for who is not on it
    function committeePosition(bytes memory head, bytes32 participant)
        internal
        view
        returns (uint256 position)
    {
        uint256 size = head.get(COMMITTEE_SIZE, 1);
        bytes memory data = _slice(HEAD_SIZE, size * ID_SIZE);
        while (position < size) {
            if (data.get(position++ * ID_SIZE, ID_SIZE) == _short(participant)) return position;
        }
        return 0;
    }

    /// @notice Whether payments are made as they are accepted: nothing is withheld, and nobody else gets a part.
    function deductsNothing(bytes memory head) internal pure returns (bool) {
        return
            head.get(RECOVERY_RATE, 4) == 0 && head.get(DAMAGES_RATE, 4) == 0 && head.get(TAXES_SIZE, 2) == 0;
    }

    /// @notice The inspectors.
    function inspectors(bytes memory head) internal view returns (bytes32[] memory) {
        return _people(HEAD_SIZE + head.get(COMMITTEE_SIZE, 1) * ID_SIZE, head.get(INSPECTORS_SIZE, 1));
    }

    /// @notice The taxes.
    function taxes(bytes memory head) internal view returns (Tax[] memory list) {
        list = new Tax[](head.get(TAXES_SIZE, 1));
        if (list.length == 0) return list;
        bytes memory data = _slice(_taxesAt(head), list.length * TAX_SIZE);
        for (uint256 i; i < list.length; ++i) {
            uint256 offset = i * TAX_SIZE;
            list[i].recipient = _long(data.get(offset, ID_SIZE));
            list[i].numerator = uint24(data.get(offset + ID_SIZE, 3));
            list[i].denominator = uint24(data.get(offset + ID_SIZE + 3, 3));
            list[i].base = TaxBase(data.get(offset + ID_SIZE + 6, 1));
        }
    }

    /// @notice The direct payments.
    function directs(bytes memory head) internal view returns (DirectPayment[] memory list) {
        list = new DirectPayment[](head.get(DIRECTS_SIZE, 1));
        if (list.length == 0) return list;
        bytes memory data = _slice(_directsAt(head), list.length * DIRECT_SIZE);
        for (uint256 i; i < list.length; ++i) {
            uint256 offset = i * DIRECT_SIZE;
            list[i].milestone = uint24(data.get(offset, 3));
            list[i].recipient = _long(data.get(offset + 3, ID_SIZE));
            list[i].amount = uint128(data.get(offset + 3 + ID_SIZE, 12));
        }
    }

    /// @notice One milestone of the signature.
    /// @param milestone its index, below {milestonesSize}
    /// @return amount in minor units
    /// @return dueAt Unix seconds; zero if no date is agreed
    function milestoneAt(bytes memory head, uint256 milestone)
        internal
        view
        returns (uint256 amount, uint256 dueAt)
    {
        uint256 offset = _milestonesAt(head) + milestone * Schedules.ENTRY_SIZE;
        return Schedules.readEntry(_slice(offset, Schedules.ENTRY_SIZE), 0);
    }

    /// @notice The sum of the milestones of the signature, in minor units.
    function scheduled(bytes memory head) internal view returns (uint256) {
        uint256 offset = _milestonesAt(head) + head.get(MILESTONES_SIZE, 3) * Schedules.ENTRY_SIZE;
        return _slice(offset, SCHEDULED_SIZE).get(0, SCHEDULED_SIZE);
    }

    function _taxesAt(bytes memory head) private pure returns (uint256) {
        return HEAD_SIZE + (head.get(COMMITTEE_SIZE, 1) + head.get(INSPECTORS_SIZE, 1)) * ID_SIZE;
    }

    function _directsAt(bytes memory head) private pure returns (uint256) {
        return _taxesAt(head) + head.get(TAXES_SIZE, 1) * TAX_SIZE;
    }

    function _milestonesAt(bytes memory head) private pure returns (uint256) {
        return _directsAt(head) + head.get(DIRECTS_SIZE, 1) * DIRECT_SIZE;
    }

    function _people(uint256 offset, uint256 count) private view returns (bytes32[] memory list) {
        list = new bytes32[](count);
        if (count == 0) return list;
        bytes memory data = _slice(offset, count * ID_SIZE);
        for (uint256 i; i < count; ++i) {
            list[i] = _long(data.get(i * ID_SIZE, ID_SIZE));
        }
    }

    function _slice(uint256 offset, uint256 size) private view returns (bytes memory data) {
        return LibClone.argsOnClone(address(this), offset, offset + size);
    }

    function _long(uint256 short) private pure returns (bytes32) {
        return bytes32(bytes16(uint128(short)));
    }
}
