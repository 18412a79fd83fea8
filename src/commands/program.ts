import { Command, CommanderError } from 'commander';
import { packageInfo } from './assets.ts';
import { autoscaleCommand } from './autoscale.ts';
import { clusterCommand } from './cluster.ts';
import { completionCommands } from './completion.ts';
import { convertCommand } from './convert.ts';
import { demoCommand } from './demo.ts';
import { explainCommand } from './explain.ts';
import type { Io } from './io.ts';
import { loadCommand } from './load.ts';
import { operatorCommand, operatorFlagAliases } from './operator.ts';
import { replayCommand } from './replay.ts';
import { simulateCommand } from './simulate.ts';
import { handbackCommand, takeoverCommand } from './takeover.ts';
import { watchCommand } from './watch.ts';

type MakeCommand = (io: Io, done: (exitCode: number) => void) => Command;

/** In the order of the help. */
const commands: readonly MakeCommand[] = [
  demoCommand,
  clusterCommand,
  operatorCommand,
  loadCommand,
  watchCommand,
  explainCommand,
  autoscaleCommand,
  replayCommand,
  simulateCommand,
  convertCommand,
  takeoverCommand,
  handbackCommand,
];

/**
 * Parses argv and runs the command that it names.
 * @returns the process's exit code: 0 only when the command did what it says, 2 for wrong usage
 * @throws UserError for a mistake that one line explains
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const about = await packageInfo();
  const program = (): Command =>
    createProgram(about, io, (code) => {
      exitCode = code;
    });
  const whole = program();
  const { visible, hidden } = completionCommands(io, program);
  whole.addCommand(visible.copyInheritedSettings(whole));
  whole.addCommand(hidden.copyInheritedSettings(whole), { hidden: true });
  try {
    await whole.parseAsync(spellOut(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

/** All commands but those that complete them. */
function createProgram(
  about: { readonly description: string; readonly version: string },
  io: Io,
  done: (exitCode: number) => void,
): Command {
  const program = new Command('plimsoll')
    .description(about.description)
    .version(about.version, '-V, --version')
    .helpCommand(true)
    .configureHelp({ minWidthToWrap: 30 })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`plimsoll: ${oneLine(text)}; --help lists what is allowed\n`),
    });
  for (const command of commands) program.addCommand(command(io, done).copyInheritedSettings(program));
  return program;
}

/** Commander's `error: ...` and its suggestion, as one line. */
function oneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replace(/\.?\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}

/** The HPA controller's long flag names are aliases of ours. */
function spellOut(argv: readonly string[]): string[] {
  return argv.map((word) => {
    const [flag = '', ...rest] = word.split('=');
    const ours = operatorFlagAliases[flag];
    return ours === undefined ? word : [ours, ...rest].join('=');
  });
}
