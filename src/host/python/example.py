"""Digits through a board: python3 example.py /dev/ttyUSB1 images.idx"""

# %% Open the board; what it says of itself.
import sys

import numpy as np
from spinfire_host import Board

with Board(sys.argv[1], baud=int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000) as board:
    print(board.identity)
    # %% Images as uint8, one row of pixels each.
    images = np.fromfile(sys.argv[2], dtype=np.uint8)[16:].reshape(-1, board.identity.pixels)
    # %% Classify; an answer whose best score leads by less than 200 abstains.
    for answer in board.classify(images, first_image=0, abstain_below=200):
        print(answer.image, answer.class_index, "abstains" if answer.abstains else answer.margin, *answer.scores)
    # %% What went on.
    print(board.counters())
