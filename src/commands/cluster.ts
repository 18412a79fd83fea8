import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { WatchEvent } from '../devcluster/cluster-api.ts';
import type { DevCluster } from '../devcluster/dev-cluster.ts';
import { tlsAddressAnnotation } from '../devcluster/network/ingress-proxy.ts';
import { addressAnnotation, wayAnnotations } from '../devcluster/network/service-proxy.ts';
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
  const addresses = tellAddresses(cluster, io);
  try {
    await writeKubeconfig(kubeconfigFile, cluster.kubeconfig);
    io.stdout.write(ready(options, cluster.url));
    await aborted(io.signal);
    return 0;
  } finally {
    addresses.stop();
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

/** What is told of the ways in, by annotation. */
const wayWords: readonly (readonly [annotation: string, words: string])[] = [
  [addressAnnotation, ''],
  [wayAnnotations.node, ', on the node'],
  [wayAnnotations.balancer, ', by its load balancer'],
  [tlsAddressAnnotation, ', over TLS'],
];

/** Prints where each service and ingress answers, and again when that changes. */
function tellAddresses({ cluster }: DevCluster, io: Io): { stop(): void } {
  const told = new Map<string, string>();
  const tell = (what: string, { type, object: { metadata } }: WatchEvent): void => {
    for (const [annotation, words] of wayWords) {
      const subject = `${what} ${metadata.namespace ?? ''}/${metadata.name}${words}`;
      const addresses = metadata.annotations?.[annotation] ?? '';
      if (type === 'DELETED' || addresses === '') told.delete(subject);
      else if (told.get(subject) !== addresses) {
        told.set(subject, addresses);
        const scheme = annotation === tlsAddressAnnotation ? 'https' : 'http';
        const urls = addresses.split(',').map((address) => `${scheme}://${address}/`);
        io.stderr.write(`${subject}: ${urls.join(' ')}\n`);
      }
    }
  };
  const watches = [
    cluster.watch('services', (event) => tell('service', event)),
    cluster.watch('ingresses.networking.k8s.io', (event) => tell('ingress', event)),
  ];
  return { stop: () => watches.forEach((watch) => watch.stop()) };
}
