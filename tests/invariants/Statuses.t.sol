// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../contracts/interfaces/IAgreement.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {
    AgreementStatus,
    DirectPayment,
    Milestone,
    MilestoneStatus,
    Parties
} from "../../contracts/types/Agreements.sol";
import {Credentials} from "../../contracts/types/Participants.sol";
import {Assertions} from "./support/Assertions.sol";
import {Invariants} from "./support/Invariants.sol";

/// @notice I7, see README.md.
contract DutiesTest is Invariants {
    /// @dev The legal person of each participant never changes: asked once.
    mapping(bytes32 participant => uint256 number) private _houses;

    function setUp() public override {
        super.setUp();
        (IParticipantRegistry registry,,,) = _handler.surroundings();
        bytes32[] memory list = _handler.ids();
        for (uint256 i; i < list.length; ++i) {
            Credentials memory details = registry.credentials(list[i]);
            _houses[list[i]] = details.organization == 0 ? details.number : details.organization;
        }
    }

    function _salt() internal pure override returns (bytes32) {
        return "I7";
    }

    function invariant_I7_duties() public view {
        _checkTouched();
    }

    function _check(IAgreement agreement) internal view override {
        Parties memory parties = agreement.parties();
        _checkCommittee(parties);
        _checkPaid(parties, parties.supplier);
        uint256 count = agreement.milestones().length;
        for (uint256 i; i < count; ++i) {
            _checkPaid(parties, agreement.payeeOf(i));
        }
        DirectPayment[] memory directs = agreement.conditions().directPayments;
        for (uint256 i; i < directs.length; ++i) {
            _checkPaid(parties, directs[i].recipient);
        }
        if (parties.arbiter == 0) return;
        uint256 house = _house(parties.arbiter);
        Assertions.holds(house != _house(parties.buyer), "the arbiter is the buyer's");
        Assertions.holds(house != _house(parties.supplier), "the arbiter is the supplier's");
    }

    /// @dev Who is paid for work is of no house that inspects, accepts, funds or rules.
    function _checkPaid(Parties memory parties, bytes32 payee) private view {
        uint256 house = _house(payee);
        Assertions.holds(house != _house(parties.buyer), "the buyer is paid");
        Assertions.holds(house != _house(parties.treasury), "the treasury is paid");
        if (parties.arbiter != 0) Assertions.holds(house != _house(parties.arbiter), "the arbiter is paid");
        for (uint256 i; i < parties.inspectors.length; ++i) {
            Assertions.holds(house != _house(parties.inspectors[i]), "an inspector is paid");
        }
    }

    /// @dev The committee is the buyer's, and does nothing else.
    function _checkCommittee(Parties memory parties) private view {
        for (uint256 i; i < parties.committee.length; ++i) {
            bytes32 member = parties.committee[i];
            Assertions.holds(_house(member) == _house(parties.buyer), "a member of another house");
            Assertions.holds(member != parties.treasury, "who accepts funds");
            Assertions.holds(member != parties.arbiter, "who accepts rules");
            for (uint256 j; j < parties.inspectors.length; ++j) {
                Assertions.holds(member != parties.inspectors[j], "who accepts inspects");
            }
        }
        for (uint256 j; j < parties.inspectors.length; ++j) {
            Assertions.holds(parties.inspectors[j] != parties.treasury, "who funds inspects");
            Assertions.holds(parties.inspectors[j] != parties.arbiter, "who rules inspects");
        }
    }

    function _house(bytes32 participant) private view returns (uint256) {
        return _houses[participant];
    }
}

/// @notice I8, see README.md. The handler looks at the statuses after each act.
contract StatusesTest is Invariants {
    function _salt() internal pure override returns (bytes32) {
        return "I8";
    }

    function _watched() internal pure override returns (bool) {
        return true;
    }

    function invariant_I8_statuses() public view {
        _requireNoViolation(8);
        _checkTouched();
    }

    /// @dev Paid says that nothing is owed to the payee, Owed that something is.
    function _check(IAgreement agreement) internal view override {
        Milestone[] memory list = agreement.milestones();
        for (uint256 i; i < list.length; ++i) {
            uint256 owed = agreement.owedTo(i, agreement.payeeOf(i));
            if (list[i].status == MilestoneStatus.Paid) Assertions.same(owed, 0, "owed for what is paid");
            if (list[i].status == MilestoneStatus.Owed) Assertions.holds(owed != 0, "nothing owed");
        }
    }
}
