/** What a shell must know to complete spinfire's commands, as a script in its own language. */
import type { Command } from '../command.ts';
import { groupSummaries } from '../program.ts';
import { bashCompletion } from './bash.ts';
import { completedCommands } from './facts.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  const completed = completedCommands(commands);
  switch (shell) {
    case 'bash':
      return bashCompletion(completed);
    case 'zsh':
      return zshCompletion(completed, groupSummaries);
    case 'fish':
      return fishCompletion(completed, groupSummaries);
  }
}
