"""`python -m app.store.reports docs` publishes docs/metrics.md."""

import sys
from pathlib import Path

from app.store.reports import page

Path(sys.argv[1], "metrics.md").write_text(page(), encoding="utf-8")
