// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreementChanges} from "./IAgreementChanges.sol";
import {IAgreementConflicts} from "./IAgreementConflicts.sol";
import {IAgreementEnding} from "./IAgreementEnding.sol";
import {IAgreementReading} from "./IAgreementReading.sol";
import {IAgreementWork} from "./IAgreementWork.sol";

/// @title One public contract
/// @notice Everything that can be asked of an agreement and be done in it, at one address.
/// @dev Relies on the settlement token being {ISettlementToken}: no fee, no call-back.
interface IAgreement is
    IAgreementWork,
    IAgreementChanges,
    IAgreementConflicts,
    IAgreementEnding,
    IAgreementReading
{}
