"""Requests to bytes, bytes to responses. Knows nothing of ports."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Optional

from . import protocol as p


_table = [0] * 256
for _byte in range(256):
    _rest = _byte
    for _ in range(8):
        _rest = (_rest >> 1) ^ (p.CRC_POLYNOMIAL if _rest & 1 else 0)
    _table[_byte] = _rest


def crc(data: bytes) -> int:
    """The CRC's register after these bytes."""
    register = p.CRC_INITIAL
    for byte in data:
        register = (register >> 8) ^ _table[(register ^ byte) & 0xFF]
    return register


def request(sequence: int, command: int, payload: bytes) -> bytes:
    """A request as it goes over the line."""
    head = struct.pack("<BBB", p.PROTOCOL_VERSION, sequence & 0xFF, command) + len(payload).to_bytes(3, "little")
    body = head + payload
    body += struct.pack("<H", crc(body) ^ p.CRC_XOR_OUT)
    out = bytearray([p.FLAG])
    for byte in body:
        if byte in (p.FLAG, p.ESCAPE):
            out += bytes([p.ESCAPE, byte ^ p.ESCAPE_XOR])
        else:
            out.append(byte)
    out.append(p.FLAG)
    return bytes(out)


@dataclass(frozen=True)
class Response:
    sequence: int
    command: int
    status: int
    pending: int
    alarms: int
    words: tuple[int, ...]


class Decoder:
    """Finds frames in what a core sends: a response, or None for one that was damaged."""

    def __init__(self) -> None:
        self._frame = bytearray()
        self._escaped = False
        # A whole frame of another version of the protocol has come.
        self.other_version = False

    def reset(self) -> None:
        self._frame = bytearray()
        self._escaped = False

    def feed(self, data: bytes) -> list[Optional[Response]]:
        found: list[Optional[Response]] = []
        for byte in data:
            if byte == p.FLAG:
                frame, cut = bytes(self._frame), self._escaped
                self.reset()
                if frame or cut:
                    found.append(None if cut else self._read(frame))
            elif byte == p.ESCAPE and not self._escaped:
                self._escaped = True
            else:
                self._frame.append(byte ^ p.ESCAPE_XOR if self._escaped else byte)
                self._escaped = False
                if len(self._frame) > 66_000:
                    del self._frame[1:]
        return found

    def _read(self, frame: bytes) -> Optional[Response]:
        if len(frame) < 10 or crc(frame) != p.CRC_RESIDUE:
            return None
        version, sequence, command, status, length, pending, alarms = struct.unpack_from("<BBBBHBB", frame)
        payload = frame[8:-2]
        if version != 0x80 + p.PROTOCOL_VERSION:
            self.other_version = True
            return None
        if status not in p.STATUS_NAMES or length != len(payload) or length % 4:
            return None
        return Response(sequence, command, status, pending, alarms, struct.unpack(f"<{length // 4}I", payload))
