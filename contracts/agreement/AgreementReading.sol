// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAgreementReading} from "../interfaces/IAgreementReading.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {
    AgreementStatus,
    Conditions,
    Guarantee,
    GuaranteeKind,
    Milestone,
    MilestoneStatus,
    Money,
    Parties,
    Progress
} from "../types/Agreements.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title What an agreement says of itself
/// @notice See {IAgreementReading}.
contract AgreementReading is IAgreementReading, AgreementState {
    using BitMaps for BitMaps.BitMap;
    using Deeds for bytes;

    /// @notice Sets up the last of the five, see {AgreementState}.
    /// @param around see {AgreementState-Surroundings}; there is no next
    constructor(Surroundings memory around) AgreementState(around) {}

    /// @notice Refuses what no part knows: this is the last of them.
    // An agreement takes no ether, so that there is nothing to pay.
    // solhint-disable-next-line payable-fallback
    fallback(bytes calldata) external override returns (bytes memory) {
        revert ActUnknown(msg.sig);
    }

    /// @inheritdoc IAgreementReading
    function status() external view returns (AgreementStatus current) {
        return _ledger.status;
    }

    /// @inheritdoc IAgreementReading
    function money() external view returns (Money memory totals) {
        bytes memory deed = Deeds.read();
        Plan memory plan = _planned(deed);
        Ledger memory ledger = _ledger;
        totals.value = plan.value;
        totals.scheduled = plan.scheduled;
        totals.funded = uint128(_funded(deed));
        totals.accepted = ledger.accepted;
        totals.owed = _debts.owed;
        totals.refunded = _ending.refunded;
        totals.advanceOutstanding = _withheld.advanceOutstanding;
        totals.retained = _withheld.retained;
        totals.damages = _damages.withheld;
        totals.damagesCarried = _damages.carried;
        totals.interestOwed = _debts.interest;
        // Exact: the token lets nothing in but what the agreement fetches.
        totals.paid = totals.funded - totals.refunded - uint128(IERC20(deed.token()).balanceOf(address(this)));
    }

    /// @inheritdoc IAgreementReading
    function parties() external view returns (Parties memory participants) {
        bytes memory deed = Deeds.read();
        return Parties({
            buyer: deed.buyer(),
            supplier: deed.supplier(),
            treasury: deed.treasury(),
            arbiter: deed.arbiter(),
            committee: deed.committee(),
            quorum: uint8(deed.quorum()),
            inspectors: deed.inspectors()
        });
    }

    /// @inheritdoc IAgreementReading
    function conditions() external view returns (Conditions memory agreed) {
        return Deeds.read().conditions();
    }

    /// @inheritdoc IAgreementReading
    function token() external view returns (address) {
        return Deeds.read().token();
    }

    /// @inheritdoc IAgreementReading
    function budgetLine() external view returns (bytes32 line) {
        return Deeds.read().budgetLine();
    }

    /// @inheritdoc IAgreementReading
    function endsAt() external view returns (uint64 moment) {
        return _planned(Deeds.read()).endsAt;
    }

    /// @inheritdoc IAgreementReading
    function milestones() external view returns (Milestone[] memory list) {
        bytes memory deed = Deeds.read();
        list = new Milestone[](_count(deed));
        bool closed = _ledger.status == AgreementStatus.Closed;
        for (uint256 i; i < list.length; ++i) {
            (uint256 amount, uint256 dueAt,) = _agreed(deed, i);
            list[i].amount = uint128(amount);
            list[i].dueAt = uint40(dueAt);
            list[i].status = _statusOf(i, 0);
            if (list[i].status == MilestoneStatus.Paid) {
                list[i].accepted = uint128(amount);
                list[i].status = _paidOrOwed(deed, i);
            } else if (closed) {
                list[i].status = MilestoneStatus.Cancelled;
            }
        }
        for (uint256 i; i < LARGEST_UNDER_WAY && _underWay[i].attempt != 0; ++i) {
            Progress memory current = _underWay[i];
            if (_isDone(current.milestone)) continue;
            Milestone memory shown = list[current.milestone];
            shown.accepted = current.accepted;
            if (closed) {
                // What was accepted of it is all that it came to.
                if (current.accepted == 0) continue;
                shown.amount = current.accepted;
                shown.status = _paidOrOwed(deed, current.milestone);
                continue;
            }
            shown.status = current.status;
            shown.attempt = current.attempt;
            shown.approvals = current.approvals;
            shown.rejections = current.rejections;
            shown.submittedAt = current.submittedAt;
            bool reviewed =
                current.status == MilestoneStatus.Submitted || current.status == MilestoneStatus.Inspected;
            if (reviewed && deed.reviewDays() != 0) shown.reviewEndsAt = uint40(_reviewEnd(current));
        }
    }

    function _paidOrOwed(bytes memory deed, uint256 milestone) private view returns (MilestoneStatus) {
        bool owed = _claims[milestone][_payee(deed, milestone)] != 0;
        return owed ? MilestoneStatus.Owed : MilestoneStatus.Paid;
    }

    /// @inheritdoc IAgreementReading
    function payeeOf(uint256 milestone) external view returns (bytes32 payee) {
        bytes memory deed = Deeds.read();
        uint256 count = _count(deed);
        require(milestone < count, MilestoneUnknown(milestone, count));
        return _payee(deed, milestone);
    }

    /// @inheritdoc IAgreementReading
    function owedTo(uint256 milestone, bytes32 payee) external view returns (uint128 amount) {
        return uint128(_claims[milestone][payee]);
    }

    /// @inheritdoc IAgreementReading
    function guarantee(GuaranteeKind kind) external view returns (Guarantee memory details) {
        return _guarantees[kind];
    }

    /// @inheritdoc IAgreementReading
    function pausedBetween(uint64 from, uint64 until) external view returns (uint64 duration) {
        return uint64(_pausedBetween(from, until));
    }
}
