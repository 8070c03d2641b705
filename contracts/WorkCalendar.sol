// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {DateTimeLib} from "solady/utils/DateTimeLib.sol";
import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";

/// @title Which days are worked
/// @notice The rules are stated on {IWorkCalendar}.
contract WorkCalendar is IWorkCalendar, AccessManaged {
    using BitMaps for BitMaps.BitMap;

    /// @dev Saturday and Sunday, bits 5 and 6.
    uint8 private constant USUAL_WEEKEND = 0x60;
    uint8 private constant WHOLE_WEEK = 0x7f;
    uint256 private constant YEARS_AHEAD = 10;

    int32 private immutable _utcOffset;
    /// @dev By days since 1 January 1970: not worked, though no weekend.
    BitMaps.BitMap private _holidays;
    /// @dev Zero for a year that was not set.
    mapping(uint256 year => uint8 weekend) private _weekends;

    /// @notice Sets up a calendar in which no year is set.
    /// @param authority_ the access manager that says who keeps the calendar
    /// @param utcOffset_ seconds east of UTC, within a day
    constructor(address authority_, int32 utcOffset_) AccessManaged(authority_) {
        _utcOffset = utcOffset_;
    }

    /// @inheritdoc IWorkCalendar
    function setYear(uint16 year, uint8 weekend, uint16[] calldata holidays, bytes32 document)
        external
        restricted
    {
        uint256 today = _day(block.timestamp);
        (uint256 present,,) = DateTimeLib.epochDayToDate(today);
        require(
            year >= present && year <= present + YEARS_AHEAD,
            CalendarYearInvalid(year, uint16(present), uint16(present + YEARS_AHEAD))
        );
        require(weekend != 0 && weekend < WHOLE_WEEK, CalendarWeekendInvalid(weekend));
        uint256 first = DateTimeLib.dateToEpochDay(year, 1, 1);
        uint256 length = DateTimeLib.dateToEpochDay(uint256(year) + 1, 1, 1) - first;
        uint256 next;
        for (uint256 i; i < length; ++i) {
            bool holiday = next < holidays.length && holidays[next] == i + 1;
            if (holiday) ++next;
            uint256 day = first + i;
            bool worked = !holiday && !_isWeekend(weekend, day);
            require(day > today || worked == _worked(day), CalendarDayPast(year, uint16(i + 1)));
            if (day > today) _holidays.setTo(day, holiday);
        }
        require(
            next == holidays.length, CalendarDayInvalid(year, next < holidays.length ? holidays[next] : 0)
        );
        _weekends[year] = weekend;
        emit CalendarYearSet(year, weekend, holidays, document);
    }

    /// @inheritdoc IWorkCalendar
    function span(uint256 moment, uint256 workingDays) external view returns (uint256 calendarDays) {
        uint256 day = _day(moment);
        for (uint256 left = workingDays; left != 0;) {
            ++calendarDays;
            if (_worked(day + calendarDays)) --left;
        }
    }

    /// @inheritdoc IWorkCalendar
    function isWorkingDay(uint256 moment) external view returns (bool worked) {
        return _worked(_day(moment));
    }

    /// @inheritdoc IWorkCalendar
    function utcOffset() external view returns (int32 offset) {
        return _utcOffset;
    }

    function _worked(uint256 day) private view returns (bool) {
        (uint256 year,,) = DateTimeLib.epochDayToDate(day);
        uint8 weekend = _weekends[year];
        return !_isWeekend(weekend == 0 ? USUAL_WEEKEND : weekend, day) && !_holidays.get(day);
    }

    function _isWeekend(uint8 weekend, uint256 day) private pure returns (bool) {
        return weekend >> (DateTimeLib.weekday(day * 1 days) - 1) & 1 == 1;
    }

    function _day(uint256 moment) private view returns (uint256) {
        return uint256(int256(moment) + _utcOffset) / 1 days;
    }
}
