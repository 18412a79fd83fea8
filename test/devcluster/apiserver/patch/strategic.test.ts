import { expect } from 'chai';
import type { MergeRule } from '../../../../src/devcluster/apiserver/kind.ts';
import { strategicMerge } from '../../../../src/devcluster/apiserver/patch/strategic.ts';

const rules: Readonly<Record<string, MergeRule>> = {
  containers: { mergeKey: 'name', strategy: 'merge' },
  'containers.ports': { mergeKey: 'port', strategy: 'merge' },
  finalizers: { strategy: 'merge' },
  strategy: { strategy: 'retainKeys' },
};

const a = { name: 'a', image: 'a:1' };
const b = { name: 'b', image: 'b:1' };

const cases: Readonly<Record<string, { original: object; patch: object; result: object }>> = {
  'a null removes the key': {
    original: { labels: { x: '1', y: '2' } },
    patch: { labels: { x: null } },
    result: { labels: { y: '2' } },
  },
  'elements merge by their key': {
    original: { containers: [a, b] },
    patch: { containers: [{ name: 'b', image: 'b:2' }] },
    result: { containers: [a, { name: 'b', image: 'b:2' }] },
  },
  'a new element comes first': {
    original: { containers: [a, b] },
    patch: { containers: [{ name: 'c' }] },
    result: { containers: [{ name: 'c' }, a, b] },
  },
  '$setElementOrder puts elements in order': {
    original: { containers: [a, b] },
    patch: {
      '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }, { name: 'a' }],
      containers: [{ name: 'c' }],
    },
    result: { containers: [b, { name: 'c' }, a] },
  },
  '$setElementOrder alone reorders': {
    original: { containers: [a, b] },
    patch: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] },
    result: { containers: [b, a] },
  },
  'an element that the order does not name keeps its place': {
    original: { containers: [a, b] },
    patch: { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ name: 'b', image: 'b:2' }] },
    result: { containers: [a, { name: 'b', image: 'b:2' }] },
  },
  '$patch delete removes an element': {
    original: { containers: [a, b] },
    patch: { containers: [{ name: 'a', $patch: 'delete' }] },
    result: { containers: [b] },
  },
  '$patch replace in an element replaces the list': {
    original: { containers: [a, b] },
    patch: { containers: [{ $patch: 'replace' }, { name: 'c' }] },
    result: { containers: [{ name: 'c' }] },
  },
  'lists inside of elements merge by their own key': {
    original: { containers: [{ name: 'a', ports: [{ port: 80, protocol: 'TCP' }] }] },
    patch: { containers: [{ name: 'a', ports: [{ port: 80, protocol: 'UDP' }, { port: 81 }] }] },
    result: { containers: [{ name: 'a', ports: [{ port: 80, protocol: 'UDP' }, { port: 81 }] }] },
  },
  'a list without a rule is replaced': {
    original: { args: ['a'] },
    patch: { args: ['b', 'c'] },
    result: { args: ['b', 'c'] },
  },
  'primitives are added once': {
    original: { finalizers: ['x', 'y'] },
    patch: { finalizers: ['y', 'z'] },
    result: { finalizers: ['x', 'y', 'z'] },
  },
  '$deleteFromPrimitiveList removes values': {
    original: { finalizers: ['x', 'y'] },
    patch: { '$deleteFromPrimitiveList/finalizers': ['x'] },
    result: { finalizers: ['y'] },
  },
  '$retainKeys drops the other keys': {
    original: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    patch: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    result: { strategy: { type: 'Recreate' } },
  },
  '$patch replace replaces a map': {
    original: { annotations: { x: '1' } },
    patch: { annotations: { $patch: 'replace', y: '2' } },
    result: { annotations: { y: '2' } },
  },
  '$patch replace of a map that is not there yields nothing': {
    original: { kept: 1 },
    patch: { annotations: { $patch: 'replace', y: '2' } },
    result: { kept: 1 },
  },
  '$patch delete removes a map': {
    original: { annotations: { x: '1' }, kept: 1 },
    patch: { annotations: { $patch: 'delete' } },
    result: { kept: 1 },
  },
};

describe('strategicMerge', () => {
  for (const [sentence, { original, patch, result }] of Object.entries(cases)) {
    it(sentence, () => {
      expect(strategicMerge({ ...original }, { ...patch }, rules)).to.deep.equal(result);
    });
  }

  it('changes neither of its arguments', () => {
    const original = { containers: [{ name: 'a', ports: [{ port: 80 }] }], labels: { x: '1' } };
    const patch = { containers: [{ name: 'a', ports: [{ port: 81 }] }], labels: { x: null } };
    const before = JSON.stringify([original, patch]);
    strategicMerge(original, patch, rules);
    expect(JSON.stringify([original, patch])).to.equal(before);
  });

  it('refuses an element without its key', () => {
    expect(() => strategicMerge({}, { containers: [{ image: 'x' }] }, rules)).to.throw(
      'map: map[image:x] does not contain declared merge key: name',
    );
  });

  it('refuses a directive that it does not know', () => {
    expect(() => strategicMerge({ spec: {} }, { spec: { $patch: 'frob' } }, rules)).to.throw(
      'unknown patch type: frob in map: map[$patch:frob]',
    );
  });
});
