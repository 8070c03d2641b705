// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreement} from "../../../contracts/interfaces/IAgreement.sol";
import {IAgreementEnding} from "../../../contracts/interfaces/IAgreementEnding.sol";
import {AgreementStatus} from "../../../contracts/types/Agreements.sol";
import {Progress} from "./Progress.sol";

/// @title Completion, default and the other endings
abstract contract EndingActs is Progress {
    /// @dev What ends an agreement early is tried less often, so that some get far.
    uint256 private constant RELUCTANCE = 6;

    function complete(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Active));
        if (_instead()) return;
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementEnding.complete, ()));
    }

    function releaseRetention(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Completed));
        if (_instead()) return;
        _act(agreement, _as(SUPPLIER), abi.encodeCall(IAgreementEnding.releaseRetention, ()));
    }

    function noticeDefault(uint256 seed) external played(seed) {
        if (_putOff(RELUCTANCE)) return;
        // Completed work now and then first, since it is rare.
        uint256 first = _bit(_oneIn(2) ? AgreementStatus.Completed : AgreementStatus.Active);
        _vote(_agreement(first), abi.encodeCall(IAgreementEnding.noticeDefault, (_reason(), bytes32(0))));
    }

    function withdrawNotice(uint256 seed) external played(seed) {
        IAgreement agreement = _noticed();
        if (_instead()) return;
        _vote(agreement, abi.encodeCall(IAgreementEnding.withdrawNotice, (_reason(), bytes32(0))));
    }

    function terminateForDefault(uint256 seed) external played(seed) {
        IAgreement agreement = _noticed();
        if (_instead()) return;
        _vote(agreement, abi.encodeCall(IAgreementEnding.terminateForDefault, (_reason(), bytes32(0))));
    }

    function _noticed() private returns (IAgreement agreement) {
        uint256 first = _roll(_agreements.length);
        for (uint256 i; i < _agreements.length; ++i) {
            agreement = _agreements[(first + i) % _agreements.length];
            _found = _books[address(agreement)].noticed;
            if (_found) return agreement;
        }
    }

    function terminate(uint256 seed) external played(seed) {
        if (_putOff(RELUCTANCE)) return;
        IAgreement agreement = _agreement(_bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active));
        if (_instead()) return;
        _vote(agreement, abi.encodeCall(IAgreementEnding.terminate, (_reason(), bytes32(0))));
    }

    function terminateByAgreement(uint256 seed) external played(seed) {
        if (_putOff(RELUCTANCE)) return;
        IAgreement agreement = _agreement(_bit(AgreementStatus.Active));
        if (_instead()) return;
        bytes memory data = abi.encodeCall(IAgreementEnding.terminateByAgreement, (REASON, bytes32(0)));
        if (_oneIn(2)) _act(agreement, _as(SUPPLIER), data);
        _vote(agreement, data);
        if (_oneIn(2)) _act(agreement, _as(SUPPLIER), data);
    }

    function lapse(uint256 seed) external played(seed) {
        IAgreement agreement = _agreement(_bit(AgreementStatus.Signed) | _bit(AgreementStatus.Active));
        if (_instead()) return;
        _act(agreement, _as(AUDITOR), abi.encodeCall(IAgreementEnding.lapse, ()));
    }

    function close(uint256 seed) external played(seed) {
        uint256 closable = _bit(AgreementStatus.Completed) | _bit(AgreementStatus.Terminated);
        IAgreement agreement = _agreement(closable);
        if (_instead()) return;
        _act(agreement, _as(COLLECTOR), abi.encodeCall(IAgreementEnding.close, ()));
    }
}
