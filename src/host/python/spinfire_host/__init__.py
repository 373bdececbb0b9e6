"""Talks to a spinfire core on a board over a serial line (docs/link.md)."""

from .client import Answer, Board, Counters, Identity
from .errors import Closed, LinkError, NotLoaded, Refused, Silent, Unreliable, WrongDevice

__all__ = [
    "Answer",
    "Board",
    "Closed",
    "Counters",
    "Identity",
    "LinkError",
    "NotLoaded",
    "Refused",
    "Silent",
    "Unreliable",
    "WrongDevice",
]
