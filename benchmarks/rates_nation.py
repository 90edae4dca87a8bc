"""Time the figures over a nation's class of 12.22 million people: benchmarks/rates.py at its size.

Usage: python benchmarks/rates_nation.py [--folder F] [--instance F] [--laid-out] [--without pandas]

Needs some 40 GB of disk and 10 GB of memory while it runs. With --instance the built database is
kept; a second run with the same instance measures without building. The figures to reach on 2
cores: 1 s for each dimension and a category with it, as of any day; 20 s for any other crossing, or
a past moment.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.rates import main

if __name__ == "__main__":
    main(people=12_220_000, repeats=1)
