"""A core on a board: asks, classifies, and is not led astray by a bad line."""

from __future__ import annotations

import json
import struct
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import serial

from . import protocol as p
from .errors import Closed, NotLoaded, Refused, Silent, Unreliable, WrongDevice
from .frames import Decoder, Response, request

_IMAGE_MASK = 2**24 - 1
_OK = p.STATUS_OK
# With these the CRC was right: the request itself is at fault.
_REFUSALS = (p.STATUS_VERSION, p.STATUS_COMMAND, p.STATUS_LENGTH)


@dataclass(frozen=True)
class Identity:
    core_hash: int
    clock_hz: int
    board: str
    pixels: int
    classes: int
    max_time_steps: int
    credits: int


@dataclass(frozen=True)
class Counters:
    image: int
    dropped: int
    line_errors: int
    bad_frames: int
    alarms: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """`image` is its place in the random streams: the golden model gives the same scores for it."""

    image: int
    scores: npt.NDArray[np.int32]
    class_index: int
    margin: int
    abstains: bool
    steps_used: int


@dataclass
class _Sent:
    image: int
    pixels: bytes
    sequence: int
    accepted: bool = False


def _stranger(response: Response) -> str:
    """A refusal of what this client has not asked."""
    status = p.STATUS_NAMES[response.status]
    return f"the core says {status} to a request of sequence {response.sequence}, which this client did not send; does another program use the port?"


