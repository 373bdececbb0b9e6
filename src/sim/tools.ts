/** The external programs of this room, passed in so that a test can bring its own. */
import { writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { checkFailed, missingTool } from '../errors/index.ts';

export type SimulatorTool = 'verilator' | 'make' | 'iverilog' | 'vvp';

export interface FoundSimulator {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Tools {
  find(name: SimulatorTool): Promise<FoundSimulator>;
  /** Runs to the end; throws SpinfireError when it fails. */
  run(tool: FoundSimulator, args: readonly string[], options: RunOptions): Promise<{ readonly stdout: string }>;
}

/** Programs found on PATH. */
export function systemTools(env: Readonly<Record<string, string | undefined>>): Tools {
  return {
    async find(name) {
      const explicit = env[`SPINFIRE_${name.toUpperCase()}`];
      const command = explicit ?? name;
      const args = name === 'iverilog' || name === 'vvp' ? ['-V'] : ['--version'];
      const result = await execa(command, args, { reject: false, env });
      const version = /(\d+\.\d+\S*)/.exec(result.stdout ?? '')?.[1];
      if (version === undefined)
        throw missingTool(`${name} is not installed`, {
          help: `apt-get install ${name === 'vvp' ? 'iverilog' : name}`,
        });
      return { command, args: [], version };
    },
    async run(tool, args, options) {
      const result = await execa(tool.command, [...tool.args, ...args], {
        cwd: options.cwd,
        reject: false,
        all: true,
        env,
        ...(options.signal ? { cancelSignal: options.signal } : {}),
      });
      await writeFile(options.logFile, result.all ?? '');
      if (result.failed) {
        const error = (result.all ?? '').split('\n').find((line) => /error/i.test(line));
        throw checkFailed(`${tool.command} failed`, {
          found: error ?? result.shortMessage ?? `exit code ${result.exitCode}`,
          where: options.logFile,
        });
      }
      return { stdout: result.stdout };
    },
  };
}
