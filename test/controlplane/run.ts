import { parseArgs } from 'node:util';
import { UserError } from '../../src/lib/errors.ts';
import { ControlPlane } from './control-plane.ts';
import { findPrograms } from './programs.ts';

const usage = `node test/controlplane/run.ts [--release 1.36] [--feature-gates A=true,B=false]
    [--controller-flag NAME=VALUE]... [--api-server-flag NAME=VALUE]...

Starts a Kubernetes control plane on loopback, prints {"server","kubeconfig","pids"} in one line when it is ready, and ends it on
SIGINT, SIGTERM or when standard input closes. KUBEBUILDER_ASSETS names a folder with etcd and kube-apiserver to use.
`;

const { values } = parseArgs({
  options: {
    release: { type: 'string', default: '1.36' },
    'feature-gates': { type: 'string', default: '' },
    'controller-flag': { type: 'string', multiple: true, default: [] },
    'api-server-flag': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      return at === -1 ? [text, 'true'] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

async function main(): Promise<void> {
  const log = (line: string): boolean => process.stderr.write(`${line}\n`);
  const programs = await findPrograms({
    release: values.release,
    assets: process.env.KUBEBUILDER_ASSETS,
    log,
  });
  const gates = pairs(values['feature-gates'].split(',').filter((text) => text !== ''));
  const plane = await ControlPlane.start({
    programs,
    featureGates: Object.fromEntries(Object.entries(gates).map(([gate, on]) => [gate, on === 'true'])),
    controllerFlags: pairs(values['controller-flag']),
    apiServerFlags: pairs(values['api-server-flag']),
  });
  const ended = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
    process.stdin.on('end', resolve).on('error', resolve).resume();
  });
  const { server, kubeconfig, pids } = plane;
  process.stdout.write(`${JSON.stringify({ server, kubeconfig, pids })}\n`);
  await ended;
  await plane.stop();
  process.exit(0);
}

if (values.help) process.stdout.write(usage);
else
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof UserError ? error.message : String(error)}\n`);
    process.exit(error instanceof UserError ? 2 : 1);
  });
