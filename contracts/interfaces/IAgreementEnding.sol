// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FinalAccount, Ground, GuaranteeKind} from "../types/Agreements.sol";
import {IAgreementCommons} from "./IAgreementCommons.sol";

/// @title How an agreement ends
/// @notice Completion, release of the retention, and termination; each ends in a final account, after which the agreement
/// holds nothing but claims that can be pulled.
interface IAgreementEnding is IAgreementCommons {
    /// @notice All work is accepted. Half of the retention is released; the defects liability period begins.
    event AgreementCompleted(uint64 defectsEndAt);

    /// @notice The supplier was given notice of a default.
    /// @param curableUntil Unix seconds
    event DefaultNoticed(uint64 curableUntil, bytes32 reason, bytes32 document);

    /// @notice The notice was withdrawn: the default is mended.
    event DefaultCured(bytes32 reason, bytes32 document);

    /// @notice A guarantee was called: the guarantor is to pay the treasury.
    event GuaranteeCalled(GuaranteeKind indexed kind, uint128 amount, bytes32 reason);

    /// @notice The agreement ended before its work was done. What was submitted is still decided on.
    event AgreementTerminated(Ground indexed ground, bytes32 reason, bytes32 document);

    /// @notice The final account: what was left went where it belongs.
    event AgreementClosed(FinalAccount account);

    /// @notice Some work is not accepted yet.
    error WorkNotDone(uint128 scheduled, uint128 accepted);
    /// @notice A milestone is still being decided on, or can still be disputed.
    error MilestonePending(uint256 milestone);
    /// @notice No notice of default is in force, or one is already.
    error NoticeInvalid(uint64 noticedAt);
    /// @notice Nothing is retained.
    error NothingRetained();

    /// @notice Records that all work is accepted. Anyone, when it is.
    function complete() external;

    /// @notice Releases the rest of the retention before the defects period ends, against a guarantee for it. Anyone.
    function releaseRetention() external;

    /// @notice Gives the supplier notice of a default. Only the committee, by quorum.
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the notice; zero if there is none
    function noticeDefault(bytes32 reason, bytes32 document) external;

    /// @notice Withdraws a notice of default. Only the committee, by quorum.
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the letter; zero if there is none
    function withdrawNotice(bytes32 reason, bytes32 document) external;

    /// @notice Ends the agreement for the supplier's default: the retention is forfeited and the securities are called.
    /// Only the committee, by quorum, after notice and cure period, up to the end of the defects period.
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the decision; zero if there is none
    function terminateForDefault(bytes32 reason, bytes32 document) external;

    /// @notice Ends the agreement by decision of the buyer. Only the committee, by quorum, before completion.
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the decision; zero if there is none
    function terminate(bytes32 reason, bytes32 document) external;

    /// @notice Ends the agreement by decision of both sides: what is not decided on is cancelled. The supplier and the
    /// committee, by quorum, each with the same reason and document.
    /// @param reason code of the reason, not zero
    /// @param document SHA-256 of the deed; zero if there is none
    function terminateByAgreement(bytes32 reason, bytes32 document) external;

    /// @notice Ends an agreement whose last day has passed. Anyone.
    function lapse() external;

    /// @notice Draws the final account. Anyone, when nothing is pending: after the defects period, or after a termination.
    function close() external;
}
