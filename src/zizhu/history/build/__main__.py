"""`python -m zizhu.history.build DATA`."""

import sys

from zizhu.history.build import build

if len(sys.argv) != 2:
    sys.exit("usage: python -m zizhu.history.build DATA")
for file in build(sys.argv[1]):
    sys.stdout.write(f"{file}\n")
