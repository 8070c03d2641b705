// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Participant, Registration, Standing} from "../types/Participants.sol";

/// @title Who may act
/// @notice Legal persons and offices, by public identifier. No name and no personal data stands here; names are
/// documents, known by their hash.
interface IParticipantRegistry {
    /// @notice A participant was registered.
    event ParticipantRegistered(
        bytes32 indexed participant,
        address indexed account,
        bytes32 indexed organization,
        string scheme,
        string identifier,
        uint16 roles,
        bytes32 document
    );

    /// @notice A participant's roles were replaced.
    event ParticipantRolesChanged(bytes32 indexed participant, uint16 previous, uint16 roles);

    /// @notice A participant was suspended, debarred or reinstated, for a coded reason and with a document.
    event ParticipantStandingChanged(
        bytes32 indexed participant, Standing previous, Standing standing, bytes32 reason, bytes32 document
    );

    /// @notice The document that names a participant was replaced.
    event ParticipantDocumentChanged(bytes32 indexed participant, bytes32 document);

    /// @notice An agreement may from now on hold money.
    event EscrowAdmitted(address indexed escrow);

    /// @notice The scheme or the identifier is empty.
    error ParticipantIdentifierEmpty(string scheme, string identifier);
    /// @notice This scheme and identifier stand in the registry already.
    error ParticipantAlreadyRegistered(bytes32 participant, string scheme, string identifier);
    /// @notice The account acts for another participant, or is an agreement.
    error ParticipantAccountTaken(address account, bytes32 participant);
    /// @notice No such participant.
    error ParticipantUnknown(bytes32 participant);
    /// @notice No role, or a role that does not exist.
    error ParticipantRolesInvalid(uint16 roles, uint16 allowed);
    /// @notice An office must belong to a legal person, not to another office.
    error ParticipantOrganizationInvalid(bytes32 organization);
    /// @notice The participant lacks a role that the act needs.
    error ParticipantLacksRole(bytes32 participant, uint16 roles, uint16 required);
    /// @notice The participant is suspended or debarred.
    error ParticipantNotActive(bytes32 participant, Standing standing);
    /// @notice The participant has no account to act or to be paid with.
    error ParticipantHasNoAccount(bytes32 participant);
    /// @notice The participant has this standing already, or it is not one to be given.
    error ParticipantStandingInvalid(bytes32 participant, Standing current, Standing given);
    /// @notice The agreement was admitted before.
    error EscrowAlreadyAdmitted(address escrow);

    /// @notice Registers a legal person or an office. Only the registrar.
    /// @param registration see {Registration}
    /// @return participant keccak256(abi.encode(scheme, identifier))
    function register(Registration calldata registration) external returns (bytes32 participant);

    /// @notice Replaces the roles of a participant. Only the registrar.
    /// @param participant its id
    /// @param roles bits of {Roles}, at least one
    function setRoles(bytes32 participant, uint16 roles) external;

    /// @notice Suspends, debars or reinstates a participant. Only the registrar.
    /// @param participant its id
    /// @param standing the new standing, another than the present one
    /// @param reason code of the reason
    /// @param document SHA-256 of the decision; zero if there is none
    function setStanding(bytes32 participant, Standing standing, bytes32 reason, bytes32 document) external;

    /// @notice Replaces the document that names a participant. Only the registrar.
    /// @param participant its id
    /// @param document SHA-256 of the new document
    function setDocument(bytes32 participant, bytes32 document) external;

    /// @notice Lets a new agreement hold money. Only the agreement factory.
    /// @param escrow the agreement's address
    function admitEscrow(address escrow) external;

    /// @notice The id that belongs to an identifier, registered or not.
    /// @param scheme the register that gave the identifier
    /// @param identifier the identifier in that register
    /// @return participant keccak256(abi.encode(scheme, identifier))
    function idOf(string calldata scheme, string calldata identifier)
        external
        pure
        returns (bytes32 participant);

    /// @notice A participant as it stands; standing is Unregistered for an unknown id.
    /// @param participant its id
    /// @return details see {Participant}
    function get(bytes32 participant) external view returns (Participant memory details);

    /// @notice The participant that an account acts for.
    /// @param account any address
    /// @return participant its id; zero if the account acts for nobody
    function participantOf(address account) external view returns (bytes32 participant);

    /// @notice A participant that must be active, have an account and at least these roles.
    /// @param participant its id
    /// @param roles the bits of {Roles} that it must have
    /// @return details see {Participant}
    function requireActive(bytes32 participant, uint16 roles)
        external
        view
        returns (Participant memory details);

    /// @notice Whether an address is an admitted agreement.
    /// @param account any address
    /// @return admitted true for an agreement of the factory
    function isEscrow(address account) external view returns (bool admitted);

    /// @notice Whether an address may hold settlement tokens: a participant's account or an admitted agreement.
    /// @param account any address
    /// @return allowed true if it may
    function mayHold(address account) external view returns (bool allowed);
}
