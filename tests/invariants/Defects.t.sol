// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Amendment, Milestone, MilestoneChange, MilestoneStatus} from "../../contracts/types/Agreements.sol";
import {Standing} from "../../contracts/types/Participants.sol";
import {Assertions} from "./support/Assertions.sol";
import {Scenario} from "./support/Scenario.sol";
import {VM} from "./support/Vm.sol";

/// @notice The shortest sequences to defects that the invariants, or their writing, brought to light. Each test states what is
/// right, and failed before the contract was mended.
contract DefectsTest is Scenario {
    /// @dev I3. Two changes of one milestone in the first amendment that changes any: what is scheduled must be the sum of
    /// the milestones.
    function test_one_milestone_changes_twice_in_one_amendment() external {
        _activate(_sample(UNINSPECTED, 1));
        Amendment memory terms;
        terms.reason = REASON;
        terms.changes = new MilestoneChange[](2);
        terms.changes[0].amount = 4_000;
        terms.changes[1].amount = 10_000;
        _amend(1, terms);
        _requireSumOfMilestones();
    }

    /// @dev I3, I9, I11. Whether the amendment takes effect or not, the agreement must end, and pay back what is left. (It
    /// took effect, lowered the value below what was accepted, and every way to the final account ended in a panic.)
    function test_an_agreement_whose_value_fell_ends() external {
        _activate(_sample(UNINSPECTED, 1));
        Amendment memory terms;
        terms.reason = REASON;
        terms.changes = new MilestoneChange[](2);
        terms.changes[0].amount = 4_000;
        terms.changes[1].amount = 10_000;
        terms.decrease = 6_000;
        VM.prank(_account(SUPPLIER));
        uint256 number = _agreement.proposeAmendment(terms);
        _try(COMMITTEE, abi.encodeCall(_agreement.signAmendment, (number, terms)));
        for (uint256 i; i < 5; ++i) {
            _submit(i);
            _vote(1, abi.encodeCall(_agreement.accept, (i, 1)));
        }
        _pass(1_000 days);
        _agreement.lapse();
        Assertions.same(_token.balanceOf(address(_agreement)), 0, "trapped");
    }

    /// @dev I10. An amendment that returns damages must wait, or pay later, while an auditor holds all payments.
    function test_no_money_leaves_during_a_hold() external {
        _activate(_sample(UNINSPECTED, 1));
        _pass(30 days);
        _submit(0);
        _vote(1, abi.encodeCall(_agreement.accept, (0, 1)));
        VM.prank(_account(AUDITOR));
        _agreement.hold(uint64(VM.getBlockTimestamp() + 5 days), REASON, 0);
        uint256 held = _token.balanceOf(address(_agreement));

        Amendment memory terms;
        terms.reason = REASON;
        terms.changes = new MilestoneChange[](1);
        terms.changes[0].amount = 10_000;
        VM.prank(_account(SUPPLIER));
        uint256 number = _agreement.proposeAmendment(terms);
        _try(COMMITTEE, abi.encodeCall(_agreement.signAmendment, (number, terms)));
        Assertions.same(_token.balanceOf(address(_agreement)), held, "held by the agreement");
    }

    /// @dev I8. A milestone whose accepted part waits as a claim is Owed after closing as well.
    function test_what_waits_as_a_claim_is_owed_after_closing() external {
        _activate(_sample(UNINSPECTED, 1));
        _submit(0);
        _registry.setStanding(_id(SUPPLIER), Standing.Suspended, REASON, 0);
        _vote(1, abi.encodeCall(_agreement.acceptPart, (0, 1, 5_000, REASON, bytes32(0))));
        _vote(1, abi.encodeCall(_agreement.terminate, (REASON, bytes32(0))));
        _pass(100 days);
        _agreement.close();
        Assertions.holds(_agreement.owedTo(0, _id(SUPPLIER)) != 0, "nothing is owed");
        Assertions.same(
            uint256(_agreement.milestones()[0].status), uint256(MilestoneStatus.Owed), "status of a milestone"
        );
    }

    /// @dev I9. Interest beyond 96 bits must not keep a milestone from being accepted: silence is all that can decide on it.
    function test_interest_does_not_stop_acceptance() external {
        Sample memory sample = _sample(UNINSPECTED, 1);
        sample.terms.conditions.damagesRate = 0;
        sample.terms.conditions.interestRate = type(uint32).max;
        sample.milestones[0].amount = 1 << 94;
        sample.terms.value += 1 << 94;
        _activate(sample);
        _submit(0);
        _pass(60 days);
        _agreement.acceptBySilence(0, 1);
    }

    /// @dev I11. A calendar with one working day a week must not keep the supplier from submitting.
    function test_no_calendar_stops_submission() external {
        Sample memory sample = _sample(UNINSPECTED, 1);
        sample.terms.conditions.reviewDays = 60;
        for (uint16 year = 2026; year < 2029; ++year) {
            _calendar.setYear(year, year == 2026 ? 0x60 : 0x7e, new uint16[](0), 0);
        }
        sample.terms.endsAt += 365 days;
        _activate(sample);
        _pass(360 days);
        _submit(0);
    }

    /// @dev I11. A refusal says what is refused, also for an increase beyond all bounds.
    function test_an_increase_beyond_all_bounds_is_refused_by_name() external {
        _activate(_sample(UNINSPECTED, 1));
        Amendment memory terms;
        terms.reason = REASON;
        terms.increase = type(uint128).max;
        VM.prank(_account(SUPPLIER));
        (bool done, bytes memory answer) =
            address(_agreement).call(abi.encodeCall(_agreement.proposeAmendment, (terms)));
        Assertions.holds(!done && bytes4(answer) != 0x4e487b71, "refused by a panic");
    }

    function _requireSumOfMilestones() private view {
        Milestone[] memory list = _agreement.milestones();
        uint256 sum;
        for (uint256 i; i < list.length; ++i) {
            if (list[i].status != MilestoneStatus.Cancelled) sum += list[i].amount;
        }
        Assertions.same(_agreement.money().scheduled, sum, "scheduled");
    }
}
