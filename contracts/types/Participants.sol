// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Whether a participant may enter new agreements, and how it is paid.
/// @dev Unregistered: unknown. Active: acts, signs, and is paid at once. Suspended: what it earns becomes a claim that it
/// can pull once the suspension ends. Debarred: signs nothing new; what it has earned it can still pull.
enum Standing {
    Unregistered,
    Active,
    Suspended,
    Debarred
}

/// @notice One legal person or one office of a legal person.
/// @param account the address that acts and is paid for it; zero for a legal person that acts only through offices
/// @param standing see {Standing}
/// @param roles bits of {Roles}
/// @param organization the legal person whose office this is; zero for a legal person itself
struct Participant {
    address account;
    Standing standing;
    uint16 roles;
    bytes32 organization;
}

/// @notice What is asked of a participant at each act; fits one storage slot.
/// @param account see {Participant}
/// @param standing see {Participant}
/// @param roles see {Participant}
/// @param number counts the participants from 1 in the order of registration
/// @param organization the number of the legal person whose office this is; zero for a legal person itself
struct Credentials {
    address account;
    Standing standing;
    uint16 roles;
    uint32 number;
    uint32 organization;
}

/// @notice What an address may be to money.
enum Holder {
    None,
    Participant,
    Escrow
}

/// @notice What is needed to register a participant.
/// @param scheme the register that gave the identifier, e.g. "ID-NPWP" (org-id.guide) or "OFFICE"
/// @param identifier the public identifier in that register
/// @param account see {Participant}
/// @param roles bits of {Roles}, at least one
/// @param organization participant id of the legal person whose office this is; zero for a legal person
/// @param document SHA-256 of the document that names the participant; zero if there is none
struct Registration {
    string scheme;
    string identifier;
    address account;
    uint16 roles;
    bytes32 organization;
    bytes32 document;
}

/// @notice The duties that a participant may take on, as bits.
library Roles {
    uint16 internal constant BUYER = 1 << 0;
    uint16 internal constant SUPPLIER = 1 << 1;
    uint16 internal constant COMMITTEE = 1 << 2;
    uint16 internal constant INSPECTOR = 1 << 3;
    uint16 internal constant TREASURY = 1 << 4;
    uint16 internal constant AUDITOR = 1 << 5;
    uint16 internal constant ARBITER = 1 << 6;
    /// @dev The head of the buying institution (pengguna anggaran), who signs amendments above the cap.
    uint16 internal constant AUTHORITY = 1 << 7;
    /// @dev Who collects taxes and levies that are withheld from payments.
    uint16 internal constant COLLECTOR = 1 << 8;

    /// @dev Every bit above, and no other.
    uint16 internal constant ALL = (1 << 9) - 1;
}
