/**
 * A process that writes as long as it holds a lease: `node elector-process.ts KUBECONFIG IDENTITY`. Each write is a PATCH of a Deployment
 * that bears the identity's name and does not exist: who looks at the requests sees who writes. Says on standard output when it
 * starts and stops leading, and when a write was fenced.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../src/kube/client.ts';
import { isKubeError } from '../../src/kube/errors.ts';
import { startElector } from '../../src/kube/lease.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';

const [, , kubeconfig = '', identity = ''] = process.argv;
const say = (text: string): unknown => process.stdout.write(`${text}\n`);
const client = connect({ kubeconfig });
const elector = startElector({
  client,
  namespace: 'default',
  name: 'writers',
  identity,
  leaseDurationMs: 3000,
  renewDeadlineMs: 2000,
  retryPeriodMs: 200,
  clock: systemClock,
  random: Math.random,
  logger: silentLogger,
  signal: new AbortController().signal,
  onStartedLeading: () => say('leading'),
  onStoppedLeading: () => void say('stopped'),
});

/** Does not look whether it leads: the fence alone must keep it from writing. */
for (;;) {
  try {
    const path = `/apis/apps/v1/namespaces/default/deployments/written-by-${identity}`;
    await client.patch(path, {}, 'application/merge-patch+json', { fence: () => elector.assertHeld() });
  } catch (error) {
    if (isKubeError(error, 'Fenced')) say('fenced');
    else if (!isKubeError(error, 'NotFound')) say(String(error));
  }
  await sleep(5);
}
