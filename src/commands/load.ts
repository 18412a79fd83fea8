import { Command, Option } from 'commander';
import { arch, cpus, platform } from 'node:os';
import { formatDuration } from '../lib/duration.ts';
import { hostOf } from '../load/address.ts';
import { expectationNames } from '../load/expectations.ts';
import { loadDefaults } from '../load/load-options.ts';
import { formatRotation } from '../load/rotation.ts';
import { loadExitCode, runLoad } from '../load/run-load.ts';
import { withoutSecrets } from '../load/secrets.ts';
import { LiveView } from '../report/live-view.ts';
import { renderLoadReport } from '../report/html/page.ts';
import { renderLoadCsv } from '../report/load-csv.ts';
import type { LoadProgress, LoadResult } from '../report/load-result.ts';
import { renderLoadSummary } from '../report/load-summary.ts';
import { loadUpdate } from '../report/load-view.ts';
import { packageInfo } from './assets.ts';
import { count, durationOption, number, positiveDuration } from './flags.ts';
import { type Io, viewOptions } from './io.ts';
import { isUnsaid, type LoadFlags, loadOptions, unsaidPerSecond, wantsCluster } from './load/options.ts';
import { isServiceOfOwnCluster, systemNames } from './load/own-cluster.ts';
import type { ClusterWatch } from './load/watch-cluster.ts';
import { profileFlagHelp } from './profile-flag.ts';
import { checkReport, reportOption, writeReport } from './report-file.ts';

/** More than the widest terminal shows. */
const shownIntervals = 300;

export function loadCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('load').description(
    'Send requests at a stated total rate, open loop; latency counts from the intended start of each request',
  );
  for (const option of [...loadFlags(), ...requestFlags(), ...clusterFlags(), ...resultFlags()])
    command.addOption(option);
  return command
    .argument('<url>', 'where to, such as http://127.0.0.1:8080/')
    .addHelpText('after', helpText)
    .action(async (text: string, flags: LoadFlags) => done(await runLoadCommand(text, flags, command, io)));
}

const helpText = `
Without a rate or a profile, --connections N is a closed loop: each connection
sends the next request when it has its answer; without any of the three it is
${unsaidPerSecond} requests/s.

--expect takes NAME OPERATOR VALUE, with NAME one of
${columns(expectationNames)}
with < <= > >= =, and times (200ms), shares (0.1%), rates (100/s) or numbers;
or balance=fair.

Exit code: with --expect 0 if all was met, 1 if not, 3 if the generator was too
slow, which makes the result void; without, 0 if any request succeeded, 1 if
none did. 2 for wrong usage or a target that cannot be reached at the start;
130 after Ctrl-C, with the result so far.

Examples:
  plimsoll load http://127.0.0.1:8080/ --rate 50 --ramp 10s --duration 1m \\
    --expect 'p99<200ms' --expect 'errors<0.1%'
  plimsoll load http://127.0.0.1:8080/ \\
    --profile '50/s for 30s, to 400/s over 1m, 400/s for 2m'`;

/** Names in lines that fit 80 columns. */
function columns(names: readonly string[]): string {
  return names
    .join(', ')
    .replaceAll(/(.{1,76})(?: |$)/g, '  $1\n')
    .trimEnd();
}

/** How much, when and on which connections. */
function loadFlags(): Option[] {
  return [
    new Option('--rate <n>', 'requests per second in all, not per connection').argParser(rate),
    durationOption('--duration <duration>', 'length of the run, the ramp included', 30_000, positiveDuration),
    durationOption('--ramp <duration>', 'time to go from 0 to the rate in a straight line', 0),
    new Option('--arrivals <how>', 'requests evenly spaced, or by chance as from many users')
      .choices(['constant', 'poisson'])
      .default('constant'),
    new Option('--profile <text>', profileFlagHelp),
    new Option('--connections <n>', 'connections kept at most')
      .argParser(count)
      .default(loadDefaults.connections),
    new Option(
      '--rotate <when>',
      'replace each connection, so that new pods get some: requests=N, age=TIME (both give or take half), each, on-scale, off',
    ).default(formatRotation(loadDefaults.rotation)),
    new Option('--precise', 'send to a tenth of a millisecond; takes a whole core').default(false),
    new Option('--seed <n>', 'draws arrivals and rotation again as in another run').argParser(seed),
  ];
}

/** What is sent, and where to. */
function requestFlags(): Option[] {
  return [
    new Option('-X, --method <method>', 'GET unless told, POST with --data'),
    new Option('-H, --header <line>', "'Name: value'; may be given several times")
      .argParser(collect)
      .default([], 'none'),
    new Option('-d, --data <text>', 'body of each request, or @FILE'),
    new Option('--cacert <file>', 'trust the authorities in this PEM file instead of the public ones'),
    new Option('-k, --insecure', 'trust any certificate').default(false),
    durationOption(
      '--timeout <duration>',
      'a request that took longer has failed',
      loadDefaults.timeoutMs,
      positiveDuration,
    ),
    new Option(
      '--allow-remote',
      'allow a target that is neither a loopback address nor one of the cluster that is watched or, for a pod, its own',
    ).default(false),
  ];
}

