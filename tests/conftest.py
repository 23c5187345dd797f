"""Put the helpers of the tests (toys, oracles, facts of the sample data) on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
