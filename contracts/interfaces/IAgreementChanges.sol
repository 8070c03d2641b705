// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Amendment, Approval, GuaranteeKind} from "../types/Agreements.sol";
import {IAgreementCommons} from "./IAgreementCommons.sol";

/// @title What changes in an agreement
/// @notice Guarantees, the advance payment, and amendments. An amendment is proposed by either party and takes effect when
/// the supplier, a quorum of the committee and, above the cap, the buyer's authority have signed the same content, and
/// budget and money for it are there.
interface IAgreementChanges is IAgreementCommons {
    /// @notice A guarantee was recorded, in place of an earlier one of its kind.
    /// @param document SHA-256 of the guarantee
    event GuaranteeRecorded(GuaranteeKind indexed kind, uint128 amount, uint64 expiresAt, bytes32 document);

    /// @notice An amendment was proposed. The proposal is the proposer's signature.
    /// @param amendment its number, from 1
    event AmendmentProposed(uint256 indexed amendment, bytes32 indexed by, Amendment terms);

    /// @notice A participant signed an amendment.
    /// @param amendment its number
    /// @param by the supplier, a member of the committee, or the authority
    event AmendmentSigned(uint256 indexed amendment, bytes32 indexed by);

    /// @notice An amendment took effect.
    /// @param previousValue in minor units
    /// @param value in minor units
    /// @param endsAt the end of the work from now on, Unix seconds
    event AmendmentEnacted(
        uint256 indexed amendment,
        uint128 previousValue,
        uint128 value,
        uint64 endsAt,
        bytes32 reason,
        bytes32 legalGround,
        bytes32 document
    );

    /// @notice A milestone changed.
    event MilestoneChanged(uint256 indexed milestone, uint128 amount, uint64 dueAt, bytes32 indexed payee);

    /// @notice No amendment with this number and content was proposed, or another took effect since.
    error AmendmentUnknown(uint256 amendment, bytes32 content, bytes32 expected);
    /// @notice The amendment changes nothing.
    error AmendmentEmpty();
    /// @notice The value cannot be raised and lowered at once, or is lowered below what is scheduled.
    error AmendmentValueInvalid(uint128 increase, uint128 decrease);
    /// @notice What amendments add to the original value exceeds the cap, and no legal ground is named.
    error AmendmentExceedsCap(uint256 value, uint256 largest);
    /// @notice A signature is missing.
    /// @param approvals members of the committee that have signed
    error AmendmentNotSigned(bool supplier, uint256 approvals, uint256 quorum, bool authority);
    /// @notice Money has to come in: the treasury enacts it.
    error CallerNotTreasury(address caller, bytes32 participant, bytes32 treasury);
    /// @notice The caller is no party to the amendment.
    error CallerNotSignatory(address caller, bytes32 participant);
    /// @notice A milestone under decision or accepted cannot be changed this way.
    error MilestoneNotChangeable(uint256 milestone);
    /// @notice The advance was paid already, or none is agreed.
    error AdvanceNotDue();

    /// @notice Records a guarantee, which replaces the earlier one of its kind. Only the committee, by quorum, having seen
    /// the original.
    /// @param kind see {GuaranteeKind}
    /// @param amount in minor units
    /// @param expiresAt Unix seconds, after the block
    /// @param document SHA-256 of the guarantee, not zero
    function recordGuarantee(GuaranteeKind kind, uint128 amount, uint64 expiresAt, bytes32 document) external;

    /// @notice Pays the advance. Anyone, once, when the agreement is active and the guarantees are in force.
    function payAdvance() external;

    /// @notice Proposes an amendment and signs it. Only the supplier or a member of the committee.
    /// @param terms see {Amendment}
    /// @return amendment its number, from 1
    function proposeAmendment(Amendment calldata terms) external returns (uint256 amendment);

    /// @notice Signs an amendment: the supplier, a member of the committee, or an office of the buyer with the role of
    /// authority that is not on the committee. With the last signature it takes effect, unless money has to come in.
    /// @param amendment its number
    /// @param terms the very content that was proposed
    function signAmendment(uint256 amendment, Amendment calldata terms) external;

    /// @notice {signAmendment}, signed offline:
    /// AmendmentSignature(uint256 amendment,bytes32 content,uint64 validUntil), where content is
    /// keccak256(abi.encode(amendment, terms)).
    /// @param amendment its number
    /// @param terms the very content that was proposed
    /// @param approvals of signatories
    function signAmendmentSigned(uint256 amendment, Amendment calldata terms, Approval[] calldata approvals)
        external;

    /// @notice Puts a signed amendment in force and brings in the money that it needs. Only the treasury, which has
    /// approved the token first.
    /// @param amendment its number
    /// @param terms the very content that was signed
    function enactAmendment(uint256 amendment, Amendment calldata terms) external;
}
