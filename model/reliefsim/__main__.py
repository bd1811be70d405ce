"""`python -m reliefsim` is the command `reliefsim`."""

import logging
import os
import sys
import warnings

from .cli.main import main


def command() -> None:
    """The command line: what libraries warn of is not for users; developers ask for it (``python -W always``)."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        os.environ["PYTHONWARNINGS"] = "ignore"  # in processes that this one starts, too
        logging.getLogger().addHandler(logging.NullHandler())
    main()


if __name__ == "__main__":
    command()
