// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementStatus, Milestone, MilestoneStatus} from "../../../contracts/types/Agreements.sol";

/// @title Which status may follow which
/// @notice From one act to the next; staying is always allowed. The tables stand in prose in README.md.
library Transitions {
    /// @notice An agreement's statuses as they were last seen, one byte for each milestone.
    struct Seen {
        AgreementStatus status;
        bytes milestones;
    }

    /// @notice Looks at the statuses, and keeps them.
    /// @return violation what should not have happened; empty if all is well
    function look(Seen storage seen, AgreementStatus status, Milestone[] memory list)
        internal
        returns (string memory violation)
    {
        bytes memory before = seen.milestones;
        bytes memory present = new bytes(list.length);
        if (seen.status != status && !_mayFollow(seen.status, status)) violation = "status of an agreement";
        if (list.length < before.length) violation = "milestones are gone";
        for (uint256 i; i < list.length; ++i) {
            present[i] = bytes1(uint8(list[i].status));
            MilestoneStatus last =
                i < before.length ? MilestoneStatus(uint8(before[i])) : MilestoneStatus.Scheduled;
            if (last != list[i].status && !_mayFollow(last, list[i].status)) {
                violation = "status of a milestone";
            }
        }
        seen.status = status;
        seen.milestones = present;
    }

    function _mayFollow(AgreementStatus last, AgreementStatus next) private pure returns (bool) {
        uint256 allowed;
        if (last == AgreementStatus.None) {
            allowed = _bit(AgreementStatus.Signed);
        } else if (last == AgreementStatus.Signed) {
            allowed = _bit(AgreementStatus.Active) | _ended();
        } else if (last == AgreementStatus.Active) {
            allowed = _bit(AgreementStatus.Completed) | _ended();
        } else if (last == AgreementStatus.Completed) {
            allowed = _ended();
        } else if (last == AgreementStatus.Terminated) {
            allowed = _bit(AgreementStatus.Closed);
        }
        return allowed & _bit(next) != 0;
    }

    function _mayFollow(MilestoneStatus last, MilestoneStatus next) private pure returns (bool) {
        uint256 paid = _bit(MilestoneStatus.Paid) | _bit(MilestoneStatus.Owed);
        uint256 refused = _bit(MilestoneStatus.Rejected) | _bit(MilestoneStatus.PartlyAccepted);
        uint256 cancelled = _bit(MilestoneStatus.Cancelled);
        uint256 disputed = _bit(MilestoneStatus.Disputed);
        uint256 allowed;
        if (last == MilestoneStatus.Scheduled) {
            allowed = _bit(MilestoneStatus.Submitted) | cancelled;
        } else if (last == MilestoneStatus.Submitted) {
            allowed = _bit(MilestoneStatus.Inspected) | refused | paid | disputed | cancelled;
        } else if (last == MilestoneStatus.Inspected) {
            allowed = refused | paid | disputed | cancelled;
        } else if (last == MilestoneStatus.Rejected) {
            allowed = _bit(MilestoneStatus.Submitted) | paid | disputed | cancelled;
        } else if (last == MilestoneStatus.PartlyAccepted) {
            allowed = _bit(MilestoneStatus.Submitted) | paid | disputed;
        } else if (last == MilestoneStatus.Disputed) {
            allowed = paid | cancelled;
        } else if (last == MilestoneStatus.Owed) {
            allowed = _bit(MilestoneStatus.Paid);
        }
        return allowed & _bit(next) != 0;
    }

    function _ended() private pure returns (uint256) {
        return _bit(AgreementStatus.Terminated) | _bit(AgreementStatus.Closed);
    }

    function _bit(AgreementStatus status) private pure returns (uint256) {
        return 1 << uint256(status);
    }

    function _bit(MilestoneStatus status) private pure returns (uint256) {
        return 1 << uint256(status);
    }
}
