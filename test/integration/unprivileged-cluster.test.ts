import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { unprivileged } from '../support/processes.ts';

/** Where anybody may bind port 80, nothing has to give way. */
function port80IsPrivileged(): boolean {
  if (process.platform !== 'linux') return false;
  return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) > 80;
}

describe('plimsoll cluster of a user without privileges', function () {
  this.timeout(120_000);
  let cluster: ClusterProcess | undefined;

  before(async function () {
    if (kubectlVersion === undefined || !port80IsPrivileged()) return this.skip();
    cluster = await ClusterProcess.start([], unprivileged);
  });
  after(async () => cluster?.stop());

  it('serves port 80 of a Service on a free port, and says where', async () => {
    const { kubectl, plimsoll } = cluster!;
    await kubectl.run('apply -k examples/walkthrough/');
    await kubectl.run('rollout status deployment/walkthrough --timeout=60s');
    expect(await kubectl.run('get svc walkthrough -o jsonpath={.spec.ports[0].port}')).to.equal('80');
    const address = await kubectl.run(
      'get svc walkthrough -o jsonpath={.metadata.annotations.plimsoll\\.dev/address}',
    );
    expect(address).to.match(/^127(\.\d+){3}:\d+$/);
    expect(Number(address.split(':')[1])).to.be.at.least(1024);
    const answer = await fetch(`http://${address}/`);
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('x-pod-name')).to.match(/^walkthrough-/);
    await plimsoll.told(new RegExp(`^service default/walkthrough: http://${address}/$`, 'm'));
  });
});
