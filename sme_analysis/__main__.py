"""`python -m sme_analysis` is `sme-analysis`."""

import sys

from .cli import main

sys.exit(main())
