import { expect } from 'chai';
import { applierOf, withoutMarks } from '../../../src/migrate/takeover/appliers.ts';
import type { HpaObject } from '../../../src/migrate/takeover/scene.ts';

const hpa = (metadata: HpaObject['metadata']): HpaObject => ({
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  ...{ metadata: { name: 'web', ...metadata }, spec: {} },
});

describe('who applied a HorizontalPodAutoscaler', () => {
  const signs: Readonly<Record<string, readonly [HpaObject['metadata'], string | undefined]>> = {
    'nobody, who made it by hand': [{ managedFields: [{ manager: 'kubectl-create' }] }, undefined],
    'kubectl apply': [{ managedFields: [{ manager: 'kubectl', operation: 'Apply' }] }, 'kubectl apply'],
    'kubectl apply of the client': [
      { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
      'kubectl apply',
    ],
    'Argo CD, by its annotation': [
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'shop:autoscaling/HorizontalPodAutoscaler:shop/web',
        },
      },
      'Argo CD',
    ],
    'Argo CD, by its fields': [{ managedFields: [{ manager: 'argocd-controller' }] }, 'Argo CD'],
    Flux: [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }, 'Flux'],
    Helm: [
      {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'shop' },
      },
      'Helm release shop',
    ],
    'an owner': [
      { ownerReferences: [{ kind: 'Gateway', name: 'edge', uid: 'a', controller: true }] },
      'Gateway edge',
    ],
  };
  for (const [name, [metadata, applier]] of Object.entries(signs))
    it(`is ${name}`, () => expect(applierOf(hpa(metadata))).to.equal(applier));

  it('leaves no mark on the CustomAutoscaler by which the tool would remove it', () => {
    const labels = {
      ...{ team: 'shop', 'app.kubernetes.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'Helm' },
      ...{ 'argocd.argoproj.io/instance': 'shop', 'kustomize.toolkit.fluxcd.io/name': 'shop' },
    };
    expect(withoutMarks(labels, 'Argo CD')).to.deep.equal({ team: 'shop' });
    expect(withoutMarks(labels, 'Helm')).to.deep.equal({
      team: 'shop',
      'app.kubernetes.io/instance': 'shop',
    });
    expect(withoutMarks(undefined, undefined)).to.deep.equal({});
  });
});
