// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {DateTimeLib} from "solady/utils/DateTimeLib.sol";
import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";

/// @title Which days are worked
/// @notice The rules are stated on {IWorkCalendar}.
contract WorkCalendar is IWorkCalendar, AccessManaged {
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @dev Saturday and Sunday, bits 5 and 6.
    uint8 private constant USUAL_WEEKEND = 0x60;
    uint8 private constant WHOLE_WEEK = 0x7f;
    uint256 private constant YEARS_AHEAD = 10;

    int32 private immutable _utcOffset;
    /// @dev One bit for each day since 1 January 1970, 256 to a slot: set for a day from Monday to Friday that is not worked,
    /// and for a Saturday or Sunday that is. So nothing stands here for a year that was not set.
    mapping(uint256 slot => uint256 bits) private _exceptions;

    /// @notice Sets up a calendar in which no year is set.
    /// @param authority_ the access manager that says who keeps the calendar
    /// @param utcOffset_ seconds east of UTC
    constructor(address authority_, int32 utcOffset_) AccessManaged(authority_) {
        _utcOffset = utcOffset_;
    }

    /// @inheritdoc IWorkCalendar
    function setYear(uint16 year, uint8 weekend, uint16[] calldata holidays, bytes32 document)
        external
        restricted
    {
        uint256 today = _day(block.timestamp);
        _requireAhead(year, today);
        require(weekend < WHOLE_WEEK, CalendarWeekendInvalid(weekend));
        uint256 eve = DateTimeLib.dateToEpochDay(year, 1, 1) - 1;
        uint256 length = DateTimeLib.dateToEpochDay(uint256(year) + 1, 1, 1) - 1 - eve;
        _requireDays(year, length, holidays);

        uint256 next;
        for (uint256 i = 1; i <= length; ++i) {
            bool holiday = next < holidays.length && holidays[next] == i;
            if (holiday) ++next;
            uint256 day = eve + i;
            bool worked = !holiday && !_isWeekend(weekend, day);
            if (worked == _isWorked(day, _exceptions[day >> 8])) continue;
            require(day > today, CalendarDayPast(year, uint16(i)));
            _exceptions[day >> 8] ^= 1 << (day & 0xff);
        }
        emit CalendarYearSet(year, weekend, holidays, document);
    }

    /// @inheritdoc IWorkCalendar
    function span(uint256 moment, uint256 workingDays) external view returns (uint256 calendarDays) {
        uint256 day = _day(moment) + 1;
        uint256 bits = _exceptions[day >> 8];
        for (uint256 left = workingDays; left != 0; ++day) {
            if (day & 0xff == 0) bits = _exceptions[day >> 8];
            if (_isWorked(day, bits)) --left;
            ++calendarDays;
        }
    }

    /// @inheritdoc IWorkCalendar
    function isWorkingDay(uint256 moment) external view returns (bool worked) {
        uint256 day = _day(moment);
        return _isWorked(day, _exceptions[day >> 8]);
    }

    /// @inheritdoc IWorkCalendar
    function utcOffset() external view returns (int32 offset) {
        return _utcOffset;
    }

    /// @dev Days since 1 January 1970 in the calendar's time zone.
    function _day(uint256 moment) private view returns (uint256) {
        return (moment.toInt256() + _utcOffset).toUint256() / 1 days;
    }

    /// @param bits the slot of the day
    function _isWorked(uint256 day, uint256 bits) private pure returns (bool) {
        return _isWeekend(USUAL_WEEKEND, day) == (bits >> (day & 0xff) & 1 == 1);
    }

    function _isWeekend(uint8 weekend, uint256 day) private pure returns (bool) {
        // Cannot overflow: a day is that of a moment or of a year. Cannot underflow: weekdays count from 1.
        unchecked {
            return weekend >> (DateTimeLib.weekday(day * 1 days) - 1) & 1 == 1;
        }
    }

    function _requireAhead(uint16 year, uint256 today) private pure {
        (uint256 present,,) = DateTimeLib.epochDayToDate(today);
        uint256 last = present + YEARS_AHEAD;
        require(
            year >= present && year <= last, CalendarYearInvalid(year, present.toUint16(), last.toUint16())
        );
    }

    function _requireDays(uint16 year, uint256 length, uint16[] calldata holidays) private pure {
        uint256 previous;
        for (uint256 i; i < holidays.length; ++i) {
            require(holidays[i] > previous && holidays[i] <= length, CalendarDayInvalid(year, holidays[i]));
            previous = holidays[i];
        }
    }
}
