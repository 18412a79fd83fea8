import { expect } from 'chai';
import { podEntry, PodTable } from '../../src/observe/pod-table.ts';
import { parseSelector } from '../../src/lib/selector.ts';

const pod = (namespace: string, name: string, app: string) =>
  podEntry({
    metadata: { namespace, name, labels: { app } },
    spec: { containers: [] },
    status: { phase: 'Running' },
  });

describe('PodTable', () => {
  const table = new PodTable();
  const names = (namespace: string, selector: string): string[] =>
    table.select(namespace, parseSelector(selector)).map(({ name }) => name);

  beforeEach(() =>
    table.replace([
      pod('a', 'web-2', 'web'),
      pod('a', 'web-1', 'web'),
      pod('a', 'db', 'db'),
      pod('b', 'web', 'web'),
    ]),
  );

  it('keeps the labels and containers of pods of one template once', () => {
    const of = (name: string) => ({
      metadata: {
        namespace: 'a',
        name,
        labels: { app: 'web' },
        ownerReferences: [{ kind: 'ReplicaSet', uid: 'web-1', controller: true }],
      },
      spec: {
        containers: [
          {
            name: 'app',
            resources: { requests: { cpu: '100m' } },
            ports: [{ name: 'http', containerPort: 80 }],
          },
        ],
      },
      status: { phase: 'Running' },
    });
    const [one, two] = [table.project(of('one')), table.project(of('two'))];
    expect(one).to.deep.equal(podEntry(of('one')));
    expect(two).to.deep.equal(podEntry(of('two')));
    expect(two.facts.ownerUid).to.equal('web-1');
    expect(two.facts.labels).to.equal(one.facts.labels);
    expect(two.facts.containers).to.equal(one.facts.containers);
    expect(two.facts.ports).to.equal(one.facts.ports);
  });

  it('selects by namespace and labels, by name', () => {
    expect(names('a', 'app=web')).to.deep.equal(['web-1', 'web-2']);
    expect(names('b', 'app=web')).to.deep.equal(['web']);
    expect(names('c', 'app=web')).to.deep.equal([]);
  });

  it('follows changes of labels and deletions', () => {
    table.upsert(pod('a', 'web-1', 'api'));
    table.remove(pod('a', 'web-2', 'web'));
    expect(names('a', 'app=web')).to.deep.equal([]);
    expect(names('a', 'app=api')).to.deep.equal(['web-1']);
    expect(table.size).to.equal(3);
  });

  it('holds nothing but the new list after a replacement', () => {
    table.replace([pod('a', 'new', 'web')]);
    expect(names('a', 'app=web')).to.deep.equal(['new']);
    expect(table.size).to.equal(1);
  });

  it('is not disturbed by a deletion of what it does not know', () => {
    table.remove(pod('z', 'nobody', 'web'));
    expect(table.size).to.equal(4);
  });
});
