"""Files to take away: lists as they are filtered, and the open data in whole or by year.

A file is of one state of the index. A process of its own makes it, so that a server goes on
answering, and reads the index no longer than that takes, however slow the line of a reader is.
"""
