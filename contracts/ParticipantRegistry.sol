// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Credentials, Holder, Participant, Registration, Roles, Standing} from "./types/Participants.sol";

/// @title Who may act
/// @notice The rules are stated on {IParticipantRegistry}.
contract ParticipantRegistry is IParticipantRegistry, AccessManaged {
    /// @dev Proposed by one account, to be confirmed by another.
    struct Succession {
        address account;
        address proposer;
    }

    /// @dev What an account acts with. Repeats what {Credentials} say of its participant, so that an act reads one slot.
    struct Actor {
        bytes16 participant;
        Standing standing;
        uint16 roles;
        uint32 number;
        uint32 organization;
    }

    /// @notice The role of {Authority} whose holders may confirm successions, unless an execution delay was set for them.
    uint64 public constant WITNESS = 4;
    /// @dev An agreement's code ends with the factory and the salt that its address follows from.
    uint256 private constant ORIGIN_SIZE = 52;

    uint32 private _count;
    mapping(bytes32 participant => Credentials) private _credentials;
    mapping(bytes32 participant => bytes32 organization) private _organizationOf;
    mapping(address account => Actor) private _actors;
    /// @dev Who gave the account up, for good. Through its participant each of these leads to the present account.
    mapping(address account => bytes32 participant) private _formerOf;
    mapping(bytes32 participant => Succession) private _successions;
    mapping(address factory => bytes32 initCodeHash) private _factories;

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
            _credentials[participant].standing == Standing.Unregistered,
            ParticipantAlreadyRegistered(participant, registration.scheme, registration.identifier)
        );
        _requireRoles(registration.roles);
        uint32 organization = _numberOfLegalPerson(registration.organization);
        if (registration.account != address(0)) _requireFree(registration.account);

        _store(
            participant,
            Credentials({
                account: registration.account,
                standing: Standing.Active,
                roles: registration.roles,
                number: ++_count,
                organization: organization
            })
        );
        if (registration.organization != 0) _organizationOf[participant] = registration.organization;
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
        Credentials memory details = _known(participant);
        _requireRoles(roles);
        emit ParticipantRolesChanged(participant, details.roles, roles);
        details.roles = roles;
        _store(participant, details);
    }

    /// @inheritdoc IParticipantRegistry
    function setStanding(bytes32 participant, Standing standing, bytes32 reason, bytes32 document)
        external
        restricted
    {
        Credentials memory details = _known(participant);
        require(
            standing != Standing.Unregistered && standing != details.standing,
            ParticipantStandingInvalid(participant, details.standing, standing)
        );
        emit ParticipantStandingChanged(participant, details.standing, standing, reason, document);
        details.standing = standing;
        _store(participant, details);
    }

    /// @inheritdoc IParticipantRegistry
    function setDocument(bytes32 participant, bytes32 document) external restricted {
        _known(participant);
        emit ParticipantDocumentChanged(participant, document);
    }

    /// @inheritdoc IParticipantRegistry
    function admitFactory(address factory, bytes32 initCodeHash) external restricted {
        require(_factories[factory] == 0, FactoryAlreadyAdmitted(factory));
        _factories[factory] = initCodeHash;
        emit FactoryAdmitted(factory, initCodeHash);
    }

    /// @inheritdoc IParticipantRegistry
    function proposeSuccession(bytes32 participant, address account, bytes32 document) external restricted {
        _known(participant);
        _requireFree(account);
        _successions[participant] = Succession({account: account, proposer: msg.sender});
        emit SuccessionProposed(participant, account, document);
    }

    /// @inheritdoc IParticipantRegistry
    function confirmSuccession(bytes32 participant, address account) external {
        Credentials memory details = _known(participant);
        Succession memory proposed = _successions[participant];
        require(
            account != address(0) && account == proposed.account,
            SuccessionUnknown(participant, account, proposed.account)
        );
        address previous = details.account;
        require(
            msg.sender != proposed.proposer && _mayConfirm(participant, previous),
            SuccessionNotConfirmable(participant, msg.sender)
        );
        _requireFree(account);

        delete _successions[participant];
        if (previous != address(0)) {
            delete _actors[previous];
            _formerOf[previous] = participant;
        }
        details.account = account;
        _store(participant, details);
        emit ParticipantSucceeded(participant, previous, account, msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function credentials(bytes32 participant) external view returns (Credentials memory details) {
        return _credentials[participant];
    }

    /// @inheritdoc IParticipantRegistry
    function actor(address account) external view returns (bytes32 participant, Credentials memory details) {
        Actor memory found = _actors[account];
        participant = found.participant;
        if (participant == 0) return (participant, details);
        details = Credentials({
            account: account,
            standing: found.standing,
            roles: found.roles,
            number: found.number,
            organization: found.organization
        });
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (bytes32 participant) {
        return _actors[account].participant;
    }

    /// @inheritdoc IParticipantRegistry
    function holder(address account) external view returns (Holder kind) {
        if (_actors[account].participant != 0) return Holder.Participant;
        return isEscrow(account) ? Holder.Escrow : Holder.None;
    }

    /// @inheritdoc IParticipantRegistry
    function successorOf(address account) external view returns (address successor) {
        address present = _credentials[_formerOf[account]].account;
        // The address of an agreement can be known, registered and given up before the agreement stands there.
        return present == address(0) || isEscrow(account) ? address(0) : present;
    }

    /// @inheritdoc IParticipantRegistry
    function isEscrow(address account) public view returns (bool genuine) {
        if (account.code.length < ORIGIN_SIZE) return false;
        (address factory, bytes32 salt) = _origin(account);
        bytes32 initCodeHash = _factories[factory];
        return initCodeHash != 0 && Create2.computeAddress(salt, initCodeHash, factory) == account;
    }

    /// @inheritdoc IParticipantRegistry
    function get(bytes32 participant) external view returns (Participant memory details) {
        Credentials memory found = _credentials[participant];
        return Participant({
            account: found.account,
            standing: found.standing,
            roles: found.roles,
            organization: found.organization == 0 ? bytes32(0) : _organizationOf[participant]
        });
    }

    /// @inheritdoc IParticipantRegistry
    function idOf(string calldata scheme, string calldata identifier)
        public
        pure
        returns (bytes32 participant)
    {
        return bytes16(keccak256(abi.encode(scheme, identifier)));
    }

    function _store(bytes32 participant, Credentials memory details) private {
        _credentials[participant] = details;
        if (details.account == address(0)) return;
        _actors[details.account] = Actor({
            // Loses nothing: an id has 128 significant bits.
            participant: bytes16(participant),
            standing: details.standing,
            roles: details.roles,
            number: details.number,
            organization: details.organization
        });
    }

    /// @dev An account acts for one participant in its life.
    function _requireFree(address account) private view {
        bytes32 known = _actors[account].participant;
        if (known == 0) known = _formerOf[account];
        require(known == 0 && !isEscrow(account), ParticipantAccountTaken(account, known));
    }

    /// @dev Nobody calls from the zero address, which stands for an account that is missing.
    function _mayConfirm(bytes32 participant, address previous) private view returns (bool) {
        if (msg.sender == previous) return true;
        if (msg.sender == _credentials[_organizationOf[participant]].account) return true;
        (bool witness, uint32 delay) = IAccessManager(authority()).hasRole(WITNESS, msg.sender);
        return witness && delay == 0;
    }

    function _known(bytes32 participant) private view returns (Credentials storage details) {
        details = _credentials[participant];
        require(details.standing != Standing.Unregistered, ParticipantUnknown(participant));
    }

    function _numberOfLegalPerson(bytes32 organization) private view returns (uint32 number) {
        if (organization == 0) return 0;
        Credentials storage details = _known(organization);
        require(details.organization == 0, ParticipantOrganizationInvalid(organization));
        return details.number;
    }

    /// @dev The last 52 bytes of a code that has as many: factory, then salt.
    function _origin(address account) private view returns (address factory, bytes32 salt) {
        uint256 start = account.code.length - ORIGIN_SIZE;
        // Solidity copies only whole codes; these 52 bytes fit into the scratch space.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            extcodecopy(account, 0, start, ORIGIN_SIZE)
            factory := shr(96, mload(0))
            salt := mload(20)
        }
    }

    function _requireRoles(uint16 roles) private pure {
        require(roles != 0 && roles & ~Roles.ALL == 0, ParticipantRolesInvalid(roles, Roles.ALL));
    }
}
