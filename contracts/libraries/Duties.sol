// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementCommons} from "../interfaces/IAgreementCommons.sol";
import {IAgreementFactory} from "../interfaces/IAgreementFactory.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {DirectPayment, MilestoneTerms, Parties, Tax} from "../types/Agreements.sol";
import {Credentials, Roles, Standing} from "../types/Participants.sol";
import {Deeds} from "./Deeds.sol";

/// @title Who may be what
/// @notice Separation of duties between legal persons: who is paid has no part in inspecting, accepting, funding or ruling,
/// not even through an office; who inspects does not accept; who funds does neither; who rules is of neither side.
library Duties {
    using Deeds for bytes;

    /// @notice Requires that parties are active, have their roles, and are separate.
    /// @param registry knows them
    /// @param parties see {Parties}
    function requireSeparate(IParticipantRegistry registry, Parties calldata parties) internal view {
        uint32 buyer = _requireLegalPerson(registry, parties.buyer, Roles.BUYER);
        uint32 supplier = _requireLegalPerson(registry, parties.supplier, Roles.SUPPLIER);
        uint32 treasury = _requireActive(registry, parties.treasury, Roles.TREASURY);
        _requireOther(parties.supplier, supplier, buyer);
        _requireOther(parties.supplier, supplier, treasury);
        if (parties.arbiter != 0) {
            uint32 arbiter = _requireActive(registry, parties.arbiter, Roles.ARBITER);
            _requireOther(parties.arbiter, arbiter, buyer);
            _requireOther(parties.arbiter, arbiter, supplier);
        }
        _requireCommittee(registry, parties, buyer);
        _requireInspectors(registry, parties, supplier);
    }

    /// @notice Requires that everybody else whom an agreement pays is active and has no other part in it.
    /// @param registry knows them
    /// @param parties see {Parties}
    /// @param taxes their recipients are collectors
    /// @param directs their recipients are subcontractors
    /// @param milestones their payees may differ from the supplier
    function requireRecipients(
        IParticipantRegistry registry,
        Parties calldata parties,
        Tax[] calldata taxes,
        DirectPayment[] calldata directs,
        MilestoneTerms[] calldata milestones
    ) internal view {
        for (uint256 i; i < taxes.length; ++i) {
            bytes32 collector = taxes[i].recipient;
            _requireActive(registry, collector, Roles.COLLECTOR);
            require(collector != parties.supplier, IAgreementCommons.DutiesNotSeparate(collector));
        }
        for (uint256 i; i < directs.length; ++i) {
            _requireRecipient(registry, parties, directs[i].recipient);
        }
        bytes32 known = parties.supplier;
        for (uint256 i; i < milestones.length; ++i) {
            bytes32 payee = milestones[i].payee;
            if (payee == 0 || payee == known) continue;
            _requireRecipient(registry, parties, payee);
            known = payee;
        }
    }

    /// @notice Requires that a payee other than the supplier is active and has no other part in an agreement.
    /// @param registry knows them
    /// @param deed of the agreement
    /// @param payee participant id
    function requirePayee(IParticipantRegistry registry, bytes memory deed, bytes32 payee) internal view {
        _requireApart(registry, payee, deed.buyer(), deed.treasury(), deed.arbiter(), deed.inspectors());
    }

    function _requireRecipient(IParticipantRegistry registry, Parties calldata parties, bytes32 payee)
        private
        view
    {
        if (payee == parties.supplier) return;
        _requireApart(registry, payee, parties.buyer, parties.treasury, parties.arbiter, parties.inspectors);
    }

    /// @dev The committee needs no look: it is the buyer or its offices.
    function _requireApart(
        IParticipantRegistry registry,
        bytes32 payee,
        bytes32 buyer,
        bytes32 treasury,
        bytes32 arbiter,
        bytes32[] memory inspectors
    ) private view {
        uint32 number = _requireLegalPerson(registry, payee, Roles.SUPPLIER);
        _requireOther(payee, number, registry.credentials(buyer).number);
        _requireOther(payee, number, _house(registry.credentials(treasury)));
        if (arbiter != 0) _requireOther(payee, number, _house(registry.credentials(arbiter)));
        for (uint256 i; i < inspectors.length; ++i) {
            _requireOther(payee, number, _house(registry.credentials(inspectors[i])));
        }
    }

    function _requireCommittee(IParticipantRegistry registry, Parties calldata parties, uint32 buyer)
        private
        view
    {
        bytes32[] calldata committee = parties.committee;
        bytes32 treasury = parties.treasury;
        bytes32 previous;
        for (uint256 i; i < committee.length; ++i) {
            bytes32 member = committee[i];
            previous = _requireAscending(previous, member);
            uint32 house = _requireActive(registry, member, Roles.COMMITTEE);
            require(house == buyer, IAgreementFactory.OfficeNotOfBuyer(member, parties.buyer));
            require(member != treasury, IAgreementCommons.DutiesNotSeparate(member));
        }
    }

    function _requireInspectors(IParticipantRegistry registry, Parties calldata parties, uint32 supplier)
        private
        view
    {
        bytes32[] calldata committee = parties.committee;
        bytes32[] calldata inspectors = parties.inspectors;
        bytes32 previous;
        for (uint256 i; i < inspectors.length; ++i) {
            bytes32 inspector = inspectors[i];
            previous = _requireAscending(previous, inspector);
            _requireOther(inspector, _requireActive(registry, inspector, Roles.INSPECTOR), supplier);
            bool other = inspector == parties.treasury || inspector == parties.arbiter;
            for (uint256 j; j < committee.length; ++j) {
                other = other || committee[j] == inspector;
            }
            require(!other, IAgreementCommons.DutiesNotSeparate(inspector));
        }
    }

    function _requireAscending(bytes32 previous, bytes32 next) private pure returns (bytes32) {
        require(next > previous, IAgreementFactory.PartiesNotAscending(previous, next));
        return next;
    }

    function _requireOther(bytes32 participant, uint32 house, uint32 other) private pure {
        require(house != other, IAgreementCommons.DutiesNotSeparate(participant));
    }

    /// @dev Returns its number.
    function _requireLegalPerson(IParticipantRegistry registry, bytes32 participant, uint16 role)
        private
        view
        returns (uint32 number)
    {
        Credentials memory details = registry.credentials(participant);
        _requireStanding(participant, details, role);
        require(details.organization == 0, IAgreementCommons.LegalPersonExpected(participant));
        // A buyer may act through offices alone.
        require(
            role == Roles.BUYER || details.account != address(0),
            IParticipantRegistry.ParticipantHasNoAccount(participant)
        );
        return details.number;
    }

    /// @dev Returns its house.
    function _requireActive(IParticipantRegistry registry, bytes32 participant, uint16 role)
        private
        view
        returns (uint32 house)
    {
        Credentials memory details = registry.credentials(participant);
        _requireStanding(participant, details, role);
        require(details.account != address(0), IParticipantRegistry.ParticipantHasNoAccount(participant));
        return _house(details);
    }

    function _requireStanding(bytes32 participant, Credentials memory details, uint16 role) private pure {
        require(
            details.standing == Standing.Active,
            IParticipantRegistry.ParticipantNotActive(participant, details.standing)
        );
        require(
            details.roles & role == role,
            IParticipantRegistry.ParticipantLacksRole(participant, details.roles, role)
        );
    }

    /// @dev The number of the legal person that a participant is or belongs to.
    function _house(Credentials memory details) private pure returns (uint32) {
        return details.organization == 0 ? details.number : details.organization;
    }
}
