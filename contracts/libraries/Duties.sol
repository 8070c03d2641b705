// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../interfaces/IAgreement.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Parties} from "../types/Agreements.sol";
import {Participant, Roles, Standing} from "../types/Participants.sol";

/// @title Who may be what
/// @notice Separation of duties between legal persons: who is paid has no part in inspecting, accepting or funding, not
/// even through an office; who inspects does not accept; who funds does neither.
library Duties {
    /// @dev Votes are the bits of a uint32.
    uint256 internal constant LARGEST_COMMITTEE = 32;

    /// @notice Requires that parties are active, have their roles, and are separate.
    /// @param registry knows them
    /// @param parties see {Parties}
    function requireSeparate(IParticipantRegistry registry, Parties calldata parties) internal view {
        uint256 size = parties.committee.length;
        require(
            parties.quorum != 0 && parties.quorum <= size && size <= LARGEST_COMMITTEE,
            IAgreement.QuorumInvalid(parties.quorum, size, LARGEST_COMMITTEE)
        );
        Participant memory buyer = registry.get(parties.buyer);
        require(
            buyer.standing == Standing.Active,
            IParticipantRegistry.ParticipantNotActive(parties.buyer, buyer.standing)
        );
        require(buyer.organization == 0, IAgreement.LegalPersonExpected(parties.buyer));
        _requireLegalPerson(registry, parties.supplier);
        bytes32 payer = registry.requireActive(parties.treasury, Roles.TREASURY).organization;
        require(
            parties.supplier != parties.buyer && parties.supplier != parties.treasury
                && parties.supplier != payer,
            IAgreement.DutiesNotSeparate(parties.supplier)
        );
        _requireOffices(registry, parties, parties.committee, Roles.COMMITTEE);
        _requireOffices(registry, parties, parties.inspectors, Roles.INSPECTOR);
        for (uint256 i; i < parties.inspectors.length; ++i) {
            bytes32 inspector = parties.inspectors[i];
            for (uint256 j; j < size; ++j) {
                require(parties.committee[j] != inspector, IAgreement.DutiesNotSeparate(inspector));
            }
        }
    }

    /// @notice Requires that a payee other than the supplier is active and has no other part in the agreement.
    /// @param registry knows them
    /// @param parties see {Parties}
    /// @param payee participant id
    function requirePayee(IParticipantRegistry registry, Parties memory parties, bytes32 payee)
        internal
        view
    {
        _requireLegalPerson(registry, payee);
        // The committee needs no look: it is the buyer or its offices.
        bool acts = payee == parties.buyer || _isOf(registry, parties.treasury, payee);
        for (uint256 i; i < parties.inspectors.length; ++i) {
            acts = acts || _isOf(registry, parties.inspectors[i], payee);
        }
        require(!acts, IAgreement.DutiesNotSeparate(payee));
    }

    function _requireOffices(
        IParticipantRegistry registry,
        Parties calldata parties,
        bytes32[] calldata offices,
        uint16 role
    ) private view {
        bytes32 previous;
        for (uint256 i; i < offices.length; ++i) {
            bytes32 office = offices[i];
            require(office > previous, IAgreement.PartiesNotAscending(previous, office));
            previous = office;
            bytes32 organization = registry.requireActive(office, role).organization;
            require(
                role != Roles.COMMITTEE || office == parties.buyer || organization == parties.buyer,
                IAgreement.OfficeNotOfBuyer(office, parties.buyer)
            );
            require(
                office != parties.supplier && organization != parties.supplier && office != parties.treasury,
                IAgreement.DutiesNotSeparate(office)
            );
        }
    }

    function _requireLegalPerson(IParticipantRegistry registry, bytes32 participant) private view {
        bytes32 organization = registry.requireActive(participant, Roles.SUPPLIER).organization;
        require(organization == 0, IAgreement.LegalPersonExpected(participant));
    }

    function _isOf(IParticipantRegistry registry, bytes32 office, bytes32 person)
        private
        view
        returns (bool)
    {
        return office == person || registry.get(office).organization == person;
    }
}
