"""`python -m reliefsim` is the command `reliefsim`."""

from .cli import main

if __name__ == "__main__":
    main()
