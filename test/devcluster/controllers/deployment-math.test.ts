import { expect } from 'chai';
import fc from 'fast-check';

import type { Resize } from '../../../src/devcluster/controllers/deployment-math.ts';
import {
  annotation,
  fenceposts,
  newSetReplicas,
  proportionalSizes,
  shrinkOldSets,
} from '../../../src/devcluster/controllers/deployment-math.ts';
import type { Deployment, ReplicaSet, RollingUpdate } from '../../../src/devcluster/controllers/objects.ts';
import { podTemplateHash, sameTemplate } from '../../../src/devcluster/controllers/pod-template-hash.ts';
import { deployment } from './replayed-cluster.ts';

const rolling = (replicas: number, rollingUpdate: RollingUpdate): Deployment =>
  deployment({ spec: { replicas, strategy: { type: 'RollingUpdate', rollingUpdate } } });

/** `max` is what the set was last told of the Deployment's largest size. */
function set(name: string, replicas: number, available = replicas, max = 0): ReplicaSet {
  const { template, selector } = deployment().spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      annotations: { [annotation.max]: String(max) },
      creationTimestamp: '2030-01-01T00:00:00Z',
    },
    spec: { replicas, template, selector },
    status: { replicas, availableReplicas: available },
  };
}

const sizes = (resizes: readonly Resize[]): Record<string, number> =>
  Object.fromEntries(resizes.map(({ set: { metadata }, replicas }) => [metadata.name, replicas]));

describe('the bounds of a rolling update', () => {
  const rows: Record<
    string,
    { replicas: number; update: RollingUpdate; surge: number; unavailable: number }
  > = {
    'round surge up and unavailable down': {
      replicas: 3,
      update: { maxSurge: '25%', maxUnavailable: '25%' },
      surge: 1,
      unavailable: 0,
    },
    'are a quarter by default': { replicas: 8, update: {}, surge: 2, unavailable: 2 },
    'take numbers as they are': {
      replicas: 3,
      update: { maxSurge: 2, maxUnavailable: 1 },
      surge: 2,
      unavailable: 1,
    },
    'let one go where neither lets anything move': {
      replicas: 3,
      update: { maxSurge: 0, maxUnavailable: '10%' },
      surge: 0,
      unavailable: 1,
    },
    'are not more than there is': {
      replicas: 2,
      update: { maxSurge: 0, maxUnavailable: 5 },
      surge: 0,
      unavailable: 2,
    },
  };
  for (const [name, { replicas, update, ...expected }] of Object.entries(rows)) {
    it(name, () => {
      expect(fenceposts(rolling(replicas, update))).to.deep.equal(expected);
    });
  }
});

describe('a step of a rolling update', () => {
  it('grows the new set into the surge', () => {
    const wanted = rolling(4, { maxSurge: 1, maxUnavailable: 0 });
    expect(newSetReplicas(wanted, [set('old', 4)], 0)).to.equal(1);
    expect(newSetReplicas(wanted, [set('old', 4), set('new', 1)], 1)).to.equal(1);
    expect(newSetReplicas(wanted, [set('old', 3), set('new', 1)], 1)).to.equal(2);
  });

  it('takes what is not available first', () => {
    const wanted = rolling(4, { maxSurge: 1, maxUnavailable: 1 });
    const old = [set('a', 2, 0), set('b', 2, 2)];
    expect(sizes(shrinkOldSets(wanted, set('new', 1, 1), old))).to.deep.equal({ a: 0 });
  });

  const count = fc.nat({ max: 12 });
  it('never lets availability fall below its bound, nor the sum rise above its own', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 5 }),
        count,
        count,
        (replicas, maxSurge, maxUnavailable, newSize, oldSize) => {
          const wanted = rolling(replicas, { maxSurge, maxUnavailable });
          const { surge, unavailable } = fenceposts(wanted);
          const [newest, old] = [set('new', newSize), set('old', oldSize)];
          const grown = newSetReplicas(wanted, [newest, old], newSize);
          if (newSize + oldSize <= replicas + surge) expect(grown + oldSize).to.be.at.most(replicas + surge);
          const left = sizes(shrinkOldSets(wanted, newest, [old])).old ?? oldSize;
          const available = newSize + left;
          expect(available).to.be.at.least(Math.min(newSize + oldSize, replicas - unavailable));
        },
      ),
    );
  });
});

describe('scaling in the middle of a roll-out', () => {
  it('spreads the change in proportion', () => {
    const wanted = rolling(8, { maxSurge: '25%', maxUnavailable: '25%' });
    const resized = proportionalSizes(wanted, [set('old', 3, 3, 5), set('new', 2, 0, 5)]);
    expect(sizes(resized)).to.deep.equal({ old: 6, new: 4 });
  });

  it('ends at what is allowed, without a negative size', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 30 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 4 }),
        (replicas, given) => {
          const wanted = rolling(replicas, { maxSurge: 1, maxUnavailable: 0 });
          const max = given.reduce((sum, size) => sum + size, 0);
          const resized = proportionalSizes(
            wanted,
            given.map((size, index) => set(`s${index}`, size, size, max)),
          );
          for (const { replicas: size } of resized) expect(size).to.be.at.least(0);
          const total = resized.reduce((sum, { replicas: size }) => sum + size, 0);
          expect(total).to.equal(replicas === 0 ? 0 : replicas + 1);
        },
      ),
    );
  });
});

describe('the hash of a pod template', () => {
  const { template } = deployment().spec;

  it('is the same whatever the order of the keys', () => {
    const { spec, metadata = {} } = template;
    const other = { spec: { ...spec }, metadata };
    expect(podTemplateHash(other, 0))
      .to.equal(podTemplateHash(template, 0))
      .and.match(/^[a-z0-9]{10}$/);
    expect(sameTemplate(template, other)).to.equal(true);
  });

  it('changes with the template and with a collision', () => {
    const other = deployment({ image: 'nginx:2' }).spec.template;
    const hashes = [podTemplateHash(template, 0), podTemplateHash(template, 1), podTemplateHash(other, 0)];
    expect(new Set(hashes).size).to.equal(3);
    expect(sameTemplate(template, other)).to.equal(false);
  });
});
