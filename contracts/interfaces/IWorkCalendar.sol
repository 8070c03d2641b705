// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which days are worked
/// @notice Weekends and public holidays of each year, set by the authority. A year that was not set has weekends on
/// Saturday and Sunday and no holidays, so that no clock ever waits for the calendar. Days are days of one time zone.
/// @dev Days that have begun never change. Agreements reckon a deadline once, when its clock starts: what is set later
/// moves no clock that runs.
interface IWorkCalendar {
    /// @notice A year was set.
    /// @param weekend the weekdays that are not worked, bit 0 for Monday to bit 6 for Sunday
    /// @param holidays days of the year from 1 for 1 January, ascending, that are not worked either
    /// @param document SHA-256 of the decree; zero if there is none
    event CalendarYearSet(uint16 indexed year, uint8 weekend, uint16[] holidays, bytes32 document);

    /// @notice The year has passed, or cannot be set that far ahead.
    error CalendarYearInvalid(uint16 year, uint16 first, uint16 last);
    /// @notice All seven days would be weekend, or a bit is set that is no weekday.
    error CalendarWeekendInvalid(uint8 weekend);
    /// @notice The year has no such day, or the days are not ascending.
    error CalendarDayInvalid(uint16 year, uint16 day);
    /// @notice A day that has begun would change.
    error CalendarDayPast(uint16 year, uint16 day);

    /// @notice Sets the days of a year that are not worked, in place of what was set before. Only the calendar keeper.
    /// @param year from the present one to ten years ahead
    /// @param weekend see {CalendarYearSet}; not all seven
    /// @param holidays see {CalendarYearSet}
    /// @param document see {CalendarYearSet}
    function setYear(uint16 year, uint8 weekend, uint16[] calldata holidays, bytes32 document) external;

    /// @notice How many calendar days after a moment's day the n-th working day is.
    /// @param moment Unix seconds; its own day does not count
    /// @param workingDays how many working days, n; at most 255
    /// @return calendarDays at least n; zero for zero working days
    function span(uint256 moment, uint256 workingDays) external view returns (uint256 calendarDays);

    /// @notice Whether the day of a moment is worked.
    /// @param moment Unix seconds
    /// @return worked false on weekends and holidays
    function isWorkingDay(uint256 moment) external view returns (bool worked);

    /// @notice The time zone of the days.
    /// @return offset seconds east of UTC
    function utcOffset() external view returns (int32 offset);
}