def _blocks(rows: Sequence[Sequence[int]], stride: int) -> Iterator[tuple[int, list[int]]]:
    """A memory by the block, with its address: whole words, or of a word that is wider than a block a part.

    The core keeps the parts of a word until its last has come, so that a block that is sent again must not begin with the end of one and go on with the next.
    """
    for first in range(0, len(rows), max(1, p.BLOCK_WORDS // stride)):
        words = rows[first : first + max(1, p.BLOCK_WORDS // stride)]
        values = [value for parts in words for value in [*parts, *[0] * (stride - len(parts))]]
        values = values[: len(values) - stride + len(words[-1])]
        for part in range(0, len(values), p.BLOCK_WORDS):
            yield first * stride + part, values[part : part + p.BLOCK_WORDS]


class _Hiccup(Exception):
    """Something that sending again mends."""


class Board:
    """A core behind a serial port. Use as a context manager, or call `close`."""

    def __init__(
        self,
        port: str,
        baud: int = 1_000_000,
        timeout: float = 2.0,
        retries: int = 8,
        core_hash: Optional[int] = None,
        board: Optional[str] = None,
    ) -> None:
        self._port_name, self._baud, self._timeout, self._retries = port, baud, timeout, retries
        self._wanted, self._wanted_board = core_hash, board
        self._sequence = 0
        self._arrivals: deque[Optional[Response]] = deque()
        self._decoder = Decoder()
        self._received = 0
        self.recoveries = 0
        self._port: Any = self._open()
        try:
            self._settle()
            self.identity = self._identify()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Board:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._port.close()

    def read(self, address: int, count: int = 1) -> tuple[int, ...]:
        """`count` registers from a word address on."""
        return self._registers(self._ask(p.COMMAND_READ, struct.pack("<HI", address, count)), count)

    def write(self, address: int, value: int) -> None:
        """Sent again when the line fails: a register must not mind being written twice."""
        self._ask(p.COMMAND_WRITE, struct.pack("<HI", address, value & 0xFFFFFFFF))

    def write_block(self, address: int, values: Sequence[int]) -> None:
        """Registers from a word address on, 1 to 64 at once, all or none; for cores built with `--monitors load`."""
        words = [value & 0xFFFFFFFF for value in values]
        self._ask(p.COMMAND_BLOCK, struct.pack(f"<H{len(words)}I", address, *words))

    def counters(self) -> Counters:
        first = p.REGISTER_IMAGE
        words = self.read(first, p.REGISTER_BAD_FRAMES - first + 1)
        alarms = words[p.REGISTER_ALARMS - first]
        return Counters(
            image=words[0],
            dropped=words[p.REGISTER_DROPPED - first],
            line_errors=words[p.REGISTER_LINE_ERRORS - first],
            bad_frames=words[p.REGISTER_BAD_FRAMES - first],
            alarms=tuple(text for bit, text in p.ALARM_TEXTS.items() if alarms & bit),
        )

    def seek(self, image: int = 0) -> None:
        """Throws away what is in the core; the next image has this number. 0 is the soft reset."""
        self._seek(image, may_be_closed=False)

    def load(self, file: str | Path) -> None:
        """Puts the weights of a file of `spinfire load --output` into the core, which takes no image until its checksums are right."""
        weights = json.loads(Path(file).read_text())
        if weights["coreHash"] != self.identity.core_hash:
            raise Refused(f"the weights are for core {weights['coreHash']:08x}, not {self.identity.core_hash:08x}")
        for _ in range(self._retries + 1):
            self._take_memories()
            for memory in weights["memories"]:
                self.write(p.REGISTER_MEMORY, memory["index"])
                self.write(p.REGISTER_EXPECTED, memory["checksum"])
                for at, values in _blocks(memory["words"], memory["stride"]):
                    page, offset = divmod(at, p.MEMORY_PAGE_WORDS)
                    # The first page is there since MEMORY was written.
                    if page > 0 and offset == 0:
                        self.write(p.REGISTER_MEMORY_PAGE, page)
                    self.write_block(p.REGISTER_MEMORY_WORDS + offset, values)
            kept = self.read(p.REGISTER_LOAD)[0] & p.LOAD_LOADING
            self.write(p.REGISTER_LOAD, 0)
            if kept:
                self._opened()
                return
            # The board has started anew meanwhile, and taken only the last words.
            self.recoveries += 1
        raise Unreliable("the board starts anew while weights are loaded")

    def _take_memories(self) -> None:
        self._seek(0, may_be_closed=True)
        self.write(p.REGISTER_LOAD, 1)
        end = time.monotonic() + self._timeout
        while not self.read(p.REGISTER_LOAD)[0] & p.LOAD_LOADING:
            if time.monotonic() > end:
                raise Refused("the core does not give its memories; was it built with --monitors load?")

    def _opened(self) -> None:
        end = time.monotonic() + 10
        while True:
            wrong, load = self.read(p.REGISTER_WRONG_MEMORIES, 2)
            if not load & p.LOAD_CLOSED:
                return
            if wrong or load & p.LOAD_LOADING or time.monotonic() > end:
                found = f"wrong checksums, a bit for each memory: {wrong:#x}" if wrong else "they are being loaded"
                raise NotLoaded(f"the core takes no image: its weights are not whole ({found}); load them again")

    def _seek(self, image: int, may_be_closed: bool) -> None:
        self.write(p.REGISTER_IMAGE, image)
        end = time.monotonic() + 120
        while state := self.read(p.REGISTER_SEEKING)[0]:
            if state == p.LOAD_CLOSED:
                if not may_be_closed:
                    self._opened()
                return
            if time.monotonic() > end:
                raise WrongDevice(f"the core does not arrive at image {image}")
            time.sleep(0.005)

    def classify_one(self, pixels: npt.ArrayLike, **options: Any) -> Answer:
        return next(iter(self.classify([pixels], **options)))

    def classify(
        self,
        images: Iterable[npt.ArrayLike],
        time_steps: Optional[int] = None,
        exit_margin: Optional[int] = None,
        first_image: Optional[int] = None,
        abstain_below: int = 0,
        registers: Optional[Mapping[int, int]] = None,
    ) -> Iterator[Answer]:
        """Images (uint8, any shape of the right size) in a row; answers in their order, each under the number of a perfect line.

        `registers`: word address -> value, of the core's own. Like time steps and margin they are written before the first image, and again
        whenever the core has begun anew: after a reset, an interruption, power.
        """
        settings = [(p.REGISTER_ALARMS, p.ALARM_RESTARTED)]
        if time_steps is not None:
            settings.append((p.REGISTER_TIME_STEPS, time_steps))
        if exit_margin is not None:
            settings.append((p.REGISTER_EXIT_MARGIN, exit_margin))
        settings += (registers or {}).items()
        first = self.read(p.REGISTER_IMAGE)[0] if first_image is None else first_image
        self._restart(None if first_image is None else first, settings)
        source = iter(images)
        window: list[_Sent] = []
        number, more, failures = first, True, 0
        while more or window:
            try:
                while more and len(window) < self.identity.credits:
                    item = next(source, None)
                    if item is None:
                        more = False
                        break
                    pixels = np.ascontiguousarray(item, dtype=np.uint8).tobytes()
                    if len(pixels) != self.identity.pixels:
                        raise Refused(f"an image of {len(pixels)} pixels, the core wants {self.identity.pixels}")
                    sent = _Sent(number, pixels, self._next())
                    number = (number + 1) & _IMAGE_MASK
                    window.append(sent)
                    self._send(sent.sequence, p.COMMAND_CLASSIFY, pixels)
                if not window:
                    break
                words = self._await(window)
                window.pop(0)
                failures = 0
                yield self._answer(words, abstain_below)
            except (_Hiccup, Closed) as problem:
                failures += 1
                self.recoveries += 1
                if failures > self._retries:
                    raise Unreliable(f"{failures} tries in a row failed: {problem}") from None
                self._resume(window, settings)

    def _answer(self, words: tuple[int, ...], abstain_below: int) -> Answer:
        scores = np.array(words[1:-1], dtype=np.uint32).view(np.int32)
        ranked = np.sort(scores)
        margin = int(ranked[-1]) - int(ranked[-2]) if len(ranked) > 1 else 0
        last = words[-1]
        return Answer(words[0], scores, last & 0xFFFF, margin, margin < abstain_below or last >> 31 == 1, last >> 16 & 0x7FFF)

    def _await(self, window: list[_Sent]) -> tuple[int, ...]:
        end = time.monotonic() + self._timeout
        while True:
            response = self._arrival(end)
            if response.alarms & p.ALARM_RESTARTED:
                raise _Hiccup("the board has started anew")
            if response.status != _OK:
                if response.status in _REFUSALS:
                    if any(sent.sequence == response.sequence for sent in window):
                        raise Refused(p.STATUS_TEXTS[response.status])
                    raise _Hiccup(_stranger(response))
                raise _Hiccup(p.STATUS_TEXTS[response.status])
            if response.command == p.COMMAND_ANSWER:
                oldest = window[0]
                if not oldest.accepted or response.words[0] != oldest.image:
                    raise _Hiccup("an answer for another image")
                if len(response.words) != self.identity.classes + 2:
                    raise _Hiccup("an answer of another length")
                return response.words
            sent = next((entry for entry in window if not entry.accepted), None)
            if sent is None or response.sequence != sent.sequence or response.words[:1] != (sent.image,):
                raise _Hiccup("an image has another number")
            sent.accepted = True

    def _resume(self, window: list[_Sent], settings: list[tuple[int, int]]) -> None:
        for attempt in range(self._retries):
            try:
                self._settle()
                self._restart(window[0].image, settings)
                for sent in window:
                    sent.sequence, sent.accepted = self._next(), False
                    self._send(sent.sequence, p.COMMAND_CLASSIFY, sent.pixels)
                return
            except (Closed, Silent, Unreliable):
                if attempt + 1 == self._retries:
                    raise
                time.sleep(min(1.0, 0.05 * 2**attempt))
                self._reopen()

    def _restart(self, image: Optional[int], settings: list[tuple[int, int]]) -> None:
        if image is not None:
            self.seek(image)
        for address, value in settings:
            self.write(address, value)

    def _identify(self) -> Identity:
        first = p.REGISTER_LINK_ID
        count = p.REGISTER_CREDITS - first + 1
        words = self._words_of(first, count)
        if words[0] != p.LINK_ID_VALUE:
            raise WrongDevice(f"the other end has the table of registers {words[0]:08x}, not {p.LINK_ID_VALUE:08x}")
        core_hash, clock_hz, *shape = words[1:]
        letters = struct.pack(f"<{p.BOARD_WORDS}I", *self._words_of(p.REGISTER_BOARD, p.BOARD_WORDS))
        found = Identity(core_hash, clock_hz, letters.split(b"\0")[0].decode("ascii", "replace"), *shape)
        if self._wanted is not None and found.core_hash != self._wanted:
            raise WrongDevice(f"core {found.core_hash:08x} is on the board, not {self._wanted:08x}")
        if self._wanted_board is not None and found.board != self._wanted_board:
            raise WrongDevice(f"board {found.board} answers, or a bitstream for it, not {self._wanted_board}")
        self._wanted, self._wanted_board = found.core_hash, found.board
        return found

    def _words_of(self, first: int, count: int) -> tuple[int, ...]:
        return self._registers(self._exchange(p.COMMAND_READ, struct.pack("<HI", first, count)), count)

    @staticmethod
    def _registers(response: Response, count: int) -> tuple[int, ...]:
        if len(response.words) != count:
            raise WrongDevice(f"the core read {len(response.words)} registers, not {count}")
        return response.words

    def _ask(self, command: int, payload: bytes) -> Response:
        for attempt in range(self._retries):
            try:
                return self._exchange(command, payload)
            except Closed:
                if attempt + 1 == self._retries:
                    raise
                self.recoveries += 1
                time.sleep(min(1.0, 0.05 * 2**attempt))
                self._reopen()
        raise Closed("the port went away")

    def _exchange(self, command: int, payload: bytes) -> Response:
        heard = ""
        for attempt in range(self._retries + 1):
            if attempt > 0:
                # Sent on top of another it would be an overrun of its own, whose report would ask for one more, and so on.
                heard = self._settle() or heard
            sequence = self._next()
            self._send(sequence, command, payload)
            end = time.monotonic() + self._timeout
            while True:
                try:
                    response = self._arrival(end)
                except _Hiccup as problem:
                    if time.monotonic() >= end:
                        break
                    heard = str(problem)
                    continue
                ours = response.sequence == sequence and response.command == command
                if response.status == _OK:
                    if ours:
                        return response
                elif response.status not in _REFUSALS:
                    heard = p.STATUS_TEXTS[response.status]
                    break
                elif ours:
                    raise Refused(p.STATUS_TEXTS[response.status])
                else:
                    heard = _stranger(response)
            self.recoveries += 1
        if self._decoder.other_version:
            raise WrongDevice(f"the core speaks another version of the protocol, not {p.PROTOCOL_VERSION}; use the host program that made the bitstream")
        if heard:
            raise Unreliable(heard)
        got = "no byte at all" if self._received == 0 else f"{self._received} bytes that are no frames"
        raise Silent(f"nothing answers at {self._port_name}: {got}; right port, baud rate, bitstream?")

    def _arrival(self, end: float) -> Response:
        while not self._arrivals:
            left = end - time.monotonic()
            if left <= 0:
                raise _Hiccup("nothing came")
            try:
                self._port.timeout = min(left, 0.05)
                data = self._port.read(max(1, self._port.in_waiting))
            except (serial.SerialException, OSError, TypeError) as problem:
                raise Closed(f"{self._port_name}: {problem}") from None
            self._received += len(data)
            self._arrivals.extend(self._decoder.feed(data))
        response = self._arrivals.popleft()
        if response is None:
            raise _Hiccup("a damaged response")
        return response

    def _settle(self) -> str:
        """A flag ends whatever frame the core thinks it is in; then the line must be quiet. What came last before that."""
        self._write(bytes([p.FLAG, p.FLAG]))
        end = time.monotonic() + 1
        heard = ""
        while time.monotonic() < end:
            try:
                heard = f"the core says {p.STATUS_NAMES[self._arrival(time.monotonic() + 0.02).status]}"
            except _Hiccup as problem:
                if str(problem) == "nothing came":
                    break
                heard = str(problem)
        self._decoder.reset()
        return heard

    def _send(self, sequence: int, command: int, payload: bytes) -> None:
        self._write(request(sequence, command, payload))

    def _write(self, data: bytes) -> None:
        try:
            self._port.write_timeout = self._timeout + len(data) * 20 / self._baud
            self._port.write(data)
        except (serial.SerialException, OSError, TypeError) as problem:
            raise Closed(f"{self._port_name}: {problem}") from None

    def _open(self) -> Any:
        try:
            return serial.serial_for_url(self._port_name, self._baud, timeout=0.05)
        except (serial.SerialException, OSError) as problem:
            raise Closed(f"{self._port_name}: {problem}") from None

    def _reopen(self) -> None:
        self._port.close()
        self._arrivals.clear()
        self._decoder.reset()
        try:
            self._port = self._open()
            self._settle()
            self._identify()
        except (Closed, Silent, Unreliable):
            # Whoever asks next finds out, and tries again.
            return

    def _next(self) -> int:
        self._sequence = (self._sequence + 1) & 0xFF
        return self._sequence
