import { expect } from 'chai';
import { valuesAt } from '../../../src/devcluster/apiserver/tables/json-path.ts';

const object = {
  metadata: { annotations: { 'a.b/c': 'dotted' } },
  spec: {
    list: [
      { name: 'x', n: 1 },
      { name: 'y', n: 2 },
    ],
    empty: null,
    flag: false,
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
};

describe('paths of printer columns', () => {
  const cases: Record<string, unknown[]> = {
    '.spec.list[0].name': ['x'],
    '.spec.list[-1].name': ['y'],
    '.spec.list[7].name': [],
    '.spec.list[*].name': ['x', 'y'],
    '.status.conditions[?(@.type=="Ready")].status': ['True'],
    ".status.conditions[?(@.type != 'Ready')].status": ['False'],
    '.spec.list[?(@.n==2)].name': ['y'],
    '.metadata.annotations.a\\.b/c': ['dotted'],
    ".metadata.annotations['a.b/c']": ['dotted'],
    '.spec.flag': [false],
    '.spec.empty': [null],
    '.spec.empty.below': [],
    '.spec.nope': [],
    '.spec.list[': [],
    '{.spec.flag}': [false],
  };
  for (const [path, expected] of Object.entries(cases)) {
    it(path, () => expect(valuesAt(object, path)).to.deep.equal(expected));
  }
});
