"""How much memory a process held; nothing here may import what is measured."""

from __future__ import annotations

import platform
import resource
from pathlib import Path


def peak_memory() -> int:
    """Bytes that this process held at its peak.

    On Linux `ru_maxrss` also remembers the process that started this one, so the high-water mark
    of the address space is read where there is one.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
