import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { run } from '../../src/commands/program.ts';
import { UserError } from '../../src/lib/errors.ts';
import { TestCluster } from '../support/cluster.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';
import { eventually } from '../support/wait.ts';

interface Ended {
  readonly code: number | undefined;
  readonly error: unknown;
  readonly stderr: string;
}

/** Runs `plimsoll operator` in this process until it ends, or `stop` says so. */
async function operator(
  args: readonly string[],
  env: Record<string, string> = {},
  stop: (stderr: () => string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Ended> {
  const end = new AbortController();
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  let stderr = '';
  streams.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let error: unknown;
  const running = run(['operator', ...args], {
    ...streams,
    env,
    signal: end.signal,
    onExit: () => undefined,
  }).catch((thrown: unknown) => {
    error = thrown;
    return undefined;
  });
  await Promise.race([running, stop(() => stderr)]);
  end.abort();
  return { code: await running, error, stderr };
}

describe('plimsoll operator', () => {
  let cluster: TestCluster;
  let kubeconfig: string;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
  });
  afterEach(async () => cluster.close());

  const lease = (name: string, namespace = 'default') =>
    cluster.api.get('leases.coordination.k8s.io', namespace, name)?.spec as
      { holderIdentity?: string; leaseTransitions?: number } | undefined;

  it('leads by a Lease in its own namespace under its own name, and gives it back at the end', async () => {
    let holder: string | undefined;
    const flags = ['--kubeconfig', kubeconfig, '--bind-address=:0', '--leader-elect', '--log-format=json'];
    const { code, stderr } = await operator(
      flags,
      { POD_NAME: 'plimsoll-0', POD_NAMESPACE: 'default' },
      async (said) =>
        eventually('it knows that it leads', () => {
          holder = lease('plimsoll')?.holderIdentity;
          return said().includes('a leader was seen') && holder;
        }),
    );
    expect(code).to.equal(0);
    expect(holder).to.match(/^plimsoll-0_/);
    expect(lease('plimsoll')).to.have.property('leaseTransitions');
    expect(lease('plimsoll')?.holderIdentity ?? '').to.equal('');
    expect(stderr).to.match(/"lease":"default\/plimsoll"/);
  });

  it('has a Lease for each shard, or the one that it is told', async () => {
    const flags = ['--kubeconfig', kubeconfig, '--bind-address=0', '--leader-elect=true', '--namespace=shop'];
    const names = (): string[] =>
      cluster.api
        .list('leases.coordination.k8s.io', { namespace: 'default' })
        .map(({ metadata }) => metadata.name);
    const place = '--leader-elect-resource-namespace=default';
    await operator([...flags, place], {}, async () => eventually('a Lease', () => names().length === 1));
    expect(names()[0]).to.match(/^plimsoll-[0-9a-f]{10}$/);
    await operator([...flags, place, '--leader-elect-resource-name=mine'], {}, async () =>
      eventually('a Lease', () => names().includes('mine')),
    );
  });

  it('takes no Lease outside a cluster unless it is asked to', async () => {
    const flags = ['--kubeconfig', kubeconfig, '--bind-address=0', '--log-format=json'];
    await operator(flags, { POD_NAMESPACE: 'default' }, async (stderr) =>
      eventually('it has started', () => stderr().includes('operator started')),
    );
    expect(cluster.api.list('leases.coordination.k8s.io', { namespace: 'default' })).to.deep.equal([]);
  });

  const mistakes: Record<string, [args: string[], message: RegExp]> = {
    'no namespace for the Lease': [
      ['--leader-elect'],
      /^--leader-elect: the namespace .* is not known .*POD_NAMESPACE$/,
    ],
    'a renewal that comes too late': [
      ['--leader-elect', '--leader-elect-resource-namespace=default', '--leader-elect-renew-deadline=15s'],
      /^--leader-elect-lease-duration 15s, --leader-elect-renew-deadline 15s, .*: each must be longer than the next$/,
    ],
  };
  for (const [title, [args, message]] of Object.entries(mistakes))
    it(`refuses ${title} in one line`, async () => {
      const { error } = await operator(['--kubeconfig', kubeconfig, '--bind-address=0', ...args]);
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).message).to.match(message);
      expect(error).to.have.property('exitCode', 2);
    });

  const wrong: Record<string, string> = {
    '--leader-elect=perhaps': 'Allowed are true and false',
    '--per-autoscaler-metrics=2': 'Allowed are true and false',
    '--kube-api-qps=-1': 'Allowed is a number of 0 or more',
    '--namespace=Bad_NS': "Allowed are up to 63 lower-case letters, digits and '-'",
    '--namespace=': 'with a letter or digit at both ends',
    [`--namespace=${'n'.repeat(64)}`]: 'Allowed are up to 63',
    '--leader-elect-resource-namespace=-ops': 'with a letter or digit at both ends',
    '--metric-timeout=0s': 'Allowed is a duration above 0',
  };
  for (const [flag, allowed] of Object.entries(wrong))
    it(`refuses ${flag}`, async () => {
      const { code, stderr } = await operator([flag]);
      expect(code).to.equal(2);
      expect(stderr).to.contain(allowed);
    });
});
