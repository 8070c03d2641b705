// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authority} from "../../../contracts/Authority.sol";
import {IAgreementFactory} from "../../../contracts/interfaces/IAgreementFactory.sol";
import {IBudget} from "../../../contracts/interfaces/IBudget.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "../../../contracts/interfaces/ISettlementToken.sol";
import {IWorkCalendar} from "../../../contracts/interfaces/IWorkCalendar.sol";
import {VM} from "./Vm.sol";

/// @title Termin as `backend/acts/deploy.py` deploys it
/// @notice The same contracts in the same order with the same permissions; this contract is the administrator.
abstract contract Deployment {
    uint64 private constant REGISTRAR = 1;
    uint64 private constant ISSUER = 2;
    uint64 private constant BUDGET_OFFICER = 3;
    uint64 private constant CALENDAR_KEEPER = 5;
    int32 private constant WESTERN_INDONESIA_TIME = 7 * 3600;

    Authority internal _authority;
    IParticipantRegistry internal _registry;
    IBudget internal _budget;
    IWorkCalendar internal _calendar;
    IAgreementFactory internal _factory;
    ISettlementToken internal _token;

    function _deployAll() internal {
        _authority = Authority(VM.deployCode("Authority.sol:Authority", abi.encode(address(this))));
        _registry = IParticipantRegistry(
            VM.deployCode("ParticipantRegistry.sol:ParticipantRegistry", abi.encode(_authority))
        );
        _budget = IBudget(VM.deployCode("Budget.sol:Budget", abi.encode(_authority, _registry)));
        _calendar = IWorkCalendar(
            VM.deployCode("WorkCalendar.sol:WorkCalendar", abi.encode(_authority, WESTERN_INDONESIA_TIME))
        );
        _factory = IAgreementFactory(
            VM.deployCode(
                "AgreementFactory.sol:AgreementFactory",
                abi.encode(_authority, _registry, _budget, _calendar, _deployParts())
            )
        );
        _registry.admitFactory(address(_factory), _factory.initCodeHash());
        _permitAll();
        _token = ISettlementToken(
            VM.deployCode(
                "SettlementToken.sol:SettlementToken", abi.encode(_authority, _registry, "IDR", uint8(2))
            )
        );
        _permit(
            address(_token), ISSUER, _two(ISettlementToken.issue.selector, ISettlementToken.redeem.selector)
        );
        _factory.admitToken(address(_token));
    }

    /// @dev The last first: each hands on to the one before it.
    function _deployParts() private returns (address part) {
        string[5] memory parts = [
            "AgreementReading.sol:AgreementReading",
            "AgreementEnding.sol:AgreementEnding",
            "AgreementConflicts.sol:AgreementConflicts",
            "AgreementChanges.sol:AgreementChanges",
            "Agreement.sol:Agreement"
        ];
        for (uint256 i; i < parts.length; ++i) {
            part = VM.deployCode(parts[i], abi.encode(_registry, _budget, _calendar, part));
        }
    }

    function _permitAll() private {
        bytes4[] memory acts = new bytes4[](5);
        acts[0] = IParticipantRegistry.register.selector;
        acts[1] = IParticipantRegistry.setRoles.selector;
        acts[2] = IParticipantRegistry.setStanding.selector;
        acts[3] = IParticipantRegistry.setDocument.selector;
        acts[4] = IParticipantRegistry.proposeSuccession.selector;
        _permit(address(_registry), REGISTRAR, acts);
        _permit(address(_budget), BUDGET_OFFICER, _one(IBudget.appropriate.selector));
        _permit(address(_calendar), CALENDAR_KEEPER, _one(IWorkCalendar.setYear.selector));
        uint64[4] memory roles = [REGISTRAR, ISSUER, BUDGET_OFFICER, CALENDAR_KEEPER];
        for (uint256 i; i < roles.length; ++i) {
            _authority.grantRole(roles[i], address(this), 0);
        }
    }

    function _permit(address target, uint64 role, bytes4[] memory acts) private {
        _authority.setTargetFunctionRole(target, acts, role);
    }

    function _one(bytes4 act) private pure returns (bytes4[] memory list) {
        list = new bytes4[](1);
        list[0] = act;
    }

    function _two(bytes4 first, bytes4 second) private pure returns (bytes4[] memory list) {
        list = new bytes4[](2);
        (list[0], list[1]) = (first, second);
    }
}
