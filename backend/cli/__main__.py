"""`python -m backend.cli`, the same as `termin`."""

from backend.cli import main

main()
