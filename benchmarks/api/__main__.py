"""`python -m benchmarks.api`: how fast the API answers, as a table."""

from __future__ import annotations

from benchmarks.api import measure

for row in measure():
    floor = f"   raw ASGI: {row['floor']:,.1f}" if "floor" in row else ""
    print(f"{row['name']:24}{row['value']:>12,.1f} {row['unit']}{floor}")
