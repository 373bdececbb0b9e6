/** Which board a command is for: one that is known, or a person's own. */
import { resolve } from 'node:path';
import { badInput } from '../errors/index.ts';
import { type Board, boardNames, knownBoard, readBoard } from '../flow/index.ts';
import { oneOf, text, wholeNumber } from './options.ts';

const list = (names: readonly string[]) => ({
  argument: 'board',
  type: oneOf(names),
  help: names.join(', '),
});

export const boardFileOption = {
  argument: 'file',
  type: text,
  help: 'a board of your own: its board.json; FILE:PART where it comes with several parts',
} as const;

/** Undefined where none is named. @throws badInput where two are */
export function answeringBoard(
  named: { readonly board?: string | undefined; readonly boardFile?: string | undefined },
  cwd: string,
): Board | undefined {
  return named.board === undefined && named.boardFile === undefined ? undefined : chosenBoard(named, cwd);
}

/** For commands that talk to a board at a port: how fast, and which one must answer. */
export const answeringBoardOptions = {
  baud: {
    argument: 'B',
    type: wholeNumber(300, 12_000_000),
    help: 'bits a second of that port',
    usual: 'that of --board, or 1000000',
  },
  board: {
    ...list(boardNames),
    help: 'the board at the port, which gives the usual baud rate; another one is refused',
  },
  boardFile: boardFileOption,
} as const;

/** For commands that work on every board. */
export const boardOptions = { board: list(boardNames), boardFile: boardFileOption } as const;

/** @throws badInput unless one of the two is given */
export function chosenBoard(
  { board, boardFile }: { readonly board?: string | undefined; readonly boardFile?: string | undefined },
  cwd: string,
): Board {
  if ((board === undefined) === (boardFile === undefined))
    throw badInput(board === undefined ? 'no board is named' : 'two boards are named', {
      expected: '--board NAME or --board-file FILE',
      help: `boards: ${boardNames.join(', ')}`,
    });
  return boardFile === undefined ? knownBoard(board!) : readBoard(resolve(cwd, boardFile));
}
