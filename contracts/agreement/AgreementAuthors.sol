// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Deeds} from "../libraries/Deeds.sol";
import {Approval} from "../types/Agreements.sol";
import {Credentials, Roles, Standing} from "../types/Participants.sol";
import {AgreementState} from "./AgreementState.sol";

/// @title Who does what in an agreement
/// @notice Authors of acts, by the account that calls or that signed offline, and the committee's decisions by quorum.
abstract contract AgreementAuthors is AgreementState {
    using Deeds for bytes;

    /// @dev The participant of an account, which must be this one.
    function _requireParty(address account, bytes32 expected) internal view returns (bytes32 by) {
        (by,) = _registry.actor(account);
        require(by == expected, CallerNotParty(account, by, expected));
    }

    /// @dev The participant of an account, which must be this one, active and in this role.
    function _requireActive(address account, bytes32 expected, uint16 role)
        internal
        view
        returns (bytes32 by)
    {
        Credentials memory details;
        (by, details) = _registry.actor(account);
        require(by == expected, CallerNotParty(account, by, expected));
        _requireRole(by, details, role);
    }

    /// @dev The member of the committee that an account acts for, and its bit.
    function _requireMember(bytes memory deed, address account)
        internal
        view
        returns (bytes32 by, uint256 vote)
    {
        Credentials memory details;
        (by, details) = _registry.actor(account);
        vote = _voteOf(deed, by);
        require(vote != 0, CallerNotOnCommittee(account, by));
        _requireRole(by, details, Roles.COMMITTEE);
    }

    function _requireRole(bytes32 by, Credentials memory details, uint16 role) internal pure {
        require(
            details.standing == Standing.Active,
            IParticipantRegistry.ParticipantNotActive(by, details.standing)
        );
        require(
            details.roles & role == role, IParticipantRegistry.ParticipantLacksRole(by, details.roles, role)
        );
    }

    /// @dev The bit of a member of the committee; zero for who is not on it.
    function _voteOf(bytes memory deed, bytes32 participant) internal view returns (uint256) {
        uint256 position = deed.committeePosition(participant);
        return position == 0 ? 0 : 1 << (position - 1);
    }

    /// @dev One member's vote for the call that runs. True when a quorum is complete, and the vote is used up.
    function _decide(bytes memory deed) internal returns (bool decided) {
        return _decide(deed, keccak256(msg.data));
    }

    function _decide(bytes memory deed, bytes32 decision) internal returns (bool decided) {
        (bytes32 by, uint256 vote) = _requireMember(deed, msg.sender);
        return _decide(deed, decision, NO_MILESTONE, by, vote);
    }

    function _decide(bytes memory deed, bytes32 decision, uint256 milestone, bytes32 by, uint256 vote)
        internal
        returns (bool decided)
    {
        uint256 votes = _decisions[decision];
        require(votes & vote == 0, AlreadyVoted(milestone, by));
        votes |= vote;
        uint256 approvals = _votes(votes);
        uint256 quorum = deed.quorum();
        emit DecisionApproved(decision, by, msg.sig, approvals, quorum);
        decided = approvals >= quorum;
        _decisions[decision] = decided ? 0 : votes;
    }

    /// @dev Requires that an account signed this content, for this agreement and chain.
    function _verify(Approval calldata approval, bytes32 content) internal view {
        require(
            block.timestamp <= approval.validUntil,
            SignatureExpired(approval.account, approval.validUntil, uint64(block.timestamp))
        );
        bytes32 digest = _hashTypedDataV4(content);
        require(
            SignatureChecker.isValidSignatureNowCalldata(approval.account, digest, approval.signature),
            SignatureInvalid(approval.account, digest)
        );
    }

    function _votes(uint256 votes) internal pure returns (uint256 count) {
        for (; votes != 0; votes &= votes - 1) {
            ++count;
        }
    }
}
