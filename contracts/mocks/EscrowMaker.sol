// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {AgreementClone} from "../AgreementClone.sol";

/// @title What obeys anyone
/// @notice Shows what registry, token and budget allow an agreement to do, whatever its code.
contract Puppet {
    /// @notice Calls another contract.
    /// @param target the other contract
    /// @param data selector and arguments
    function perform(address target, bytes calldata data) external {
        Address.functionCall(target, data);
    }
}

/// @title A factory that deploys any code
/// @notice Whether what it deploys is an agreement, the registry says: its code may end with the truth or with a lie.
contract EscrowMaker {
    /// @notice What the next contract's code is to be.
    bytes public codeInTheMaking;

    /// @notice Deploys a contract as {AgreementFactory} does.
    /// @param salt for CREATE2
    /// @param code what stands at its address afterwards
    /// @return made its address
    function make(bytes32 salt, bytes calldata code) external returns (address made) {
        codeInTheMaking = code;
        return address(new AgreementClone{salt: salt}());
    }

    /// @notice What the address of each contract follows from, with this factory and the salt.
    /// @return hash keccak256 of the initialization code
    function initCodeHash() external pure returns (bytes32 hash) {
        return keccak256(type(AgreementClone).creationCode);
    }
}
