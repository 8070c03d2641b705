// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Handler} from "./handler/Handler.sol";
import {Acts} from "./support/Acts.sol";
import {Assertions} from "./support/Assertions.sol";
import {VM} from "./support/Vm.sol";
import {Weights} from "./support/Weights.sol";

/// @notice What the handler reaches when its functions are called at random, as the fuzzer calls them: each act of an
/// agreement takes effect, and each is refused. `-vv` shows how often.
contract ReachTest {
    uint256 private constant RUNS = 24;
    uint256 private constant DEPTH = 500;

    /// @dev Foundry prints these two.
    event log_named_uint(string key, uint256 val);
    event log(string line);

    uint256[] private _effects;
    uint256[] private _refusals;

    function test_reaches_every_act() external {
        VM.pauseGasMetering();
        Acts.Act[] memory acts = Acts.all();
        _effects = new uint256[](acts.length);
        _refusals = new uint256[](acts.length);
        for (uint256 run; run < RUNS; ++run) {
            this.play(run);
        }
        for (uint256 i; i < acts.length; ++i) {
            emit log_named_uint(string.concat(acts[i].name, " took effect"), _effects[i]);
            emit log_named_uint(string.concat(acts[i].name, " was refused"), _refusals[i]);
        }
        for (uint256 i; i < acts.length; ++i) {
            Assertions.holds(_effects[i] != 0, string.concat(acts[i].name, " never took effect"));
            Assertions.holds(_refusals[i] != 0, string.concat(acts[i].name, " was never refused"));
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
        Acts.Act[] memory acts = Acts.all();
        for (uint256 i; i < acts.length; ++i) {
            Handler.Tally memory tally = handler.tallyOf(acts[i].selector);
            _effects[i] += tally.effects;
            _refusals[i] += tally.refusals;
        }
    }
}
