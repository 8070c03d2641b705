// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MilestoneTerms, Parties, Terms} from "../types/Agreements.sol";

/// @title Where agreements come from
/// @notice Deploys each agreement as a minimal clone of one implementation that never changes, with its deed behind its code.
/// Its events are all that an index needs to start from.
interface IAgreementFactory {
    /// @notice The factory stands, together with the contracts that it relies on.
    event FactoryDeployed(address registry, address budget, address calendar, address implementation);

    /// @notice Agreements may from now on be in this currency.
    event TokenAdmitted(address indexed token, string currency, uint8 decimals);

    /// @notice An agreement was deployed. Its milestones follow as events of the agreement.
    event AgreementCreated(
        address indexed agreement,
        bytes32 indexed buyer,
        bytes32 indexed supplier,
        bytes32 by,
        Parties parties,
        Terms terms
    );

    /// @notice The currency has a token already.
    error TokenAlreadyAdmitted(string currency, address token);
    /// @notice The factory does not know the token.
    error TokenNotAdmitted(address token);
    /// @notice This contract of this process has an agreement already.
    error AgreementAlreadyExists(string ocid, string contractId, address agreement);
    /// @notice The ocid or the contract id is empty.
    error AgreementIdentifierEmpty(string ocid, string contractId);
    /// @notice Only a member of the agreement's own committee deploys it.
    error CallerNotOnCommittee(address caller, bytes32 participant);
    /// @notice The committee is the buyer itself or its offices.
    error OfficeNotOfBuyer(bytes32 office, bytes32 buyer);
    /// @notice Committee and inspectors are given in strictly ascending order of id.
    error PartiesNotAscending(bytes32 previous, bytes32 next);
    /// @notice The quorum is zero or larger than the committee, or the committee is too large.
    error QuorumInvalid(uint256 quorum, uint256 committee, uint256 largest);
    /// @notice A list is longer than can be kept.
    /// @param list "inspectors", "taxes" or "directPayments"
    error ListTooLong(bytes32 list, uint256 length, uint256 largest);
    /// @notice A condition is outside of what makes sense together with the others.
    /// @param condition its name
    error ConditionInvalid(bytes32 condition, uint256 found, uint256 smallest, uint256 largest);
    /// @notice The milestones add up to more than the value.
    error ScheduleExceedsValue(uint256 scheduled, uint256 value);

    /// @notice Lets agreements use a settlement token. Only the administrator; one token for each currency.
    /// @param token a {ISettlementToken}
    function admitToken(address token) external;

    /// @notice Deploys an agreement and commits its value. Only a member of its committee.
    /// @param parties see {Parties}
    /// @param terms see {Terms}
    /// @param milestones see {MilestoneTerms}; together at most the value
    /// @return agreement its address, the same that {addressOf} gives
    function create(Parties calldata parties, Terms calldata terms, MilestoneTerms[] calldata milestones)
        external
        returns (address agreement);

    /// @notice Where the agreement of a contract stands, or will stand.
    /// @param ocid the OCDS id of the process
    /// @param contractId the id of the contract
    /// @return agreement its address
    function addressOf(string calldata ocid, string calldata contractId)
        external
        view
        returns (address agreement);

    /// @notice The token of a currency.
    /// @param currency ISO 4217 code
    /// @return token its address; zero if there is none
    function tokenOf(string calldata currency) external view returns (address token);

    /// @notice What the addresses of all agreements follow from, beside factory and salt.
    /// @return hash keccak256 of the initialization code that all of them share
    function initCodeHash() external pure returns (bytes32 hash);

    /// @notice The code of the agreement that is being deployed; empty at any other time.
    /// @return code a minimal clone of the implementation (ERC-1167), the deed, the factory and the salt
    function codeInTheMaking() external view returns (bytes memory code);
}
