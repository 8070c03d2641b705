"""What every other part stands on: errors, money, dates, settings."""
