// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Conditions,
    DirectPayment,
    MilestoneTerms,
    Tax,
    TaxBase
} from "../../../contracts/types/Agreements.sol";
import {Progress} from "./Progress.sol";

/// @title Agreements drawn by lot
/// @notice Conditions, amounts and parties within what the factory takes, and now and then beyond.
abstract contract Drawing is Progress {
    function _drawn() internal returns (Sample memory sample) {
        sample = _plain(_oneIn(16) ? 0 : _agreements.length);
        sample.parties.quorum = uint8(_oneIn(16) ? 0 : 1 + _roll(COMMITTEE_SIZE));
        if (_oneIn(3)) sample.parties.inspectors = new bytes32[](0);
        else if (_oneIn(8)) sample.parties.inspectors = _ids(_roll(_people.length), 1);
        if (_oneIn(16)) sample.parties.committee = _ids(_roll(_people.length), 1);
        if (_oneIn(3)) sample.parties.arbiter = 0;
        if (_oneIn(16)) sample.parties.arbiter = _id(_roll(_people.length));
        if (_oneIn(16)) sample.parties.treasury = _id(_roll(_people.length));
        if (_oneIn(16)) sample.parties.supplier = _id(_roll(_people.length));
        sample.terms.endsAt = _oneIn(4) ? 0 : _now() + uint64(_roll(400 days));
        _drawMilestones(sample);
        _drawRates(sample.terms.conditions);
        _drawDays(sample.terms.conditions);
        _drawRecipients(sample.terms.conditions, sample.milestones.length);
    }

    function _drawMilestones(Sample memory sample) private {
        uint256 sort = _roll(8);
        uint256 largest = sort < 3 ? 20 : sort < 7 ? 1_000_000 : 1 << 80;
        sample.milestones = new MilestoneTerms[](_roll(7));
        uint256 value;
        for (uint256 i; i < sample.milestones.length; ++i) {
            uint128 amount = uint128(_roll(largest));
            value += amount;
            sample.milestones[i].amount = amount;
            if (!_oneIn(3)) sample.milestones[i].dueAt = _now() + uint64(_roll(100 days));
            if (_oneIn(4)) sample.milestones[i].payee = _id(_oneIn(8) ? _roll(_people.length) : PARTNER);
        }
        sample.terms.value = uint128(value + (_oneIn(2) ? 0 : _roll(largest)));
        if (_oneIn(16) && value != 0) sample.terms.value = uint128(value - 1);
    }

    function _drawRates(Conditions memory agreed) private {
        agreed.retentionRate = uint16(_some(5_000));
        agreed.recoveryRate = uint16(_some(10_000 - agreed.retentionRate));
        agreed.advanceRate = uint16(_roll(agreed.recoveryRate + (_oneIn(16) ? 2 : 1)));
        agreed.securityRate = uint16(_some(2_000));
        agreed.damagesRate = uint32(_some(100_000));
        agreed.damagesCap = uint16(_some(10_000));
        agreed.interestRate = uint32(_some(100_000));
        agreed.amendmentCap = uint16(_some(20_000));
        agreed.defaultShare = uint16(_some(10_000));
    }

    function _drawDays(Conditions memory agreed) private {
        agreed.reviewDays = uint8(_some(20));
        agreed.paymentDays = uint8(_some(30));
        agreed.disputeDays = uint16(_some(30));
        agreed.rulingDays = uint16(_some(30));
        agreed.holdDays = uint16(_some(20));
        agreed.suspensionDays = uint16(_some(60));
        agreed.cureDays = uint16(_some(30));
        agreed.defectsDays = uint16(_some(100));
        agreed.lapseDays = uint16(1 + _roll(60));
    }

    function _drawRecipients(Conditions memory agreed, uint256 milestones) private {
        agreed.taxes = new Tax[](_roll(4));
        for (uint256 i; i < agreed.taxes.length; ++i) {
            uint24 denominator = uint24(1 + _roll(1_000));
            agreed.taxes[i] = Tax({
                recipient: _id(_oneIn(16) ? _roll(_people.length) : COLLECTOR),
                numerator: uint24(_roll(denominator / (_oneIn(4) ? 1 : 8) + 1)),
                denominator: denominator,
                base: TaxBase(_roll(2))
            });
        }
        agreed.directPayments = new DirectPayment[](milestones == 0 ? 0 : _roll(4));
        for (uint256 i; i < agreed.directPayments.length; ++i) {
            agreed.directPayments[i] = DirectPayment({
                milestone: uint24(_roll(milestones + (_oneIn(16) ? 1 : 0))),
                recipient: _id(_oneIn(8) ? _roll(_people.length) : SUBCONTRACTOR),
                amount: uint128(_roll(_oneIn(2) ? 20 : 200_000))
            });
        }
    }

    /// @dev Zero switches a rule off, often.
    function _some(uint256 largest) private returns (uint256) {
        return _oneIn(3) ? 0 : _roll(largest + 1);
    }
}
