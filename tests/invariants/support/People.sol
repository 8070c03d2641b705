// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Registration, Roles} from "../../../contracts/types/Participants.sol";
import {Deployment} from "./Deployment.sol";
import {VM} from "./Vm.sol";

/// @title Who is there
/// @notice A ministry with its offices, an inspectorate, suppliers, a collector, arbiter and auditor; and two that should
/// never get through: an office of the supplier that has every role, and an auditor of the ministry's own.
abstract contract People is Deployment {
    /// @notice A participant with the key that it acts with at present.
    struct Person {
        bytes32 id;
        uint256 key;
        address account;
    }

    uint256 internal constant MINISTRY = 0;
    /// @dev Three of them, in ascending order of id.
    uint256 internal constant COMMITTEE = 1;
    uint256 internal constant COMMITTEE_SIZE = 3;
    uint256 internal constant TREASURY = 4;
    uint256 internal constant AUTHORITY = 5;
    uint256 internal constant INSPECTORATE = 6;
    /// @dev Two of them, in ascending order of id.
    uint256 internal constant INSPECTOR = 7;
    uint256 internal constant INSPECTORS = 2;
    uint256 internal constant SUPPLIER = 9;
    uint256 internal constant SUBCONTRACTOR = 10;
    uint256 internal constant PARTNER = 11;
    uint256 internal constant COLLECTOR = 12;
    uint256 internal constant ARBITER = 13;
    uint256 internal constant AUDITOR = 14;
    uint256 internal constant SUPPLIERS_OFFICE = 15;
    uint256 internal constant MINISTRYS_AUDITOR = 16;

    Person[] internal _people;
    uint256 private _keys;
    /// @dev Accounts that were given up.
    address[] internal _former;
    mapping(uint256 person => bool) internal _succeeding;

    function _registerAll() internal {
        // More roles than they need: that duties are separate must not rest on roles.
        bytes32 ministry = _register(Roles.BUYER | Roles.SUPPLIER | Roles.ARBITER, 0);
        for (uint256 i; i < COMMITTEE_SIZE; ++i) {
            _register(Roles.COMMITTEE | Roles.INSPECTOR, ministry);
        }
        _register(Roles.TREASURY | Roles.COMMITTEE | Roles.INSPECTOR, ministry);
        _register(Roles.AUTHORITY, ministry);
        bytes32 inspectorate = _register(Roles.SUPPLIER, 0);
        for (uint256 i; i < INSPECTORS; ++i) {
            _register(Roles.INSPECTOR, inspectorate);
        }
        bytes32 supplier = _register(Roles.SUPPLIER | Roles.ARBITER | Roles.INSPECTOR, 0);
        _register(Roles.SUPPLIER, 0);
        _register(Roles.SUPPLIER, 0);
        _register(Roles.COLLECTOR, 0);
        _register(Roles.ARBITER | Roles.SUPPLIER, 0);
        _register(Roles.AUDITOR, 0);
        _register(Roles.ALL, supplier);
        _register(Roles.AUDITOR, ministry);
        _sort(COMMITTEE, COMMITTEE_SIZE);
        _sort(INSPECTOR, INSPECTORS);
    }

    function _register(uint16 roles, bytes32 organization) private returns (bytes32 id) {
        uint256 key = _newKey();
        address account = VM.addr(key);
        id = _registry.register(
            Registration({
                scheme: "TEST",
                identifier: _name(key),
                account: account,
                roles: roles,
                organization: organization,
                document: 0
            })
        );
        _people.push(Person({id: id, key: key, account: account}));
    }

    function _newKey() internal returns (uint256) {
        return ++_keys;
    }

    function _name(uint256 number) internal pure returns (string memory) {
        return number < 10
            ? string(abi.encodePacked(uint8(48 + number)))
            : string(abi.encodePacked(_name(number / 10), uint8(48 + number % 10)));
    }

    function _sort(uint256 first, uint256 count) private {
        for (uint256 i = 1; i < count; ++i) {
            for (uint256 j = i; j != 0 && _people[first + j].id < _people[first + j - 1].id; --j) {
                Person memory other = _people[first + j];
                _people[first + j] = _people[first + j - 1];
                _people[first + j - 1] = other;
            }
        }
    }

    function _id(uint256 person) internal view returns (bytes32) {
        return _people[person].id;
    }

    function _account(uint256 person) internal view returns (address) {
        return _people[person].account;
    }

    function _ids(uint256 first, uint256 count) internal view returns (bytes32[] memory list) {
        list = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            list[i] = _people[first + i].id;
        }
    }
}
