import { constants } from 'node:os';
import { run } from './commands/program.ts';
import { errorMessage, UserError } from './lib/errors.ts';

/** The first signal (SIGHUP: the terminal was closed) asks the command to end cleanly; a second one does not wait. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(128 + constants.signals[name]);
    controller.abort(name);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return controller.signal;
}

/** Output that nobody reads any more (`plimsoll ... | head`) ends the command quietly, as it does for other tools. */
function endOnBrokenOutput(): void {
  const end = ({ code }: NodeJS.ErrnoException, tell: () => void): never => {
    if (code === 'EPIPE') process.exit(0);
    tell();
    process.exit(1);
  };
  process.stderr.on('error', (error: NodeJS.ErrnoException) => end(error, () => undefined)); // There is nowhere left to tell it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    end(error, () => process.stderr.write(`plimsoll: cannot write the results: ${error.message}\n`)),
  );
}

function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`plimsoll: ${error.message}\n`);
    return error.exitCode;
  }
  const detail =
    process.env.PLIMSOLL_DEBUG === undefined ? '' : `\n${error instanceof Error ? (error.stack ?? '') : ''}`;
  process.stderr.write(
    `plimsoll: unexpected error: ${errorMessage(error)} (PLIMSOLL_DEBUG=1 shows where)${detail}\n`,
  );
  return 1;
}

endOnBrokenOutput();
process.on('uncaughtException', (error) => process.exit(report(error)));
process.on('unhandledRejection', (error) => process.exit(report(error)));
const exitHooks: (() => void)[] = [];
process.on('exit', () => exitHooks.forEach((hook) => hook()));

try {
  process.exitCode = await run(process.argv.slice(2), {
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interruptSignal(),
    onExit: (hook) => exitHooks.push(hook),
  });
} catch (error) {
  process.exitCode = report(error);
}
// A forgotten timer must not keep a finished command alive; output that is still in a pipe is written first.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
);
process.exit();
