// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
import {IAgreement} from "../../contracts/interfaces/IAgreement.sol";
import {WayOut} from "./support/WayOut.sol";
import {VM} from "./support/Vm.sol";
import {Weights} from "./support/Weights.sol";
import {Handler} from "./handler/Handler.sol";

contract DebugTest is WayOut {
    event log_named_uint(string key, uint256 val);
    event log_bytes(bytes);

    function _salt() internal pure override returns (bytes32) {
        return "I9";
    }
    function _check(IAgreement agreement) internal view override {}

    function out(uint256 i, uint256 way) external {
        IAgreement a = _handler.agreements()[i];
        if (way == 0) _leaveAlone(a);
        else if (way == 1) _leaveTogether(a);
        else _leaveByBuyer(a);
    }

    function play(uint256 run, uint256 depth) external {
        _handler = Handler(VM.deployCode("Handler.sol:Handler", abi.encode(bytes32(run), false)));
        bytes4[] memory functions = Weights.all();
        for (uint256 i; i < depth; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(run, i)));
            (bool done,) =
                address(_handler).call(abi.encodeWithSelector(functions[seed % functions.length], seed));
            require(done, "handler");
        }
    }

    function test_out() external {
        VM.pauseGasMetering();
        for (uint256 run; run < 40; ++run) {
            this.play(run, 400);
            uint256 n = _handler.agreements().length;
            for (uint256 i; i < n; ++i) {
                for (uint256 w; w < 3; ++w) {
                    uint256 state = VM.snapshotState();
                    (bool ok, bytes memory answer) = address(this).call(abi.encodeCall(this.out, (i, w)));
                    VM.revertToState(state);
                    if (!ok) {
                        emit log_named_uint("run", run);
                        emit log_named_uint("agreement", i);
                        emit log_named_uint("way", w);
                        emit log_named_uint("status", uint256(_handler.agreements()[i].status()));
                        emit log_bytes(answer);
                        return;
                    }
                }
            }
        }
    }
}
