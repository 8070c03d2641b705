// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementCommons} from "../../contracts/interfaces/IAgreementCommons.sol";
import {IAgreementFactory} from "../../contracts/interfaces/IAgreementFactory.sol";
import {IBudget} from "../../contracts/interfaces/IBudget.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {IWorkCalendar} from "../../contracts/interfaces/IWorkCalendar.sol";
import {
    GuaranteeKind,
    MilestoneStatus,
    MilestoneTerms,
    Tax,
    TaxBase
} from "../../contracts/types/Agreements.sol";
import {Holder, Registration, Roles, Standing} from "../../contracts/types/Participants.sol";
import {Assertions} from "./support/Assertions.sol";
import {Scenario} from "./support/Scenario.sol";
import {VM} from "./support/Vm.sol";

/// @notice What the handler never asks for: what registry, budget, calendar and factory refuse, and what an agreement of more
/// milestones than usual tells of itself.
contract SurroundingsTest is Scenario {
    uint16 private constant UNKNOWN_ROLE = 1 << 15;
    bytes32 private constant NOBODY = "nobody";

    // --- Registry ---

    function test_registry_refuses_who_cannot_be_registered() external {
        Registration memory who = _registration("new", address(0));
        who.scheme = "";
        bytes4 empty = IParticipantRegistry.ParticipantIdentifierEmpty.selector;
        _registers(who, abi.encodeWithSelector(empty, "", "new"));
        who = _registration("", address(0));
        _registers(who, abi.encodeWithSelector(empty, "TEST", ""));
        who = _registration("1", address(0));
        bytes32 known = _registry.idOf("TEST", "1");
        _registers(
            who,
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantAlreadyRegistered.selector, known, "TEST", "1"
            )
        );
        who = _registration("new", _account(SUPPLIER));
        _registers(
            who,
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantAccountTaken.selector, _account(SUPPLIER), _id(SUPPLIER)
            )
        );
        for (uint256 i; i < 2; ++i) {
            who = _registration("new", address(0));
            who.roles = i == 0 ? 0 : UNKNOWN_ROLE;
            _registers(
                who,
                abi.encodeWithSelector(
                    IParticipantRegistry.ParticipantRolesInvalid.selector, who.roles, Roles.ALL
                )
            );
        }
        who = _registration("new", address(0));
        who.organization = _id(COMMITTEE);
        _registers(
            who,
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantOrganizationInvalid.selector, who.organization
            )
        );
    }

    function test_registry_changes_only_who_is_known() external {
        bytes memory unknown =
            abi.encodeWithSelector(IParticipantRegistry.ParticipantUnknown.selector, NOBODY);
        _refuses(address(_registry), abi.encodeCall(_registry.setRoles, (NOBODY, 1)), unknown);
        _refuses(address(_registry), abi.encodeCall(_registry.setDocument, (NOBODY, "paper")), unknown);
        bytes memory change = abi.encodeCall(_registry.setStanding, (NOBODY, Standing.Debarred, REASON, 0));
        _refuses(address(_registry), change, unknown);

        _registry.setDocument(_id(SUPPLIER), "paper");
        _registry.setRoles(_id(SUPPLIER), Roles.COLLECTOR);
        Assertions.same(_registry.credentials(_id(SUPPLIER)).roles, Roles.COLLECTOR, "roles");
        Assertions.holds(_registry.participantOf(_account(SUPPLIER)) == _id(SUPPLIER), "participant");
        for (uint256 i; i < 2; ++i) {
            Standing given = i == 0 ? Standing.Active : Standing.Unregistered;
            _refuses(
                address(_registry),
                abi.encodeCall(_registry.setStanding, (_id(SUPPLIER), given, REASON, 0)),
                abi.encodeWithSelector(
                    IParticipantRegistry.ParticipantStandingInvalid.selector,
                    _id(SUPPLIER),
                    Standing.Active,
                    given
                )
            );
        }
    }

    function test_registry_takes_a_factory_once() external {
        _refuses(
            address(_registry),
            abi.encodeCall(_registry.admitFactory, (address(_factory), NOBODY)),
            abi.encodeWithSelector(IParticipantRegistry.FactoryAlreadyAdmitted.selector, _factory)
        );
    }

    function test_registry_tells_participants_agreements_and_others_apart() external {
        _activate(_sample(PLAIN, 1));
        Assertions.holds(_registry.holder(_account(SUPPLIER)) == Holder.Participant, "holder");
        Assertions.holds(_registry.holder(address(_agreement)) == Holder.Escrow, "holder");
        Assertions.holds(_registry.holder(address(this)) == Holder.None, "holder");
        Assertions.holds(_registry.get(_id(SUPPLIER)).organization == 0, "legal person");
        Assertions.holds(_registry.get(_id(TREASURY)).organization == _id(MINISTRY), "office");
    }

    function test_registry_wants_two_parties_for_a_succession() external {
        address next = VM.addr(1_000);
        _refuses(
            address(_registry),
            abi.encodeCall(_registry.confirmSuccession, (_id(SUPPLIER), next)),
            abi.encodeWithSelector(
                IParticipantRegistry.SuccessionUnknown.selector, _id(SUPPLIER), next, address(0)
            )
        );
        _registry.proposeSuccession(_id(SUPPLIER), next, 0);
        _refuses(
            address(_registry),
            abi.encodeCall(_registry.confirmSuccession, (_id(SUPPLIER), next)),
            abi.encodeWithSelector(
                IParticipantRegistry.SuccessionNotConfirmable.selector, _id(SUPPLIER), address(this)
            )
        );
    }

    // --- Budget ---

    function test_budget_refuses_what_is_no_line_or_no_escrow() external {
        _refuses(
            address(_budget),
            _appropriation(_id(MINISTRY), ""),
            abi.encodeWithSelector(IBudget.LineCodeEmpty.selector)
        );
        uint16 roles = _registry.credentials(_id(SUPPLIER)).roles;
        _refuses(
            address(_budget),
            _appropriation(_id(SUPPLIER), LINE),
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantLacksRole.selector, _id(SUPPLIER), roles, Roles.BUYER
            )
        );
        _refuses(
            address(_budget),
            abi.encodeCall(_budget.commit, (_line, _id(MINISTRY), address(_token), 1)),
            abi.encodeWithSelector(IBudget.CallerNotEscrow.selector, address(this))
        );
    }

    function test_budget_keeps_what_is_committed() external {
        _activate(_sample(PLAIN, 1));
        uint128 committed = _budget.get(_line).committed;
        _refuses(
            address(_budget),
            _appropriation(_id(MINISTRY), LINE),
            abi.encodeWithSelector(IBudget.LineBelowCommitment.selector, _line, 0, committed)
        );
        VM.prank(address(_agreement));
        _refuses(
            address(_budget),
            abi.encodeCall(_budget.release, (_line, committed + 1)),
            abi.encodeWithSelector(IBudget.LineExceeded.selector, _line, committed + 1, committed)
        );
        VM.prank(address(_agreement));
        _refuses(
            address(_budget),
            abi.encodeCall(_budget.commit, (_line, _id(SUPPLIER), address(_token), 1)),
            abi.encodeWithSelector(IBudget.LineMismatch.selector, _line, _id(MINISTRY), _token)
        );
        VM.prank(address(_agreement));
        _refuses(
            address(_budget),
            abi.encodeCall(_budget.release, (NOBODY, 1)),
            abi.encodeWithSelector(IBudget.LineUnknown.selector, NOBODY)
        );
    }

    // --- Calendar ---

    function test_calendar_refuses_days_that_are_none() external {
        uint16[] memory days_ = new uint16[](2);
        (days_[0], days_[1]) = (200, 200);
        _refuses(
            address(_calendar),
            abi.encodeCall(_calendar.setYear, (YEAR, 0x60, days_, 0)),
            abi.encodeWithSelector(IWorkCalendar.CalendarDayInvalid.selector, YEAR, 200)
        );
        (days_[0], days_[1]) = (200, 366);
        _refuses(
            address(_calendar),
            abi.encodeCall(_calendar.setYear, (YEAR, 0x60, days_, 0)),
            abi.encodeWithSelector(IWorkCalendar.CalendarDayInvalid.selector, YEAR, 366)
        );
        _refuses(
            address(_calendar),
            abi.encodeCall(_calendar.setYear, (YEAR, 0x7f, new uint16[](0), 0)),
            abi.encodeWithSelector(IWorkCalendar.CalendarWeekendInvalid.selector, 0x7f)
        );
        _refuses(
            address(_calendar),
            abi.encodeCall(_calendar.setYear, (YEAR - 1, 0x60, new uint16[](0), 0)),
            abi.encodeWithSelector(IWorkCalendar.CalendarYearInvalid.selector, YEAR - 1, YEAR, YEAR + 10)
        );
    }

    function test_calendar_knows_a_holiday() external {
        uint16[] memory days_ = new uint16[](1);
        // Tuesday, 6 January 2026, in Jakarta.
        days_[0] = 6;
        _calendar.setYear(YEAR, 0x60, days_, 0);
        Assertions.holds(!_calendar.isWorkingDay(VM.getBlockTimestamp() + 1 days), "a holiday");
        Assertions.holds(_calendar.isWorkingDay(VM.getBlockTimestamp() + 2 days), "a Wednesday");
        Assertions.holds(_calendar.utcOffset() == 7 * 3600, "time zone");
    }

    // --- Factory ---

    function test_factory_takes_one_token_of_a_currency() external {
        _refuses(
            address(_factory),
            abi.encodeCall(_factory.admitToken, (address(_token))),
            abi.encodeWithSelector(IAgreementFactory.TokenAlreadyAdmitted.selector, "IDR", _token)
        );
        Assertions.holds(_factory.tokenOf("IDR") == address(_token), "token of a currency");
        Assertions.holds(_factory.codeInTheMaking().length == 0, "code in the making");
    }

    function test_factory_refuses_ids_token_and_caller() external {
        Sample memory sample = _sample(PLAIN, 1);
        sample.terms.contractId = "";
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IAgreementFactory.AgreementIdentifierEmpty.selector, sample.terms.ocid, "")
        );
        sample = _sample(PLAIN, 1);
        sample.terms.token = address(this);
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IAgreementFactory.TokenNotAdmitted.selector, address(this))
        );
        sample = _sample(PLAIN, 1);
        _creates(
            SUPPLIER,
            sample,
            abi.encodeWithSelector(
                IAgreementFactory.CallerNotOnCommittee.selector, _account(SUPPLIER), _id(SUPPLIER)
            )
        );
        address place = _factory.addressOf(sample.terms.ocid, sample.terms.contractId);
        bytes32 early = _registry.register(_registration("early", place));
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IParticipantRegistry.ParticipantAccountTaken.selector, place, early)
        );
        sample = _sample(PLAIN, 2);
        _activate(sample);
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(
                IAgreementFactory.AgreementAlreadyExists.selector,
                sample.terms.ocid,
                sample.terms.contractId,
                _agreement
            )
        );
    }

    function test_factory_refuses_conditions_out_of_bounds() external {
        Sample memory sample = _sample(WHOLE, 1);
        sample.terms.conditions.retentionRate = 10_001;
        _creates(COMMITTEE, sample, _invalid("retentionRate", 10_001, 0, 10_000));
        sample = _sample(WHOLE, 1);
        sample.terms.conditions.taxes[0].denominator = 0;
        sample.terms.conditions.taxes[0].numerator = 0;
        _creates(COMMITTEE, sample, _invalid("taxes", 0, 1, type(uint24).max));
        sample = _sample(WHOLE, 1);
        sample.terms.conditions.directPayments[0].milestone = 5;
        _creates(COMMITTEE, sample, _invalid("directPayments", 5, 0, 5));
        sample = _sample(WHOLE, 1);
        sample.terms.conditions.taxes = new Tax[](17);
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IAgreementFactory.ListTooLong.selector, bytes32("taxes"), 17, 16)
        );
        sample = _sample(PLAIN, 1);
        sample.terms.value = 149_999;
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IAgreementFactory.ScheduleExceedsValue.selector, 150_000, 149_999)
        );
    }

    function test_factory_keeps_duties_separate() external {
        Sample memory sample = _sample(PLAIN, 1);
        (sample.parties.committee[0], sample.parties.committee[1]) =
        (sample.parties.committee[1], sample.parties.committee[0]);
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(
                IAgreementFactory.PartiesNotAscending.selector,
                sample.parties.committee[0],
                sample.parties.committee[1]
            )
        );
        sample = _sample(PLAIN, 1);
        sample.parties.supplier = _id(SUPPLIERS_OFFICE);
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IAgreementCommons.LegalPersonExpected.selector, _id(SUPPLIERS_OFFICE))
        );
        sample = _sample(PLAIN, 1);
        sample.parties.arbiter = _id(SUPPLIER);
        _creates(COMMITTEE, sample, _joined(SUPPLIER));
        sample = _sample(PLAIN, 1);
        sample.parties.committee = new bytes32[](1);
        sample.parties.committee[0] = _id(TREASURY);
        sample.parties.quorum = 1;
        _creates(TREASURY, sample, _joined(TREASURY));
        sample = _sample(PLAIN, 1);
        sample.parties.inspectors = new bytes32[](1);
        sample.parties.inspectors[0] = _id(TREASURY);
        _creates(COMMITTEE, sample, _joined(TREASURY));
        sample = _sample(PLAIN, 1);
        sample.parties.inspectors = new bytes32[](1);
        sample.parties.inspectors[0] = _id(COMMITTEE);
        _creates(COMMITTEE, sample, _joined(COMMITTEE));
        sample = _sample(WHOLE, 1);
        sample.parties.supplier = _registry.register(_registration("both", VM.addr(1_001)));
        sample.terms.conditions.taxes[0] = Tax(sample.parties.supplier, 1, 2, TaxBase.Gross);
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(IAgreementCommons.DutiesNotSeparate.selector, sample.parties.supplier)
        );
        sample = _sample(PLAIN, 1);
        sample.parties.supplier = _registry.register(_registration("no account", address(0)));
        _creates(
            COMMITTEE,
            sample,
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantHasNoAccount.selector, sample.parties.supplier
            )
        );
    }

    // --- Agreement ---

    function test_agreement_of_many_milestones() external {
        Sample memory sample = _sample(UNINSPECTED, 1);
        sample.milestones = new MilestoneTerms[](1_100);
        for (uint256 i; i < sample.milestones.length; ++i) {
            sample.milestones[i].amount = uint128(i + 1);
        }
        sample.milestones[1_050].payee = _id(PARTNER);
        sample.terms.value = 1_100 * 1_101 / 2;
        sample.terms.conditions.retentionRate = 0;
        sample.terms.conditions.damagesRate = 0;
        _activate(sample);
        for (uint256 milestone = 143; milestone < 146; ++milestone) {
            _submit(milestone);
            _vote(1, abi.encodeCall(_agreement.accept, (milestone, 1)));
        }
        _submit(1_050);
        _vote(1, abi.encodeCall(_agreement.accept, (1_050, 1)));
        Assertions.same(_agreement.money().accepted, 144 + 145 + 146 + 1_051, "accepted");
        Assertions.holds(_agreement.payeeOf(1_050) == _id(PARTNER), "payee");
        Assertions.holds(_agreement.milestones()[144].status == MilestoneStatus.Paid, "paid");
        Assertions.holds(_agreement.milestones()[146].status == MilestoneStatus.Scheduled, "scheduled");
        _refuses(
            address(_agreement),
            abi.encodeCall(_agreement.payeeOf, (1_100)),
            abi.encodeWithSelector(IAgreementCommons.MilestoneUnknown.selector, 1_100, 1_100)
        );
    }

    function test_agreement_tells_what_was_agreed() external {
        Sample memory sample = _sample(WHOLE, 1);
        _activate(sample);
        Assertions.holds(
            keccak256(abi.encode(_agreement.parties())) == keccak256(abi.encode(sample.parties)), "parties"
        );
        Assertions.holds(
            keccak256(abi.encode(_agreement.conditions())) == keccak256(abi.encode(sample.terms.conditions)),
            "conditions"
        );
        Assertions.holds(_agreement.token() == sample.terms.token, "token");
        Assertions.holds(_agreement.budgetLine() == sample.terms.budgetLine, "budget line");
        Assertions.same(_agreement.endsAt(), sample.terms.endsAt, "end");
        Assertions.same(_agreement.guarantee(GuaranteeKind.Advance).amount, 0, "guarantee");
        Assertions.same(_agreement.pausedBetween(0, type(uint64).max), 0, "pauses");
        _refuses(
            address(_agreement),
            hex"12345678",
            abi.encodeWithSelector(IAgreementCommons.ActUnknown.selector, bytes4(0x12345678))
        );
    }

    // --- Steps ---

    function _registration(string memory identifier, address account)
        private
        pure
        returns (Registration memory)
    {
        return Registration({
            scheme: "TEST",
            identifier: identifier,
            account: account,
            roles: Roles.SUPPLIER | Roles.COLLECTOR,
            organization: 0,
            document: 0
        });
    }

    function _appropriation(bytes32 buyer, string memory code) private view returns (bytes memory) {
        return abi.encodeCall(_budget.appropriate, (buyer, address(_token), YEAR, code, 0, 0));
    }

    function _invalid(bytes32 condition, uint256 found, uint256 smallest, uint256 largest)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IAgreementFactory.ConditionInvalid.selector, condition, found, smallest, largest
        );
    }

    function _joined(uint256 person) private view returns (bytes memory) {
        return abi.encodeWithSelector(IAgreementCommons.DutiesNotSeparate.selector, _id(person));
    }

    function _registers(Registration memory who, bytes memory refusal) private {
        _refuses(address(_registry), abi.encodeCall(_registry.register, (who)), refusal);
    }

    function _creates(uint256 person, Sample memory sample, bytes memory refusal) private {
        bytes memory data = abi.encodeCall(_factory.create, (sample.parties, sample.terms, sample.milestones));
        VM.prank(_account(person));
        _refuses(address(_factory), data, refusal);
    }

    /// @dev With these very arguments.
    function _refuses(address target, bytes memory data, bytes memory refusal) private {
        (bool done, bytes memory answer) = target.call(data);
        Assertions.holds(!done, "not refused");
        Assertions.alike(answer, refusal, "refusal");
    }
}
