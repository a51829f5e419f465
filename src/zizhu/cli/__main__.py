"""`python -m zizhu.cli` is `zizhu`."""

from zizhu.cli import main

if __name__ == "__main__":
    main()
