// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Approval} from "../../../contracts/types/Agreements.sol";
import {People} from "./People.sol";
import {VM} from "./Vm.sol";

/// @title Signatures that are given offline
/// @notice EIP-712, in the domain of one agreement.
abstract contract Signatures is People {
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev The signature of a participant under content that ends with validUntil.
    function _approval(address agreement, uint256 person, bytes memory content, uint64 validUntil)
        internal
        view
        returns (Approval memory)
    {
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901", _domain(agreement), keccak256(abi.encodePacked(content, uint256(validUntil)))
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(_people[person].key, digest);
        return
            Approval({
                account: _account(person), validUntil: validUntil, signature: abi.encodePacked(r, s, v)
            });
    }

    function _domain(address agreement) private view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN, keccak256("Termin Agreement"), keccak256("1"), block.chainid, agreement)
        );
    }
}
