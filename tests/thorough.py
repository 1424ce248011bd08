"""How much is gone through where there is much alike: all of it, or some of it by turns."""

import os
from typing import Final

EVERY: Final = os.environ.get("RALLYNOV_CRAWL") == "every"
"""Whether all is gone through, as ``.ci/run`` asks for.

Otherwise each page and each thing is looked at in fewer ways, by turns, and of things that are
alike some: a minute less.
"""
