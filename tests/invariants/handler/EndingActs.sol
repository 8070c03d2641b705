// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {AgreementStatus} from "../../../contracts/types/Agreements.sol";
import {Stage} from "./Stage.sol";

/// @title Completion, default and the other endings
abstract contract EndingActs is Stage {
    /// @dev What ends an agreement early is tried less often, so that some get far.
    uint256 private constant RELUCTANCE = 6;

    function complete(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Active));
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementEnding.complete, ()));
    }

    function releaseRetention(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Completed));
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementEnding.releaseRetention, ()));
    }

    function noticeDefault(uint256 seed) external played(seed) {
        bytes memory data = abi.encodeCall(IAgreementEnding.noticeDefault, (_reason(), bytes32(0)));
        _vote(_agreement(_defaultable()), data);
    }

    function withdrawNotice(uint256 seed) external played(seed) {
        bytes memory data = abi.encodeCall(IAgreementEnding.withdrawNotice, (_reason(), bytes32(0)));
        _vote(_agreement(_defaultable()), data);
    }

    function terminateForDefault(uint256 seed) external played(seed) {
        bytes memory data = abi.encodeCall(IAgreementEnding.terminateForDefault, (_reason(), bytes32(0)));
        _vote(_agreement(_defaultable()), data);
    }

    /// @dev Completed work now and then first, since it is rare.
    function _defaultable() private returns (uint256) {
        return _oneIn(2) ? _bit(AgreementStatus.Completed) : _bit(AgreementStatus.Active);
    }

    function terminate(uint256 seed) external played(seed) {
        if (!_oneIn(RELUCTANCE)) return;
        IAgreement agreement = _agreement(_bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active));
        _vote(agreement, abi.encodeCall(IAgreementEnding.terminate, (_reason(), bytes32(0))));
    }

    function terminateByAgreement(uint256 seed) external played(seed) {
        if (!_oneIn(RELUCTANCE)) return;
        IAgreement agreement = _agreement(_bit(AgreementStatus.Active));
        bytes memory data = abi.encodeCall(IAgreementEnding.terminateByAgreement, (REASON, bytes32(0)));
        if (_oneIn(2)) _act(agreement, _as(SUPPLIER), data);
        _vote(agreement, data);
        if (_oneIn(2)) _act(agreement, _as(SUPPLIER), data);
    }

    function lapse(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active));
        _act(agreement, _as(AUDITOR), abi.encodeCall(IAgreementEnding.lapse, ()));
    }

    function close(uint256 seed) external played(seed) {
        uint256 closable = _bit(AgreementStatus.Completed) | _bit(AgreementStatus.Terminated);
        _act(_agreement(closable), _as(COLLECTOR), abi.encodeCall(IAgreementEnding.close, ()));
    }
}
