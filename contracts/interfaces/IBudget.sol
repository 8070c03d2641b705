// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What may be spent
/// @notice Appropriation lines of fiscal years. An agreement commits its value against a line before it exists; no line
/// is ever committed beyond what is appropriated.
interface IBudget {
    /// @notice One appropriation line.
    /// @param buyer participant id of the legal person that may spend it
    /// @param token the settlement token, and so the currency
    /// @param appropriated what may be committed, in minor units
    /// @param committed what agreements have committed and not released, in minor units
    struct Line {
        bytes32 buyer;
        address token;
        uint128 appropriated;
        uint128 committed;
    }

    /// @notice A line was opened, raised or lowered.
    /// @param appropriated the new total, in minor units
    event LineAppropriated(
        bytes32 indexed line,
        bytes32 indexed buyer,
        address indexed token,
        uint16 fiscalYear,
        string code,
        uint128 appropriated,
        bytes32 document
    );

    /// @notice An agreement committed money of a line.
    /// @param committed the line's new total, in minor units
    event LineCommitted(bytes32 indexed line, address indexed agreement, uint128 amount, uint128 committed);

    /// @notice An agreement gave back what it will not spend.
    /// @param committed the line's new total, in minor units
    event LineReleased(bytes32 indexed line, address indexed agreement, uint128 amount, uint128 committed);

    /// @notice No such line.
    error LineUnknown(bytes32 line);
    /// @notice The line belongs to another buyer or currency.
    error LineMismatch(bytes32 line, bytes32 buyer, address token);
    /// @notice The code is empty.
    error LineCodeEmpty();
    /// @notice More is asked for than the line has left.
    error LineExceeded(bytes32 line, uint128 requested, uint128 available);
    /// @notice The line cannot be lowered below what is committed.
    error LineBelowCommitment(bytes32 line, uint128 requested, uint128 committed);
    /// @notice Only the factory and agreements commit and release.
    error CallerNotEscrow(address caller);

    /// @notice Sets what may be committed on a line, opening it if need be. Only the budget officer.
    /// @param buyer participant id of the legal person that may spend it
    /// @param token the settlement token
    /// @param fiscalYear e.g. 2026
    /// @param code the line's code in the budget, e.g. "5.2.3.01"
    /// @param total the new total, in minor units, not below what is committed
    /// @param document SHA-256 of the budget document; zero if there is none
    /// @return line its id, see {lineId}
    function appropriate(
        bytes32 buyer,
        address token,
        uint16 fiscalYear,
        string calldata code,
        uint128 total,
        bytes32 document
    ) external returns (bytes32 line);

    /// @notice Commits money of a line. Only agreements.
    /// @param line its id
    /// @param buyer the buyer of the agreement, who must own the line
    /// @param token the token of the agreement, which must be the line's
    /// @param amount in minor units
    function commit(bytes32 line, bytes32 buyer, address token, uint128 amount) external;

    /// @notice Gives back what will not be spent. Only agreements, and never more than they committed.
    /// @param line its id
    /// @param amount in minor units
    function release(bytes32 line, uint128 amount) external;

    /// @notice The id of a line, opened or not.
    /// @param buyer participant id of the legal person that may spend it
    /// @param token the settlement token
    /// @param fiscalYear e.g. 2026
    /// @param code the line's code
    /// @return line keccak256(abi.encode(buyer, token, fiscalYear, code))
    function lineId(bytes32 buyer, address token, uint16 fiscalYear, string calldata code)
        external
        pure
        returns (bytes32 line);

    /// @notice A line as it stands; all zero for an unknown id.
    /// @param line its id
    /// @return details see {Line}
    function get(bytes32 line) external view returns (Line memory details);
}
