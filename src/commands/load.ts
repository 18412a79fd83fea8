import { Command } from 'commander';
import { UserError } from '../lib/errors.ts';
import { rampProfile } from '../load/profile.ts';
import { loadDefaults, loadExitCode, type LoadOptions, runLoad } from '../load/run-load.ts';
import { LiveView } from '../report/live-view.ts';
import type { LoadProgress } from '../report/load-result.ts';
import { renderLoadSummary } from '../report/load-summary.ts';
import { loadUpdate } from '../report/load-view.ts';
import { count, durationOption, number, outputOption, positiveDuration } from './flags.ts';
import { type Io, viewOptions } from './io.ts';

/** More than the widest terminal shows. */
const shownIntervals = 300;

interface LoadFlags {
  readonly rate: number;
  readonly duration: number;
  readonly ramp: number;
  readonly connections: number;
  readonly timeout: number;
  readonly podHeader: string;
  readonly allowRemote: boolean;
  readonly output: 'text' | 'json';
}

export function loadCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('load')
    .description(
      'Send requests at a stated total rate, open loop; latency counts from the intended start of each request',
    )
    .argument('<url>', 'where to, such as http://127.0.0.1:8080/')
    .requiredOption('--rate <n>', 'requests per second in all, not per connection', rate)
    .addOption(
      durationOption(
        '--duration <duration>',
        'length of the run, the ramp included',
        30_000,
        positiveDuration,
      ),
    )
    .addOption(durationOption('--ramp <duration>', 'time to go from 0 to the rate in a straight line', 0))
    .option(
      '--connections <n>',
      'connections kept at most; each is replaced after a while, so that new pods get some',
      count,
      loadDefaults.connections,
    )
    .addOption(
      durationOption(
        '--timeout <duration>',
        'a request that took longer has failed',
        loadDefaults.timeoutMs,
        positiveDuration,
      ),
    )
    .option('--pod-header <name>', 'response header that names the pod', loadDefaults.podHeader)
    .option('--allow-remote', 'allow a target that is not a loopback address', false)
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Exit code: 0 if any request succeeded, 1 if none did, 2 if the target cannot be reached at the start.

Example:
  plimsoll load http://127.0.0.1:8080/ --rate 50 --ramp 10s --duration 1m`,
    )
    .action(async (text: string, flags: LoadFlags) => done(await runLoadCommand(text, flags, io)));
}

function rate(text: string): number {
  return number(text, {
    min: 0.001,
    max: 1_000_000,
    what: 'a number of requests per second above 0, up to 1000000',
  });
}

async function runLoadCommand(text: string, flags: LoadFlags, io: Io): Promise<number> {
  if (flags.ramp > flags.duration)
    throw new UserError('--ramp is longer than --duration; the ramp is part of the duration');
  const view = new LiveView(io.stderr);
  const history: LoadProgress[] = [];
  const onProgress = (progress: LoadProgress): void => {
    history.push(progress);
    if (history.length > shownIntervals) history.shift();
    view.update(loadUpdate(history, viewOptions(io.stderr, io)));
  };
  try {
    const result = await runLoad(loadOptions(text, flags), { signal: io.signal, onProgress });
    view.stop();
    const lines =
      flags.output === 'json'
        ? [JSON.stringify(result)]
        : renderLoadSummary(result, viewOptions(io.stdout, io));
    io.stdout.write(`${lines.join('\n')}\n`);
    return io.signal.aborted ? 130 : loadExitCode(result);
  } finally {
    view.stop();
  }
}

function loadOptions(text: string, flags: LoadFlags): LoadOptions {
  const { rate: ratePerSecond, duration: durationMs, ramp: rampMs } = flags;
  return {
    url: target(text),
    profile: rampProfile({ ratePerSecond, durationMs, rampMs }),
    connections: flags.connections,
    timeoutMs: flags.timeout,
    podHeader: flags.podHeader,
    allowRemote: flags.allowRemote,
  };
}

function target(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new UserError(`URL ${text}: not a URL; give one such as http://127.0.0.1:8080/`);
  return url;
}
