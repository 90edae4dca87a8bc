"""What a worker loads: importing this registers every job with the queue."""

import importlib
import pkgutil
from pathlib import Path

_NO_JOBS = {"worker", "schedule", "context"}

for _file in pkgutil.iter_modules([str(Path(__file__).parent)]):
    if _file.name not in _NO_JOBS:
        importlib.import_module(f"tasks.{_file.name}")
