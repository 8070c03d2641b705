// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MilestoneTerms, Parties, Terms} from "../types/Agreements.sol";

/// @title Where agreements come from
/// @notice Deploys each agreement as a minimal clone of one implementation that never changes. Its events are all that
/// an index needs to start from.
interface IAgreementFactory {
    /// @notice The factory stands, together with the contracts that it relies on.
    event FactoryDeployed(address registry, address budget, address implementation);

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
}
