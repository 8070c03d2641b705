// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Participant, Registration, Roles, Standing} from "./types/Participants.sol";

/// @title Who may act
/// @notice The rules are stated on {IParticipantRegistry}.
contract ParticipantRegistry is IParticipantRegistry, AccessManaged {
    mapping(bytes32 participant => Participant) private _participants;
    mapping(address account => bytes32 participant) private _participantOf;
    mapping(address escrow => bool) private _escrows;

    /// @notice Sets up an empty registry.
    /// @param authority_ the access manager that says who the registrar is
    constructor(address authority_) AccessManaged(authority_) {}

    /// @inheritdoc IParticipantRegistry
    function register(Registration calldata registration) external restricted returns (bytes32 participant) {
        require(
            bytes(registration.scheme).length != 0 && bytes(registration.identifier).length != 0,
            ParticipantIdentifierEmpty(registration.scheme, registration.identifier)
        );
        participant = idOf(registration.scheme, registration.identifier);
        require(
            _participants[participant].standing == Standing.Unregistered,
            ParticipantAlreadyRegistered(participant, registration.scheme, registration.identifier)
        );
        _requireRoles(registration.roles);
        _requireLegalPerson(registration.organization);
        _assign(participant, registration.account);

        _participants[participant] = Participant({
            account: registration.account,
            standing: Standing.Active,
            roles: registration.roles,
            organization: registration.organization
        });
        emit ParticipantRegistered(
            participant,
            registration.account,
            registration.organization,
            registration.scheme,
            registration.identifier,
            registration.roles,
            registration.document
        );
    }

    /// @inheritdoc IParticipantRegistry
    function setRoles(bytes32 participant, uint16 roles) external restricted {
        Participant storage details = _known(participant);
        _requireRoles(roles);
        emit ParticipantRolesChanged(participant, details.roles, roles);
        details.roles = roles;
    }

    /// @inheritdoc IParticipantRegistry
    function setStanding(bytes32 participant, Standing standing, bytes32 reason, bytes32 document)
        external
        restricted
    {
        Participant storage details = _known(participant);
        require(
            standing != Standing.Unregistered && standing != details.standing,
            ParticipantStandingInvalid(participant, details.standing, standing)
        );
        emit ParticipantStandingChanged(participant, details.standing, standing, reason, document);
        details.standing = standing;
    }

    /// @inheritdoc IParticipantRegistry
    function setDocument(bytes32 participant, bytes32 document) external restricted {
        _known(participant);
        emit ParticipantDocumentChanged(participant, document);
    }

    /// @inheritdoc IParticipantRegistry
    function admitEscrow(address escrow) external restricted {
        require(!_escrows[escrow], EscrowAlreadyAdmitted(escrow));
        bytes32 holder = _participantOf[escrow];
        require(holder == 0, ParticipantAccountTaken(escrow, holder));
        _escrows[escrow] = true;
        emit EscrowAdmitted(escrow);
    }

    /// @inheritdoc IParticipantRegistry
    function requireActive(bytes32 participant, uint16 roles)
        external
        view
        returns (Participant memory details)
    {
        details = _known(participant);
        require(details.standing == Standing.Active, ParticipantNotActive(participant, details.standing));
        require(details.roles & roles == roles, ParticipantLacksRole(participant, details.roles, roles));
        require(details.account != address(0), ParticipantHasNoAccount(participant));
    }

    /// @inheritdoc IParticipantRegistry
    function get(bytes32 participant) external view returns (Participant memory details) {
        return _participants[participant];
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (bytes32 participant) {
        return _participantOf[account];
    }

    /// @inheritdoc IParticipantRegistry
    function isEscrow(address account) external view returns (bool admitted) {
        return _escrows[account];
    }

    /// @inheritdoc IParticipantRegistry
    function mayHold(address account) external view returns (bool allowed) {
        return _escrows[account] || _participantOf[account] != 0;
    }

    /// @inheritdoc IParticipantRegistry
    function idOf(string calldata scheme, string calldata identifier)
        public
        pure
        returns (bytes32 participant)
    {
        return keccak256(abi.encode(scheme, identifier));
    }

    function _assign(bytes32 participant, address account) private {
        if (account == address(0)) return;
        bytes32 holder = _participantOf[account];
        require(holder == 0 && !_escrows[account], ParticipantAccountTaken(account, holder));
        _participantOf[account] = participant;
    }

    function _known(bytes32 participant) private view returns (Participant storage details) {
        details = _participants[participant];
        require(details.standing != Standing.Unregistered, ParticipantUnknown(participant));
    }

    function _requireLegalPerson(bytes32 organization) private view {
        if (organization == 0) return;
        Participant storage details = _known(organization);
        require(details.organization == 0, ParticipantOrganizationInvalid(organization));
    }

    function _requireRoles(uint16 roles) private pure {
        require(roles != 0 && roles & ~Roles.ALL == 0, ParticipantRolesInvalid(roles, Roles.ALL));
    }
}
