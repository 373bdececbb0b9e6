"""What can go wrong between a host and a board."""


class LinkError(Exception):
    """Any of the errors below."""


class Closed(LinkError):
    """The port cannot be opened, went away, or the board was closed."""


class Silent(LinkError):
    """Nothing answers, however often it is asked."""


class WrongDevice(LinkError):
    """What answers is no spinfire core, or another one than expected."""


class Refused(LinkError):
    """The request makes no sense to the core."""


class NotLoaded(LinkError):
    """The weights in the core are half loaded, or damaged: it takes no image."""


class Unreliable(LinkError):
    """The line damages so much that nothing gets through."""
