import { expect } from 'chai';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { invalidAutoscalers } from '../support/invalid-autoscalers.ts';

/**
 * As the API server names a field: `spec.metrics: Invalid value: ...`, or `... of type integer with format int32 in spec.maxReplicas`;
 * not as the beginning of another field's path.
 */
function named(path: string): RegExp {
  return new RegExp(`(?<![\\w.\\]])${path.replaceAll(/[.[\]]/g, '\\$&')}(: |$)`, 'm');
}

describe('kubectl apply of an invalid CustomAutoscaler', function () {
  this.timeout(120_000);
  let cluster: ClusterProcess | undefined;

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await ClusterProcess.start();
  });
  after(async () => cluster?.stop());

  it('has at least thirty cases', () => {
    expect(invalidAutoscalers.length).to.be.at.least(30);
  });

  for (const { name, object, path } of invalidAutoscalers) {
    it(`is refused with the field's name: ${name}`, async () => {
      const { code, stderr } = await cluster!.kubectl.try('apply -f -', [], JSON.stringify(object));
      expect(code, stderr).to.equal(1);
      expect(stderr).to.match(named(path));
    });
  }

  it('stored none of them', async () => {
    const { code, stdout, stderr } = await cluster!.kubectl.try('get cas -A');
    expect(code).to.equal(0);
    expect(stdout).to.equal('');
    expect(stderr).to.include('No resources found');
  });
});
