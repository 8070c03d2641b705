// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Whether what ../Defects.t.sol shows is mended. As long as it is not, the handler keeps away from it, since one defect
/// hides others; then make this true, so that it does not.
bool constant MENDED = false;
