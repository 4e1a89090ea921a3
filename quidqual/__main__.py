"""``python -m quidqual`` is the command ``quidqual``."""

from quidqual.cli import main

raise SystemExit(main())
