import { expect } from 'chai';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { selfSignedCertificate } from '../support/certificate.ts';
import { built, ofKind, theOne, withoutKustomize } from './manifests.ts';
import { operatorIo, tryOperator } from './operator-command.ts';

describe('the component for a Prometheus server', function () {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-deploy-')));
  before(function () {
    if (withoutKustomize !== undefined) this.skip();
  });
  after(() => rmSync(folder, { recursive: true }));

  function installed() {
    const path = (name: string): string => relative(folder, realpathSync(`deploy/${name}`));
    const own = {
      namespace: 'plimsoll-system',
      resources: [path('overlays/single')],
      components: [path('components/prometheus')],
    };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(own));
    return built(folder);
  }

  it('adds flags that the operator takes, beside those that are there', async () => {
    const [container] = theOne(installed(), 'Deployment').spec.template.spec.containers;
    const args = container?.args ?? [];
    expect(args).to.include('--leader-elect');
    writeFileSync(join(folder, 'ca.crt'), selfSignedCertificate().cert);
    writeFileSync(join(folder, 'token'), 'secret');
    const here = args.map((arg) => arg.replace('/etc/plimsoll/prometheus', folder));
    expect(here.filter((arg) => arg.includes(folder))).to.have.length(2);
    const said = await tryOperator(here, operatorIo({ POD_NAMESPACE: 'plimsoll-system' }));
    expect(said).to.match(/\/not\/there/);
  });

  it('mounts the files that the flags name, and lets the operator reach the port', () => {
    const objects = installed();
    const { containers, volumes } = theOne(objects, 'Deployment').spec.template.spec as unknown as {
      containers: { volumeMounts: object[] }[];
      volumes: { name: string; secret: { items: { path: string }[] } }[];
    };
    const [volume] = volumes;
    expect(containers[0]?.volumeMounts).to.deep.equal([
      { name: volume?.name, mountPath: '/etc/plimsoll/prometheus', readOnly: true },
    ]);
    expect(volume?.secret.items.map(({ path }) => path)).to.deep.equal(['ca.crt', 'token']);
    const policy = ofKind(objects, 'NetworkPolicy').find(
      ({ metadata }) => metadata.name === 'plimsoll-prometheus',
    );
    expect(policy?.metadata.namespace).to.equal('plimsoll-system');
    const { egress } = policy?.spec as unknown as { egress: { ports: { port: number }[] }[] };
    expect(egress.flatMap(({ ports }) => ports.map(({ port }) => port))).to.deep.equal([9090]);
  });
});
