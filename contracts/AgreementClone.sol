// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementFactory} from "./interfaces/IAgreementFactory.sol";

/// @title The birth of an agreement
/// @notice Takes its code from the factory that deploys it. So the initialization code is the same for all agreements, and
/// the address follows from factory and salt alone, although each carries its own deed.
contract AgreementClone {
    constructor() {
        bytes memory code = IAgreementFactory(msg.sender).codeInTheMaking();
        // Solidity has no other way to return code that was not compiled with the contract.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(add(code, 32), mload(code))
        }
    }
}
