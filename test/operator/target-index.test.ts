import { expect } from 'chai';
import { hpaEntry, HpaWatch } from '../../src/operator/hpa-watch.ts';
import { claimId, TargetIndex } from '../../src/operator/target-index.ts';
import type { Claim } from '../../src/operator/target-index.ts';

const place = (name: string, apiVersion = 'apps/v1', namespace = 'shop') => ({
  namespace,
  target: { apiVersion, kind: 'Deployment', name },
});
const claim = (claimant: string, ...target: Parameters<typeof place>): Claim => ({
  ...place(...target),
  claimant: { apiVersion: 'plimsoll.dev/v1', kind: 'CustomAutoscaler', name: claimant },
});

describe('TargetIndex', () => {
  let told: string[];
  let targets: TargetIndex;
  beforeEach(() => {
    told = [];
    targets = new TargetIndex((id) => told.push(id));
  });
  const rivals = (id: string, ...target: Parameters<typeof place>): string[] =>
    targets.rivalsOf(id, place(...target)).map(({ name }) => name);

  it('names the others of a target, whatever version they name it by, and none of another place', () => {
    targets.set('a', claim('a', 'web'));
    targets.set('b', claim('b', 'web', 'apps/v1beta1'));
    targets.set('c', claim('c', 'web', 'extensions/v1'));
    targets.set('d', claim('d', 'web', 'apps/v1', 'else'));
    expect(rivals('a', 'web')).to.deep.equal(['b']);
    expect(rivals('dry run', 'web')).to.deep.equal(['a', 'b']);
    expect(rivals('a', 'db')).to.deep.equal([]);
  });

  it('tells those who get or lose a rival, once', () => {
    targets.set('a', claim('a', 'web'));
    expect(told).to.deep.equal([]);
    targets.set('b', claim('b', 'web'));
    expect(told.splice(0)).to.deep.equal(['a']);
    targets.set('b', claim('b', 'web'));
    expect(told).to.deep.equal([]);
    targets.set('b', claim('b', 'db'));
    expect(told.splice(0)).to.deep.equal(['a']);
    targets.set('b', undefined);
    expect(told).to.deep.equal([]);
    expect(targets.size).to.equal(1);
  });

  it('lets a reference that can mean nothing claim nothing', () => {
    targets.set('a', claim('a', 'web', 'a/b/c'));
    expect(rivals('b', 'web', 'a/b/c')).to.deep.equal([]);
    targets.set('a', undefined);
    expect(targets.size).to.equal(0);
  });
});

describe('HpaWatch', () => {
  const hpa = (name: string, target: string) =>
    hpaEntry({
      metadata: { namespace: 'shop', name },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target } },
    });

  it('keeps the claims of what exists, and only those', () => {
    const targets = new TargetIndex(() => undefined);
    const watch = new HpaWatch(targets);
    const names = (target: string): string[] => targets.rivalsOf('me', place(target)).map(({ name }) => name);
    watch.replace([hpa('a', 'web'), hpa('b', 'web')]);
    expect(names('web')).to.deep.equal(['a', 'b']);
    watch.upsert(hpa('c', 'web'));
    watch.remove(hpa('a', 'web'));
    expect(names('web')).to.deep.equal(['b', 'c']);
    watch.replace([hpa('c', 'db')]);
    expect(names('web')).to.deep.equal([]);
    expect(names('db')).to.deep.equal(['c']);
    expect(watch.size).to.equal(1);
  });

  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: 'so',
  });
  const fine = [
    condition('AbleToScale', 'True', 'ReadyForNewScale'),
    condition('ScalingActive', 'True', 'ValidMetricFound'),
    condition('ScalingLimited', 'False', 'DesiredWithinRange'),
  ];
  const wanted = (status: object | undefined, maxReplicas = 5) =>
    hpaEntry({
      metadata: { namespace: 'shop', name: 'web', uid: 'u' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas },
      ...(status && { status }),
    }).claim.claimant.wanted;

  it('tells what an HPA wants, and why in its own words', () => {
    expect(wanted({ desiredReplicas: 3, conditions: fine })).to.deep.include({
      replicas: 3,
      reason: 'ValidMetricFound: so',
    });
    const limited = [...fine.slice(0, 2), condition('ScalingLimited', 'True', 'TooManyReplicas')];
    expect(wanted({ conditions: limited })).to.deep.include({ replicas: 0, reason: 'TooManyReplicas: so' });
    const held = [condition('AbleToScale', 'True', 'ScaleDownStabilized'), ...fine.slice(1)];
    expect(wanted({ conditions: held })?.reason).to.equal('ScaleDownStabilized: so');
    const failing = [...fine.slice(0, 1), condition('ScalingActive', 'False', 'FailedGetResourceMetric')];
    expect(wanted({ conditions: failing })?.reason).to.equal('FailedGetResourceMetric: so');
  });

  it('knows no count before the first evaluation', () => {
    for (const status of [undefined, { desiredReplicas: 0 }, { desiredReplicas: 0, conditions: null }])
      expect(wanted(status)).to.not.have.property('replicas');
    expect(wanted(undefined)?.reason).to.equal('no conditions yet');
  });

  it('tells one spec from another, and not one status', () => {
    expect(wanted({ conditions: fine })?.spec).to.equal(wanted(undefined)?.spec);
    expect(wanted(undefined, 6)?.spec).not.to.equal(wanted(undefined)?.spec);
  });

  it('has ids that no CustomAutoscaler has', () => {
    expect(hpa('a', 'web').id).not.to.equal(claimId('CustomAutoscaler', { namespace: 'shop', name: 'a' }));
  });
});
