// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Basis} from "../../contracts/types/Agreements.sol";
import {Handler} from "./handler/Handler.sol";
import {Acts} from "./support/Acts.sol";
import {Assertions} from "./support/Assertions.sol";
import {Happenings} from "./support/Happenings.sol";
import {VM} from "./support/Vm.sol";
import {Weights} from "./support/Weights.sol";

/// @notice What the handler reaches when its functions are called at random, as the fuzzer calls them: each act of an
/// agreement takes effect and is refused, each event is emitted, and payments rest on each basis. `-vv` shows how often.
contract ReachTest {
    uint256 private constant RUNS = 24;
    uint256 private constant DEPTH = 500;

    /// @dev Foundry prints this.
    event log_named_uint(string key, uint256 val);

    mapping(string what => uint256) private _counts;

    function setUp() external {
        VM.pauseGasMetering();
        for (uint256 run; run < RUNS; ++run) {
            this.play(run);
        }
    }

    function test_each_act_takes_effect_and_is_refused() external {
        Acts.Act[] memory acts = Acts.all();
        for (uint256 i; i < acts.length; ++i) {
            _require(string.concat(acts[i].name, " done"));
            _require(string.concat(acts[i].name, " refused"));
        }
    }

    function test_each_event_is_emitted() external {
        Happenings.Happening[] memory happenings = Happenings.all();
        for (uint256 i; i < happenings.length; ++i) {
            _require(happenings[i].name);
        }
    }

    /// @dev Interest is paid beside the agreement's money.
    function test_payments_rest_on_each_basis() external {
        for (uint256 i = uint256(Basis.Acceptance); i < uint256(Basis.Interest); ++i) {
            _require(_basis(i));
        }
    }

    /// @dev One run; a call of its own, so that its memory is given back.
    function play(uint256 run) external {
        Handler handler = Handler(VM.deployCode("Handler.sol:Handler", abi.encode(bytes32(run), false)));
        bytes4[] memory functions = Weights.all();
        for (uint256 i; i < DEPTH; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(run, i)));
            (bool done, bytes memory answer) =
                address(handler).call(abi.encodeWithSelector(functions[seed % functions.length], seed));
            Assertions.holds(done, string(answer));
        }
        _count(handler);
    }

    function _count(Handler handler) private {
        Acts.Act[] memory acts = Acts.all();
        for (uint256 i; i < acts.length; ++i) {
            Handler.Tally memory tally = handler.tallyOf(acts[i].selector);
            _counts[string.concat(acts[i].name, " done")] += tally.effects;
            _counts[string.concat(acts[i].name, " refused")] += tally.refusals;
        }
        Happenings.Happening[] memory happenings = Happenings.all();
        for (uint256 i; i < happenings.length; ++i) {
            _counts[happenings[i].name] += handler.countOf(happenings[i].topic);
        }
        for (uint256 i = uint256(Basis.Acceptance); i < uint256(Basis.Interest); ++i) {
            _counts[_basis(i)] += handler.paymentsOn(Basis(i));
        }
    }

    function _require(string memory what) private {
        emit log_named_uint(what, _counts[what]);
        Assertions.holds(_counts[what] != 0, string.concat("never: ", what));
    }

    function _basis(uint256 basis) private pure returns (string memory) {
        bytes1 letter = bytes1(uint8(48 + basis));
        return string.concat("payments on basis ", string(abi.encodePacked(letter)));
    }
}
