import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { DevCluster } from '../devcluster/dev-cluster.ts';
import { addressAnnotation } from '../devcluster/network/service-proxy.ts';
import { aborted } from '../lib/clock.ts';
import { durationOption, imageCommands, outputOption, port, positiveDuration } from './flags.ts';
import { imageTable, installedCrds } from './assets.ts';
import type { Io } from './io.ts';
import { checkReplaceable, writeKubeconfig } from './kubeconfig-file.ts';

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
    .addOption(
      new Option('--image <name=command>', 'run pods of this image as a local command (may be repeated)')
        .argParser(imageCommands)
        .default({}, "the walkthrough's app"),
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
  await checkReplaceable(kubeconfigFile);
  const { startDevCluster } = await import('../devcluster/dev-cluster.ts'); // Late: it loads the API server.
  const cluster = await startDevCluster({
    port: options.port,
    crds: await installedCrds(),
    images: imageTable(options.image),
    metricsWindowMs: options.metricsWindow,
    log: (line) => io.stderr.write(`${line}\n`),
  });
  io.onExit(() => cluster.killAllNow());
  const services = tellServices(cluster, io);
  try {
    await writeKubeconfig(kubeconfigFile, cluster.kubeconfig);
    io.stdout.write(ready(options, cluster.url));
    await aborted(io.signal);
    return 0;
  } finally {
    services.stop();
    await cluster.close();
  }
}

function ready(options: ClusterOptions, server: string): string {
  if (options.output === 'json') {
    return `${JSON.stringify({ server, kubeconfig: options.kubeconfig, pid: process.pid })}\n`;
  }
  const kubeconfig = resolve(options.kubeconfig);
  return [
    `Dev cluster at ${server}`,
    'Its pods are processes of this machine. Ctrl-C stops it all.',
    '',
    'In a second terminal, the operator:',
    `  npx plimsoll operator --kubeconfig ${options.kubeconfig}`,
    '',
    'In a third one:',
    `  export KUBECONFIG=${kubeconfig}`,
    '  kubectl apply -k examples/walkthrough/',
    '  kubectl get cas -w',
    '',
    'ready',
    '',
  ].join('\n');
}

/** Prints where each service answers, and again when that changes. */
function tellServices(cluster: DevCluster, io: Io): { stop(): void } {
  const told = new Map<string, string>();
  return cluster.cluster.watch('services', ({ type, object: { metadata } }) => {
    const service = `${metadata.namespace ?? ''}/${metadata.name}`;
    const addresses = metadata.annotations?.[addressAnnotation] ?? '';
    if (type === 'DELETED') told.delete(service);
    else if (addresses !== '' && told.get(service) !== addresses) {
      told.set(service, addresses);
      const urls = addresses.split(',').map((address) => `http://${address}/`);
      io.stderr.write(`service ${service}: ${urls.join(' ')}\n`);
    }
  });
}
