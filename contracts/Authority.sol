// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may administer
/// @notice The access manager of the administrative acts: registering participants, issuing money, appropriating budget,
/// admitting currencies. What the parties of an agreement may do is decided by the agreement alone.
contract Authority is AccessManager {
    /// @notice Sets up the manager.
    /// @param initialAdmin who grants the roles at first; in production a contract account of several institutions
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
