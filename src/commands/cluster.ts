import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { errorMessage, UserError } from '../lib/errors.ts';
import { durationOption, keyValue, outputOption, port, positiveDuration } from './flags.ts';
import { imageTable, installedCrds } from './assets.ts';
import { type Io, untilStopped } from './io.ts';

interface ClusterOptions {
  readonly port: number;
  readonly kubeconfig: string;
  readonly image: Readonly<Record<string, string>>;
  readonly metricsWindow: number;
  readonly output: 'text' | 'json';
}

export function clusterCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('cluster')
    .description(
      'Run the dev cluster in the foreground until Ctrl-C: an embedded Kubernetes API whose pods are local processes',
    )
    .option('--port <port>', 'port of the API server on 127.0.0.1; 0 takes a free one', port, 6443)
    .option(
      '--kubeconfig <file>',
      'written anew at each start, never merged into your own',
      './plimsoll.kubeconfig',
    )
    .option(
      '--image <name=command>',
      'run pods of this image as a local command (may be repeated)',
      keyValue,
      {},
    )
    .addOption(
      durationOption(
        '--metrics-window <duration>',
        'time that CPU usage in metrics.k8s.io averages over',
        15_000,
        positiveDuration,
      ),
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Example:
  plimsoll cluster --port 6443 --kubeconfig ./plimsoll.kubeconfig
  export KUBECONFIG=./plimsoll.kubeconfig     # in another terminal
  kubectl apply -k examples/walkthrough/`,
    )
    .action(async (options: ClusterOptions) => done(await runCluster(options, io)));
}

async function runCluster(options: ClusterOptions, io: Io): Promise<number> {
  const kubeconfigFile = resolve(options.kubeconfig);
  refuseOwnKubeconfig(kubeconfigFile, io);
  const { startDevCluster } = await import('../devcluster/dev-cluster.ts'); // Late: it loads the API server.
  const cluster = await startDevCluster({
    port: options.port,
    crds: await installedCrds(),
    images: imageTable(options.image),
    metricsWindowMs: options.metricsWindow,
    log: (line) => io.stderr.write(`${line}\n`),
  });
  io.onExit(() => cluster.killAllNow());
  try {
    await writeKubeconfig(kubeconfigFile, cluster.kubeconfig);
    io.stdout.write(ready(options, cluster.url));
    await untilStopped(io.signal);
    return 0;
  } finally {
    await cluster.close();
  }
}

function ready(options: ClusterOptions, server: string): string {
  if (options.output === 'json') {
    return `${JSON.stringify({ server, kubeconfig: options.kubeconfig, pid: process.pid })}\n`;
  }
  return [
    `Dev cluster at ${server}; its pods are processes of this machine. Ctrl-C stops it all.`,
    '',
    'In another terminal:',
    `  export KUBECONFIG=${resolve(options.kubeconfig)}`,
    '  kubectl apply -k examples/walkthrough/',
    `  npx plimsoll operator --kubeconfig ${options.kubeconfig}`,
    '  kubectl get cas,pods -w',
    '',
    'ready',
    '',
  ].join('\n');
}

/** The user's own kubeconfig holds the way to other clusters: it is never written over. */
function refuseOwnKubeconfig(file: string, io: Io): void {
  const own = join(io.env.HOME ?? homedir(), '.kube', 'config');
  if (file !== own) return;
  throw new UserError(
    `--kubeconfig ${file}: this is your own kubeconfig and would be lost; name another file, such as ./plimsoll.kubeconfig`,
  );
}

async function writeKubeconfig(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    throw new UserError(
      `cannot write the kubeconfig to ${file}: ${errorMessage(error)}; name another file with --kubeconfig`,
    );
  }
}
