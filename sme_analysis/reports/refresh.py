"""Run the committed notebooks again, in place: `make notebooks`."""

from __future__ import annotations

import sys

from .catalogue import reports
from .run import refresh


def main() -> int:
    """Refresh every report's notebook."""
    for found in reports():
        print(f"running {found.path.name}", file=sys.stderr)
        refresh(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
