"""One kind of error for all that a user can mend: what was found, what was expected, how to mend it."""


class TrainingError(Exception):
    """A message for the user; the command line prints it without a traceback and ends with 2."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend
