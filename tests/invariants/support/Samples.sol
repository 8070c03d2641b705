// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Conditions,
    DirectPayment,
    MilestoneTerms,
    Parties,
    Tax,
    TaxBase,
    Terms
} from "../../../contracts/types/Agreements.sol";
import {People} from "./People.sol";
import {VM} from "./Vm.sol";

/// @title Four agreements
/// @notice One with every rule on, a plain one, one without inspectors and arbiter, and one over amounts so small that rounding
/// decides nearly everything.
abstract contract Samples is People {
    /// @notice What is given to {IAgreementFactory-create}.
    struct Sample {
        Parties parties;
        Terms terms;
        MilestoneTerms[] milestones;
    }

    uint256 internal constant WHOLE = 0;
    uint256 internal constant PLAIN = 1;
    uint256 internal constant UNINSPECTED = 2;
    uint256 internal constant TINY = 3;
    uint256 internal constant SAMPLES = 4;
    uint16 internal constant YEAR = 2026;
    string internal constant LINE = "5.2.3.01";

    bytes32 internal _line;

    function _appropriate(uint128 total) internal {
        _line = _budget.appropriate(_id(MINISTRY), address(_token), YEAR, LINE, total, 0);
    }

    /// @param which one of the constants above
    /// @param number tells agreements apart
    function _sample(uint256 which, uint256 number) internal view returns (Sample memory sample) {
        sample = _plain(number);
        if (which == WHOLE) {
            sample.terms.conditions = _everything();
            sample.milestones = _milestones([uint128(100_001), 250_000, 333_333, 0, 300_007]);
            sample.milestones[2].payee = _id(PARTNER);
        } else if (which == UNINSPECTED) {
            sample.parties.inspectors = new bytes32[](0);
            sample.parties.arbiter = 0;
            sample.parties.quorum = 1;
            sample.terms.conditions = _strict();
            sample.terms.endsAt -= 240 days;
        } else if (which == TINY) {
            sample.terms.conditions = _harsh();
            sample.milestones = _milestones([uint128(1), 2, 3, 7, 20]);
            sample.milestones[1].payee = _id(SUBCONTRACTOR);
        }
        uint128 value;
        for (uint256 i; i < sample.milestones.length; ++i) {
            value += sample.milestones[i].amount;
        }
        sample.terms.value = which == PLAIN ? value + 1_000 : value;
    }

    function _plain(uint256 number) internal view returns (Sample memory sample) {
        sample.parties = Parties({
            buyer: _id(MINISTRY),
            supplier: _id(SUPPLIER),
            treasury: _id(TREASURY),
            arbiter: _id(ARBITER),
            committee: _ids(COMMITTEE, COMMITTEE_SIZE),
            quorum: 2,
            inspectors: _ids(INSPECTOR, INSPECTORS)
        });
        sample.terms.ocid = "ocds-test";
        sample.terms.contractId = _name(number);
        sample.terms.token = address(_token);
        sample.terms.budgetLine = _line;
        sample.terms.endsAt = uint64(VM.getBlockTimestamp() + 300 days);
        sample.terms.conditions.lapseDays = 30;
        sample.milestones = _milestones([uint128(10_000), 20_000, 30_000, 40_000, 50_000]);
    }

    function _milestones(uint128[5] memory amounts) private view returns (MilestoneTerms[] memory list) {
        list = new MilestoneTerms[](amounts.length);
        for (uint256 i; i < amounts.length; ++i) {
            list[i].amount = amounts[i];
            // The last has no date.
            if (i != 4) list[i].dueAt = uint64(VM.getBlockTimestamp() + 7 days * (i + 1));
        }
    }

    /// @dev Rates and periods as they are usual.
    function _everything() private view returns (Conditions memory agreed) {
        agreed = _periods();
        agreed.advanceRate = 2_000;
        agreed.recoveryRate = 3_000;
        agreed.retentionRate = 500;
        agreed.securityRate = 500;
        agreed.damagesRate = 1_000;
        agreed.damagesCap = 500;
        agreed.interestRate = 300;
        agreed.amendmentCap = 1_000;
        agreed.defaultShare = 5_000;
        agreed.taxes = _taxes();
        agreed.directPayments = new DirectPayment[](4);
        agreed.directPayments[0] = DirectPayment(1, _id(SUBCONTRACTOR), 20_000);
        agreed.directPayments[1] = DirectPayment(1, _id(PARTNER), 10_001);
        agreed.directPayments[2] = DirectPayment(2, _id(SUBCONTRACTOR), 300_000);
        agreed.directPayments[3] = DirectPayment(4, _id(SUBCONTRACTOR), 77_777);
    }

    function _periods() private pure returns (Conditions memory agreed) {
        agreed.reviewDays = 7;
        agreed.paymentDays = 14;
        agreed.disputeDays = 14;
        agreed.rulingDays = 30;
        agreed.holdDays = 10;
        agreed.suspensionDays = 30;
        agreed.cureDays = 14;
        agreed.defectsDays = 60;
        agreed.lapseDays = 30;
    }

    function _taxes() private view returns (Tax[] memory list) {
        list = new Tax[](2);
        list[0] = Tax(_id(COLLECTOR), 11, 111, TaxBase.Gross);
        list[1] = Tax(_id(COLLECTOR), 3, 200, TaxBase.Received);
    }

    /// @dev Retention and damages without advance, tax or security.
    function _strict() private pure returns (Conditions memory agreed) {
        agreed = _periods();
        agreed.retentionRate = 1_000;
        agreed.damagesRate = 20_000;
        agreed.damagesCap = 3_000;
        agreed.interestRate = 10_000;
        agreed.amendmentCap = 10_000;
        agreed.defaultShare = 3_333;
    }

    /// @dev Deductions that together exceed most payments, and no defects period.
    function _harsh() private view returns (Conditions memory agreed) {
        agreed = _everything();
        agreed.advanceRate = 3_000;
        agreed.recoveryRate = 6_667;
        agreed.retentionRate = 3_333;
        agreed.securityRate = 0;
        agreed.damagesRate = 50_000;
        agreed.damagesCap = 10_000;
        agreed.interestRate = 100_000;
        agreed.defectsDays = 0;
        agreed.directPayments = new DirectPayment[](2);
        agreed.directPayments[0] = DirectPayment(3, _id(PARTNER), 2);
        agreed.directPayments[1] = DirectPayment(3, _id(SUBCONTRACTOR), 1);
    }
}
