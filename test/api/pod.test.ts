import { expect } from 'chai';
import { podFacts } from '../../src/api/pod.ts';
import type { ContainerJson, PodJson, ResourceList } from '../../src/api/types.ts';
import { requestOf } from '../../src/decide/metrics/requests.ts';

const pod: PodJson = {
  metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'app', resources: { requests: { cpu: '250m', memory: '64Mi' } } }, { name: 'log' }],
    initContainers: [
      { name: 'proxy', restartPolicy: 'Always', resources: { requests: { cpu: 1 } } },
      { name: 'migrate', resources: { requests: { cpu: '2' } } },
    ],
  },
  status: {
    phase: 'Running',
    startTime: '2026-01-02T03:04:05Z',
    conditions: [
      { type: 'Initialized', status: 'True', lastTransitionTime: '2026-01-02T03:04:06Z' },
      { type: 'Ready', status: 'False', lastTransitionTime: '2026-01-02T03:04:07Z' },
    ],
  },
};

describe('podFacts', () => {
  it('reads what decisions need; sidecars count as containers', () => {
    expect(podFacts(pod)).to.deep.equal({
      name: 'web-1',
      phase: 'Running',
      deleting: false,
      startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      ready: { status: 'False', sinceMs: Date.UTC(2026, 0, 2, 3, 4, 7) },
      containers: [
        { name: 'app', requests: { cpu: 250, memory: 67_108_864_000 } },
        { name: 'log', requests: {} },
        { name: 'proxy', requests: { cpu: 1000 } },
      ],
      initContainers: [{ name: 'migrate', requests: { cpu: 3000 } }],
      labels: { app: 'web' },
    });
  });

  it('reads requests of the pod as a whole, and its overhead', () => {
    const spec = { ...pod.spec, resources: { requests: { cpu: '1' } }, overhead: { memory: '1Ki' } };
    expect(podFacts({ ...pod, spec })).to.deep.include({
      podRequests: { cpu: 1000 },
      overhead: { memory: 1_024_000 },
    });
  });

  it('knows the address of a pod, and its TCP ports by name, those of sidecars too', () => {
    const containers = [
      { name: 'app', ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9 }] },
      {
        name: 'log',
        ports: [
          { name: 'http', containerPort: 1 },
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
        ],
      },
    ];
    const initContainers = [
      {
        name: 'proxy',
        restartPolicy: 'Always',
        ports: [{ name: 'metrics', containerPort: 15_020, protocol: 'TCP' }],
      },
      { name: 'migrate', ports: [{ name: 'debug', containerPort: 2 }] },
    ];
    const facts = podFacts({ spec: { containers, initContainers }, status: { podIP: '10.1.2.3' } });
    expect(facts.ip).to.equal('10.1.2.3');
    expect(facts.ports).to.deep.equal({ http: 8080, metrics: 15_020 });
    expect(podFacts({ ...pod, status: { podIP: '' } })).not.to.have.any.keys('ip', 'ports');
  });

  it('knows when a pod was created', () => {
    const metadata = { ...pod.metadata, creationTimestamp: '2026-01-02T03:04:05Z' };
    expect(podFacts({ ...pod, metadata }).createdAtMs).to.equal(Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  it('sees that a pod is being deleted', () => {
    const metadata = { ...pod.metadata, deletionTimestamp: '2026-01-02T03:04:05Z' };
    expect(podFacts({ ...pod, metadata }).deleting).to.equal(true);
  });

  it('reads a pod that nobody has touched yet', () => {
    const fresh = podFacts({
      metadata: { name: 'new' },
      spec: { containers: [{ name: 'app' }] },
      status: {},
    });
    expect(fresh).to.deep.equal({
      name: 'new',
      phase: '',
      deleting: false,
      containers: [{ name: 'app', requests: {} }],
      initContainers: [],
      labels: {},
    });
  });

  describe('adds to a plain init container what the sidecars before it request:', () => {
    const init = (name: string, requests: ResourceList) => ({ name, resources: { requests } });
    const sidecar = (name: string, requests: ResourceList) => ({
      ...init(name, requests),
      restartPolicy: 'Always',
    });
    const cases: Record<string, [containers: readonly ContainerJson[], requests: object[]]> = {
      'nothing without one': [
        [init('a', { cpu: '1' }), init('b', { cpu: '2' })],
        [{ cpu: 1000 }, { cpu: 2000 }],
      ],
      'nothing of one that starts after it': [
        [init('a', { cpu: '1' }), sidecar('s', { cpu: '100m' })],
        [{ cpu: 1000 }],
      ],
      'all that are there by then': [
        [
          sidecar('s', { cpu: '100m' }),
          init('a', { cpu: '1' }),
          sidecar('t', { cpu: '20m' }),
          init('b', { cpu: '1' }),
        ],
        [{ cpu: 1100 }, { cpu: 1120 }],
      ],
      'resources that it does not request itself': [
        [sidecar('s', { memory: '1' }), init('a', { cpu: '1' })],
        [{ cpu: 1000, memory: 1000 }],
      ],
    };
    for (const [sentence, [initContainers, requests]] of Object.entries(cases)) {
      it(sentence, () => {
        const facts = podFacts({ ...pod, spec: { initContainers } });
        expect(facts.initContainers.map((container) => container.requests)).to.deep.equal(requests);
      });
    }

    it('is the request of a pod that is at its largest then', () => {
      const spec = {
        containers: [init('app', { cpu: '500m' })],
        initContainers: [sidecar('proxy', { cpu: '250m' }), init('migrate', { cpu: '700m' })],
        resources: { requests: { memory: '1Gi' } }, // Any pod-level request brings the scheduler's formula.
      };
      // max(500m + 250m, 250m + 700m)
      expect(
        requestOf(podFacts({ ...pod, spec }), { resource: 'cpu', podLevelResources: true }),
      ).to.deep.equal({ ok: true, value: 950 });
    });
  });

  it('reads null lists as empty', () => {
    const bare = podFacts({
      metadata: { labels: null },
      spec: { containers: null },
      status: { conditions: null },
    });
    expect(bare).to.deep.include({ containers: [], labels: {} }).and.not.have.property('ready');
  });

  it('takes a transition time that is absent for the beginning of time, as upstream does', () => {
    const status = { conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: null }] };
    expect(podFacts({ ...pod, status }).ready).to.deep.equal({
      status: 'Unknown',
      sinceMs: Date.parse('0001-01-01T00:00:00Z'),
    });
  });

  it('throws for a request that is no quantity, naming it', () => {
    const spec = { containers: [{ name: 'app', resources: { requests: { cpu: 'much' } } }] };
    expect(() => podFacts({ spec })).to.throw('"much" is not a quantity');
  });
});