/** Which cluster is watched meanwhile. */
function clusterFlags(): Option[] {
  return [
    new Option(
      '--kubeconfig <file>',
      'watch the autoscaler, its target and its pods in this cluster, on the same time axis',
    ),
    new Option(
      '--autoscaler <name>',
      'the CustomAutoscaler to watch (default: the one of the namespace that scales what answers)',
    ),
    new Option('-n, --namespace <name>', "where to look for it (default: the kubeconfig's, or default)"),
  ];
}

/** What is made of the answers. */
function resultFlags(): Option[] {
  return [
    new Option('--pod-header <name>', 'response header that names the pod').default(loadDefaults.podHeader),
    new Option(
      '--balances <what>',
      'what the target spreads over pods; auto: requests if several pods answer on one connection',
    )
      .choices(['auto', 'connections', 'requests'])
      .default(loadDefaults.balances),
    new Option(
      '--expect <condition>',
      "such as 'p99<200ms', 'errors<0.1%' or balance=fair; may be given several times",
    )
      .argParser(collect)
      .default([], 'none'),
    durationOption(
      '--max-lag <duration>',
      'the result is void when 1 % of the requests were sent later than this by our own fault',
      loadDefaults.maxLagMs,
      positiveDuration,
    ),
    new Option('-o, --output <format>', 'how the result is printed on stdout; csv is the timeline')
      .choices(['text', 'json', 'csv'])
      .default('text'),
    reportOption(),
  ];
}

function rate(text: string): number {
  return number(text, {
    min: 0.001,
    max: 1_000_000,
    what: 'a number of requests per second above 0, up to 1000000',
  });
}

function seed(text: string): number {
  return number(text, { min: 0, max: 2 ** 32 - 1, whole: true, what: 'a whole number from 0 to 4294967295' });
}

function collect(text: string, previous: readonly string[]): string[] {
  return [...previous, text];
}

async function runLoadCommand(text: string, flags: LoadFlags, command: Command, io: Io): Promise<number> {
  const given = (flag: keyof LoadFlags): boolean => command.getOptionValueSource(flag) === 'cli';
  const options = loadOptions(text, flags, given);
  await checkReport(flags.report);
  if (isUnsaid(flags, given)) io.stderr.write(unsaidWords(flags));
  const view = new LiveView(io.stderr);
  const history: LoadProgress[] = [];
  const profile = options.profile === undefined ? {} : { profile: options.profile };
  const onProgress = (progress: LoadProgress): void => {
    history.push(progress);
    if (history.length > shownIntervals) history.shift();
    view.update(loadUpdate(history, { ...viewOptions(io.stderr, io), ...profile, maxLagMs: flags.maxLag }));
  };
  const watchClusterNow = async (): Promise<ClusterWatch | undefined> => {
    if (!wantsCluster(flags)) return undefined;
    const { watchCluster } = await import('./load/watch-cluster.ts'); // Late: it loads the whole API client.
    return watchCluster(flags, options, io.signal);
  };
  await using watch = await watchClusterNow();
  if (watch !== undefined) io.stderr.write(`Watching ${watch.words}.\n`);
  const deps = { signal: io.signal, onProgress, ...(watch === undefined ? {} : { cluster: watch.feed }) };
  const allowRemote =
    options.allowRemote === true ||
    watch?.inCluster === true ||
    (await isServiceOfOwnCluster(hostOf(options.url), systemNames(io.env)));
  try {
    const result = await toRepeat(await runLoad({ ...options, allowRemote }, deps), command, flags);
    view.stop();
    for (const trouble of watch?.troubles() ?? []) io.stderr.write(`Not all may be told: ${trouble}\n`);
    io.stdout.write(`${render(result, flags, io).join('\n')}\n`);
    await writeReport(
      flags.report,
      () => renderLoadReport(result),
      (line) => io.stderr.write(line),
    );
    return loadExitCode(result);
  } finally {
    view.stop();
  }
}

function unsaidWords({ duration }: LoadFlags): string {
  return (
    `${unsaidPerSecond} requests/s for ${formatDuration(duration)}, as nothing says how much load: ` +
    'give --rate N, --profile TEXT or, for a closed loop, --connections N.\n'
  );
}

function render(result: LoadResult, { output }: LoadFlags, io: Io): string[] {
  if (output === 'json') return [JSON.stringify(result)];
  return output === 'csv' ? renderLoadCsv(result) : renderLoadSummary(result, viewOptions(io.stdout, io));
}

/** Adds what only the command knows of how to repeat the run: its own words, with the seed that was drawn, and versions. */
async function toRepeat(result: LoadResult, command: Command, flags: LoadFlags): Promise<LoadResult> {
  const { version } = await packageInfo();
  const [cpu] = cpus();
  const words = withoutSecrets(command.parent?.args ?? []);
  return {
    ...result,
    run: {
      ...result.run,
      command: [
        'plimsoll',
        ...words,
        ...(flags.seed === undefined ? ['--seed', String(result.run.seed)] : []),
      ],
      versions: {
        plimsoll: version,
        node: process.version,
        machine: `${platform()} ${arch()}, ${cpus().length} x ${cpu?.model.trim() ?? 'unknown CPU'}`,
      },
    },
  };
}
