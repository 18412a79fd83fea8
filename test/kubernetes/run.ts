import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';
import { errorMessage, UserError } from '../../src/lib/errors.ts';
import { ControlPlane } from '../controlplane/control-plane.ts';
import { findPrograms } from '../controlplane/programs.ts';
import { featureGates, hpaFlags } from './support/settings.ts';
import { clusterVariable } from './support/shared-stage.ts';
import type { GivenCluster } from './support/shared-stage.ts';

const usage = `npm run test:kubernetes -- [--release 1.36] [--use-kubeconfig] [mocha's arguments]

Runs the integration suite and the twins on a real control plane: built from Go modules once, or the programs in
KUBEBUILDER_ASSETS, or the cluster of KUBECONFIG, where only namespaces of the tests' own are touched: when it is set and its server
is on this machine, or with --use-kubeconfig.
`;

const { values, positionals, tokens } = parseArgs({
  allowPositionals: true,
  strict: false,
  tokens: true,
  options: {
    release: { type: 'string' },
    'use-kubeconfig': { type: 'boolean' },
    help: { type: 'boolean' },
    // mocha's, with a value that is no file
    grep: { type: 'string', short: 'g' },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** mocha on the specs, told where the cluster is. @returns its exit code */
async function runSpecs(cluster: GivenCluster): Promise<number> {
  const bin = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const ours = new Set(['release', 'use-kubeconfig']);
  const others = tokens.flatMap((token) => {
    if (token.kind !== 'option' || ours.has(token.name)) return [];
    return token.value === undefined ? [token.rawName] : [token.rawName, token.value];
  });
  const files = positionals.length > 0 ? positionals : [`${folder}**/*.spec.ts`];
  const mocha = spawn(
    process.execPath,
    [bin, '--require', `${folder}support/shared-stage.ts`, '--timeout', '300000', ...others, ...files],
    { stdio: 'inherit', env: { ...process.env, [clusterVariable]: JSON.stringify(cluster) } },
  );
  const pass = (signal: NodeJS.Signals): void => void mocha.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const [code] = (await once(mocha, 'exit')) as [number | null];
  process.off('SIGINT', pass).off('SIGTERM', pass);
  return code ?? 1;
}

async function onExistingCluster(): Promise<number> {
  const { KUBECONFIG: kubeconfig = '' } = process.env;
  if (kubeconfig === '') throw new UserError('--use-kubeconfig: KUBECONFIG is not set');
  return runSpecs({
    kind: 'existing cluster',
    kubeconfig,
    controllers: ['Deployment', 'StatefulSet'],
    runsHpa: false,
  });
}

/** A cluster of KUBECONFIG is used when it is on this machine; another one only when it is asked for by its flag. */
function isForKubeconfig(): boolean {
  const { KUBECONFIG: kubeconfig = '' } = process.env;
  if (values['use-kubeconfig'] === true) return true;
  if (kubeconfig === '') return false;
  const server = loadKubeConfig({ kubeconfig }).getCurrentCluster()?.server ?? '';
  if (isLoopback(server)) return true;
  throw new UserError(
    `KUBECONFIG is set, to ${server}: give --use-kubeconfig to run the tests on that cluster, or unset it`,
  );
}

function isLoopback(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

async function onControlPlane(): Promise<number> {
  const { KUBEBUILDER_ASSETS: assets } = process.env;
  const release = values.release === undefined ? {} : { release: String(values.release) };
  const programs = await findPrograms({ ...release, assets, log: say });
  const startedMs = performance.now();
  const plane = await ControlPlane.start({ programs, featureGates, controllerFlags: hpaFlags });
  process.once('exit', () => plane.killNow());
  say(`control plane ready in ${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${plane.server}`);
  const runsHpa = programs.controllerManager !== undefined;
  const controllers = runsHpa ? (['Deployment', 'StatefulSet'] as const) : [];
  try {
    const { kubeconfig, auditLog } = plane;
    return await runSpecs({ kind: 'control plane', kubeconfig, auditLog, controllers, runsHpa, ...release });
  } finally {
    await plane.stop();
  }
}

async function main(): Promise<number> {
  if (values.help === true) process.stdout.write(usage);
  else return isForKubeconfig() ? onExistingCluster() : onControlPlane();
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  say(errorMessage(error));
  return error instanceof UserError ? 2 : 1;
});
