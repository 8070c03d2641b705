// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Credentials, Holder, Participant, Registration, Standing} from "../types/Participants.sol";

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

    /// @notice Agreements of a factory may from now on hold money.
    event FactoryAdmitted(address indexed factory, bytes32 initCodeHash);

    /// @notice A participant is to act with another account, once a second party confirms it.
    event SuccessionProposed(bytes32 indexed participant, address indexed account, bytes32 document);

    /// @notice A participant acts with another account from now on. What it did before stays its own.
    /// @param by the account that confirmed it
    event ParticipantSucceeded(
        bytes32 indexed participant, address indexed previous, address indexed account, address by
    );

    /// @notice The scheme or the identifier is empty.
    error ParticipantIdentifierEmpty(string scheme, string identifier);
    /// @notice This scheme and identifier stand in the registry already.
    error ParticipantAlreadyRegistered(bytes32 participant, string scheme, string identifier);
    /// @notice The account acts for a participant, or was given up by one, or is an agreement; zero for an agreement.
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
    /// @notice The factory was admitted before.
    error FactoryAlreadyAdmitted(address factory);
    /// @notice No succession of this participant to this account waits for confirmation.
    error SuccessionUnknown(bytes32 participant, address given, address proposed);
    /// @notice Who confirms is neither the outgoing account, nor that of the participant's legal person, nor a witness; or
    /// proposed the succession itself.
    error SuccessionNotConfirmable(bytes32 participant, address caller);

    /// @notice Registers a legal person or an office. Only the registrar.
    /// @param registration see {Registration}
    /// @return participant the first 128 bits of keccak256(abi.encode(scheme, identifier)), the others zero
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

    /// @notice Lets the agreements of a factory hold money. Only the administrator.
    /// @param factory deploys each agreement by CREATE2, with one and the same initialization code
    /// @param initCodeHash keccak256 of that code
    function admitFactory(address factory, bytes32 initCodeHash) external;

    /// @notice Proposes that a participant act with another account. Only the registrar. Replaces an earlier proposal.
    /// @param participant its id
    /// @param account the new account, which acts for nobody and never did; zero withdraws an earlier proposal
    /// @param document SHA-256 of the request; zero if there is none
    function proposeSuccession(bytes32 participant, address account, bytes32 document) external;

    /// @notice Confirms a succession. A second party: the participant's outgoing account, the account of its legal person,
    /// or a witness whom the administrator named; never the account that proposed it.
    /// @param participant its id
    /// @param account the new account, as proposed
    function confirmSuccession(bytes32 participant, address account) external;

    /// @notice The id that belongs to an identifier, registered or not.
    /// @param scheme the register that gave the identifier
    /// @param identifier the identifier in that register
    /// @return participant the first 128 bits of keccak256(abi.encode(scheme, identifier)), the others zero
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

    /// @notice What is asked of a participant at each act; all zero for an unknown id.
    /// @param participant its id
    /// @return details see {Credentials}
    function credentials(bytes32 participant) external view returns (Credentials memory details);

    /// @notice The participant that an account acts for, with its credentials; all zero if it acts for nobody.
    /// @param account any address
    /// @return participant its id
    /// @return details see {Credentials}
    function actor(address account) external view returns (bytes32 participant, Credentials memory details);

    /// @notice Whether an address is an agreement of an admitted factory: its address follows from the factory and the salt at
    /// the end of its code.
    /// @param account any address
    /// @return genuine true if it is
    function isEscrow(address account) external view returns (bool genuine);

    /// @notice What an address may be to money: a participant's account, or an agreement of an admitted factory.
    /// @param account any address
    /// @return kind see {Holder}; None for an account that was given up
    function holder(address account) external view returns (Holder kind);

    /// @notice The account that took the place of one which its participant gave up.
    /// @param account any address
    /// @return successor the present account of the same participant; zero if the account was not given up, or is an
    /// agreement now
    function successorOf(address account) external view returns (address successor);
}
