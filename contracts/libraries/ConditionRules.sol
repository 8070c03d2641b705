// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementFactory} from "../interfaces/IAgreementFactory.sol";
import {Conditions, DirectPayment, Parties, Tax} from "../types/Agreements.sol";
import {PaymentTerms} from "./PaymentTerms.sol";

/// @title Which conditions make sense
/// @notice What nobody should be able to sign: rates above the whole, an advance that the work cannot recover, an agreement
/// that never lapses.
library ConditionRules {
    /// @dev Votes are the bits of a uint16.
    uint256 internal constant LARGEST_COMMITTEE = 16;
    uint256 internal constant LARGEST_INSPECTORS = 16;
    uint256 internal constant LARGEST_TAXES = 16;
    uint256 internal constant LARGEST_DIRECTS = 64;
    /// @dev A review's calendar days are kept in 8 bits: 60 working days are 84 days, which leaves 171 for holidays.
    uint256 internal constant LARGEST_REVIEW = 60;

    /// @notice Requires that no list is longer than can be kept, and that the quorum can be reached.
    /// @param parties see {Parties}
    /// @param agreed see {Conditions}
    function requireSizes(Parties calldata parties, Conditions calldata agreed) internal pure {
        uint256 size = parties.committee.length;
        require(
            parties.quorum != 0 && parties.quorum <= size && size <= LARGEST_COMMITTEE,
            IAgreementFactory.QuorumInvalid(parties.quorum, size, LARGEST_COMMITTEE)
        );
        _requireLength("inspectors", parties.inspectors.length, LARGEST_INSPECTORS);
        _requireLength("taxes", agreed.taxes.length, LARGEST_TAXES);
        _requireLength("directPayments", agreed.directPayments.length, LARGEST_DIRECTS);
    }

    /// @notice Requires that conditions fit together.
    /// @param agreed see {Conditions}
    /// @param milestones how many there are
    function requireValid(Conditions calldata agreed, uint256 milestones) internal pure {
        uint256 whole = PaymentTerms.BASIS_POINTS;
        _requireBetween("retentionRate", agreed.retentionRate, 0, whole);
        _requireBetween("recoveryRate", agreed.recoveryRate, agreed.advanceRate, whole - agreed.retentionRate);
        _requireBetween("securityRate", agreed.securityRate, 0, whole);
        _requireBetween("damagesCap", agreed.damagesCap, 0, whole);
        _requireBetween("defaultShare", agreed.defaultShare, 0, whole);
        _requireBetween("reviewDays", agreed.reviewDays, 0, LARGEST_REVIEW);
        _requireBetween("lapseDays", agreed.lapseDays, 1, type(uint16).max);
        _requireTaxes(agreed.taxes);
        DirectPayment[] calldata directs = agreed.directPayments;
        for (uint256 i; i < directs.length; ++i) {
            uint256 milestone = directs[i].milestone;
            require(
                milestone < milestones,
                IAgreementFactory.ConditionInvalid("directPayments", milestone, 0, milestones)
            );
        }
    }

    function _requireTaxes(Tax[] calldata taxes) private pure {
        for (uint256 i; i < taxes.length; ++i) {
            _requireBetween("taxes", taxes[i].numerator, 0, taxes[i].denominator);
            require(
                taxes[i].denominator != 0, IAgreementFactory.ConditionInvalid("taxes", 0, 1, type(uint24).max)
            );
        }
    }

    function _requireBetween(bytes32 condition, uint256 found, uint256 smallest, uint256 largest)
        private
        pure
    {
        require(
            found >= smallest && found <= largest,
            IAgreementFactory.ConditionInvalid(condition, found, smallest, largest)
        );
    }

    function _requireLength(bytes32 list, uint256 length, uint256 largest) private pure {
        require(length <= largest, IAgreementFactory.ListTooLong(list, length, largest));
    }
}
