"""Put the helpers of the tests (toys, oracles, facts of the sample data) on the path."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile("calm", deadline=None)  # no test asserts a time; machines are shared
settings.load_profile("calm")
