import { expect } from 'chai';
import type { Kind } from '../../../src/devcluster/apiserver/kind.ts';
import type { Cell } from '../../../src/devcluster/apiserver/tables/column.ts';
import { toTable } from '../../../src/devcluster/apiserver/tables/tables.ts';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { readSteps, recordedVersion } from '../schema/transcripts.ts';

interface TableStep {
  readonly step: string;
  readonly kind: string;
  readonly columns: readonly { name: string; type: string; format: string; priority: number }[];
  readonly rows: readonly { cells: readonly Cell[]; conditions?: readonly object[] }[];
  readonly objects?: readonly KubeObject[];
}

const steps = readSteps<TableStep>('tables.jsonl');
const nowMs = Date.parse('2026-01-01T01:00:00Z');
const created = '2026-01-01T00:57:00Z';
const options = { nowMs, includeObject: 'None' } as const;

const custom = { crd: 'x' } as unknown as NonNullable<Kind['custom']>;
const kinds: Record<string, Pick<Kind, 'kind' | 'custom' | 'printerColumns'>> = {
  CustomAutoscaler: {
    kind: 'CustomAutoscaler',
    custom,
    printerColumns: recordedVersion().additionalPrinterColumns,
  },
  Old: { kind: 'Old', custom },
};
const kindOf = (kind: string) => kinds[kind] ?? { kind };

function object(kind: string, name: string, more: Record<string, unknown>): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, creationTimestamp: created }, ...more };
}

function cells(kind: string, name: string, more: Record<string, unknown>): readonly Cell[] | undefined {
  return toTable(kindOf(kind), [object(kind, name, more)], options).rows[0]?.cells;
}

describe('tables have the columns that Kubernetes prints', () => {
  for (const { step, kind, columns } of steps.filter((each) => each.objects === undefined)) {
    it(`${step} (${kind})`, () => {
      const { columnDefinitions } = toTable(kindOf(kind), [], options);
      expect(
        columnDefinitions.map(({ name, type, format, priority }) => ({ name, type, format, priority })),
      ).to.deep.equal(columns);
      for (const { description } of columnDefinitions) expect(description).to.not.equal('');
    });
  }
});

describe('the rows of custom resources', () => {
  it('are those that were recorded for the same objects', () => {
    const objects = steps.find(({ step }) => step === 'CR list')?.objects ?? [];
    const expected = steps.find(({ step }) => step === 'Table: CRs')?.rows.map((row) => row.cells);
    const timed = objects.map(
      (each) => JSON.parse(JSON.stringify(each).replaceAll('<time>', created)) as KubeObject,
    );
    const { rows } = toTable(kindOf('CustomAutoscaler'), timed, options);
    const withoutLastScale = (row: readonly Cell[]): readonly Cell[] => row.toSpliced(-2, 1);
    const aged = expected?.map((row) => row.map((cell) => (cell === '<age>' ? '3m' : cell)));
    expect(rows.map((row) => withoutLastScale(row.cells))).to.deep.equal(aged?.map(withoutLastScale));
    expect(rows[0]?.cells.at(-2)).to.equal('6y2d');
    expect(rows[2]?.cells.at(-2)).to.equal(null);
  });

  const column = (type: string, jsonPath: string) => ({ name: 'X', type, jsonPath });
  const cellCases: Record<string, [ReturnType<typeof column>, Cell]> = {
    'text of a number': [column('string', '.spec.n'), '1.5'],
    'text of an object as JSON': [column('string', '.spec.o'), '{"a":1}'],
    'an integer of a fraction, cut off': [column('integer', '.spec.n'), 1],
    'nothing where the type does not fit': [column('integer', '.spec.s'), null],
    'an age for a date': [column('date', '.spec.t'), '3m'],
    'invalid for a date that is none': [column('date', '.spec.s'), '<invalid>'],
    false: [column('boolean', '.spec.b'), false],
  };
  for (const [name, [printerColumn, expected]] of Object.entries(cellCases)) {
    it(`show ${name}`, () => {
      const spec = { n: 1.5, o: { a: 1 }, s: 'text', t: created, b: false };
      const kind = { kind: 'X', custom, printerColumns: [printerColumn] };
      const [row] = toTable(kind, [object('X', 'x', { spec })], options).rows;
      expect(row?.cells).to.deep.equal(['x', expected]);
    });
  }
});

describe('the status of a pod', () => {
  const running = { running: { startedAt: created } };
  const terminated = (more: object) => ({ terminated: { exitCode: 1, ...more } });
  const waiting = (reason: string) => ({ waiting: { reason } });
  const status = (name: string, state: object, more: object = {}) => ({
    name,
    state,
    restartCount: 0,
    ready: false,
    ...more,
  });
  const two = { containers: [{ name: 'a' }, { name: 'b' }] };
  const ready = (isReady: boolean) => [{ type: 'Ready', status: isReady ? 'True' : 'False' }];

  const cases: Record<string, [Record<string, unknown>, [ready: string, status: string, restarts: string]]> =
    {
      'pending without containers': [{ spec: two, status: { phase: 'Pending' } }, ['0/2', 'Pending', '0']],
      running: [
        {
          spec: two,
          status: {
            phase: 'Running',
            containerStatuses: [status('a', running, { ready: true }), status('b', running, { ready: true })],
          },
        },
        ['2/2', 'Running', '0'],
      ],
      'restarting again and again': [
        {
          spec: two,
          status: {
            phase: 'Running',
            containerStatuses: [
              status('a', waiting('CrashLoopBackOff'), {
                restartCount: 3,
                lastState: terminated({ finishedAt: '2026-01-01T00:59:10Z' }),
              }),
              status('b', running, { ready: true }),
            ],
          },
        },
        ['1/2', 'CrashLoopBackOff', '3 (50s ago)'],
      ],
      'one completed beside one that runs': [
        {
          spec: two,
          status: {
            phase: 'Running',
            conditions: ready(false),
            containerStatuses: [
              status('a', terminated({ exitCode: 0, reason: 'Completed' })),
              status('b', running, { ready: true }),
            ],
          },
        },
        ['1/2', 'NotReady', '0'],
      ],
      'ended by a signal': [
        {
          spec: two,
          status: { phase: 'Running', containerStatuses: [status('a', terminated({ signal: 9 }))] },
        },
        ['0/2', 'Signal:9', '0'],
      ],
      'ended by a code': [
        {
          spec: two,
          status: { phase: 'Failed', containerStatuses: [status('a', terminated({ exitCode: 7 }))] },
        },
        ['0/2', 'ExitCode:7', '0'],
      ],
      completed: [
        {
          spec: two,
          status: {
            phase: 'Succeeded',
            containerStatuses: [status('a', terminated({ exitCode: 0, reason: 'Completed' }))],
          },
        },
        ['0/2', 'Completed', '0'],
      ],
      evicted: [{ spec: two, status: { phase: 'Failed', reason: 'Evicted' } }, ['0/2', 'Evicted', '0']],
      initialising: [
        {
          spec: { ...two, initContainers: [{ name: 'i' }, { name: 'j' }] },
          status: {
            phase: 'Pending',
            initContainerStatuses: [status('i', terminated({ exitCode: 0 })), status('j', running)],
          },
        },
        ['0/2', 'Init:1/2', '0'],
      ],
      'failing to initialise': [
        {
          spec: { ...two, initContainers: [{ name: 'i' }] },
          status: {
            phase: 'Pending',
            initContainerStatuses: [status('i', waiting('CrashLoopBackOff'), { restartCount: 2 })],
          },
        },
        ['0/2', 'Init:CrashLoopBackOff', '2'],
      ],
      'running with a sidecar': [
        {
          spec: { ...two, initContainers: [{ name: 'i', restartPolicy: 'Always' }] },
          status: {
            phase: 'Running',
            initContainerStatuses: [status('i', running, { started: true, ready: true, restartCount: 1 })],
            containerStatuses: [status('a', running, { ready: true }), status('b', running)],
          },
        },
        ['2/3', 'Running', '1'],
      ],
      'held back by a gate': [
        {
          spec: two,
          status: {
            phase: 'Pending',
            conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
          },
        },
        ['0/2', 'SchedulingGated', '0'],
      ],
    };
  for (const [name, [pod, expected]] of Object.entries(cases)) {
    it(`${name}: ${expected[1]}`, () => expect(cells('Pod', 'p', pod)?.slice(1, 4)).to.deep.equal(expected));
  }

  it('is Terminating once it is being deleted, unless it has ended', () => {
    const deleting = (phase: string): KubeObject => {
      const pod = object('Pod', 'p', { spec: two, status: { phase } });
      return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: created } };
    };
    const statusOf = (pod: KubeObject) => toTable({ kind: 'Pod' }, [pod], options).rows[0]?.cells[2];
    expect(statusOf(deleting('Running'))).to.equal('Terminating');
    expect(statusOf(deleting('Succeeded'))).to.equal('Succeeded');
  });

  it('of a finished pod marks the row, as recorded', () => {
    const recorded = steps
      .find(({ step }) => step === 'Table: pods')
      ?.rows.find(({ cells }) => cells[0] === 'done');
    const [row] = toTable(
      { kind: 'Pod' },
      [object('Pod', 'done', { spec: two, status: { phase: 'Succeeded' } })],
      options,
    ).rows;
    expect(row?.conditions).to.deep.equal(recorded?.conditions);
  });

  it('shows addresses and gates with -o wide', () => {
    const spec = { ...two, nodeName: 'n1', readinessGates: [{ conditionType: 'g' }] };
    const wide = cells('Pod', 'p', { spec, status: { phase: 'Running', podIP: '10.1.2.3' } });
    expect(wide?.slice(5)).to.deep.equal(['10.1.2.3', 'n1', '<none>', '0/1']);
  });
});

describe('rows of the other kinds', () => {
  const template = {
    spec: {
      containers: [
        { name: 'web', image: 'nginx:1.27' },
        { name: 'side', image: 'busybox:1' },
      ],
    },
  };
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }],
  };
  const metric = (type: string, source: string, target: object, more: object = {}) => ({
    type,
    [source]: { target, ...more },
  });
  const current = (source: string, values: object) => ({ [source]: { current: values } });
  const autoscaled = (metrics: object[], currentMetrics: object[] | null = null) => ({
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 5, metrics },
    status: { currentReplicas: 2, currentMetrics },
  });
  const ports = [
    { port: 80, protocol: 'TCP', nodePort: 30080 },
    { port: 81, protocol: 'UDP' },
  ];

  const cases: [string, string, Record<string, unknown>, readonly Cell[]][] = [
    [
      'a Deployment',
      'Deployment',
      {
        spec: { replicas: 2, template, selector },
        status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
      },
      ['x', '1/2', 2, 1, '3m', 'web,side', 'nginx:1.27,busybox:1', 'app=web,tier in (a,b)'],
    ],
    [
      'a Deployment without status',
      'Deployment',
      { spec: { replicas: 2 }, status: {} },
      ['x', '0/2', 0, 0, '3m', '', '', '<none>'],
    ],
    [
      'a ReplicaSet',
      'ReplicaSet',
      { spec: { replicas: 3, template }, status: { replicas: 2 } },
      ['x', 3, 2, 0, '3m', 'web,side', 'nginx:1.27,busybox:1', '<none>'],
    ],
    ['a StatefulSet', 'StatefulSet', { spec: { replicas: 1, template: {} } }, ['x', '0/1', '3m', '', '']],
    ['a Scale', 'Scale', { spec: { replicas: 1 }, status: { replicas: 0 } }, ['x', 1, 0, '3m']],
    [
      'a NodePort service',
      'Service',
      { spec: { type: 'NodePort', clusterIP: '10.96.0.1', ports, selector: { b: '2', a: '1' } } },
      ['x', 'NodePort', '10.96.0.1', '<none>', '80:30080/TCP,81/UDP', '3m', 'a=1,b=2'],
    ],
    [
      'a pending balancer',
      'Service',
      { spec: { type: 'LoadBalancer', clusterIP: '10.96.0.1' } },
      ['x', 'LoadBalancer', '10.96.0.1', '<pending>', '<none>', '3m', '<none>'],
    ],
    [
      'a balancer',
      'Service',
      {
        spec: { type: 'LoadBalancer' },
        status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }, { hostname: 'lb.local' }] } },
      },
      ['x', 'LoadBalancer', '<none>', '1.2.3.4,lb.local', '<none>', '3m', '<none>'],
    ],
    [
      'an ExternalName',
      'Service',
      { spec: { type: 'ExternalName', externalName: 'example.com' } },
      ['x', 'ExternalName', '<none>', 'example.com', '<none>', '3m', '<none>'],
    ],
    [
      'an HPA with a utilization',
      'HorizontalPodAutoscaler',
      autoscaled(
        [metric('Resource', 'resource', { averageUtilization: 80 }, { name: 'cpu' })],
        [current('resource', { averageUtilization: 40 })],
      ),
      ['x', 'Deployment/web', 'cpu: 40%/80%', '2', 5, 2, '3m'],
    ],
    [
      'an HPA with many metrics, none known',
      'HorizontalPodAutoscaler',
      autoscaled([
        metric('Resource', 'resource', { averageValue: '100Mi' }, { name: 'memory' }),
        metric('Pods', 'pods', { averageValue: '30' }),
        metric('Object', 'object', { value: '5' }),
        metric('External', 'external', { averageValue: '5' }),
      ]),
      ['x', 'Deployment/web', 'memory: <unknown>/100Mi, <unknown>/30 + 2 more...', '2', 5, 2, '3m'],
    ],
    [
      'an HPA with external metrics',
      'HorizontalPodAutoscaler',
      autoscaled(
        [metric('External', 'external', { averageValue: '5' }), metric('Object', 'object', { value: '10' })],
        [current('external', { averageValue: '7' }), current('object', { value: '3' })],
      ),
      ['x', 'Deployment/web', '7/5 (avg), 3/10', '2', 5, 2, '3m'],
    ],
    [
      'an HPA of v1',
      'HorizontalPodAutoscaler',
      {
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'web' },
          maxReplicas: 5,
          targetCPUUtilizationPercentage: 50,
        },
        status: { currentReplicas: 1, currentCPUUtilizationPercentage: 73 },
      },
      ['x', 'Deployment/web', 'cpu: 73%/50%', '<unset>', 5, 1, '3m'],
    ],
    [
      'an event',
      'Event',
      {
        type: 'Normal',
        reason: 'Started',
        message: ' Started it\n',
        count: 3,
        involvedObject: { kind: 'Pod', name: 'running' },
        source: { component: 'kubelet', host: 'n1' },
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:59:55Z',
      },
      ['5s', 'Normal', 'Started', 'pod/running', '', 'kubelet, n1', 'Started it', '60m', 3, 'x'],
    ],
    [
      'an event of events.k8s.io',
      'Event',
      {
        type: 'Normal',
        reason: 'R',
        note: 'note',
        eventTime: '2026-01-01T00:59:00.000000Z',
        reportingController: 'c',
        reportingInstance: 'i',
        regarding: { kind: 'Pod', name: 'p', fieldPath: 'spec.x' },
        series: { count: 9, lastObservedTime: '2026-01-01T00:59:30.000000Z' },
      },
      ['30s', 'Normal', 'R', 'pod/p', 'spec.x', 'c, i', 'note', '60s', 9, 'x'],
    ],
    [
      'a node',
      'Node',
      {
        metadata: { name: 'x', creationTimestamp: created, labels: { 'node-role.kubernetes.io/worker': '' } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '10.0.0.5' }],
          nodeInfo: {
            kubeletVersion: 'v1.36.2',
            osImage: 'Linux',
            kernelVersion: '6.1',
            architecture: 'amd64',
            containerRuntimeVersion: 'containerd://2',
          },
        },
      },
      [
        'x',
        'Ready,SchedulingDisabled',
        'worker',
        '3m',
        'v1.36.2',
        '10.0.0.5',
        '<none>',
        'Linux',
        '6.1 (amd64)',
        'containerd://2',
      ],
    ],
    [
      'an Ingress with hosts and TLS',
      'Ingress',
      { spec: { ingressClassName: 'dev', rules: ['a', 'b', 'c', 'd'].map((host) => ({ host })), tls: [{}] } },
      ['x', 'dev', 'a,b,c + 1 more...', '', '80, 443', '3m'],
    ],
    ['an Ingress for every host', 'Ingress', { spec: { rules: [{}] } }, ['x', '<none>', '*', '', '80', '3m']],
    [
      'an EndpointSlice',
      'EndpointSlice',
      {
        addressType: 'IPv4',
        ports: [{ port: 80 }],
        endpoints: [{ addresses: ['127.0.0.2'] }, { addresses: ['127.0.0.3'] }],
      },
      ['x', 'IPv4', '80', '127.0.0.2,127.0.0.3', '3m'],
    ],
    [
      'an empty EndpointSlice',
      'EndpointSlice',
      { addressType: 'IPv4', ports: null },
      ['x', 'IPv4', '<unset>', '<unset>', '3m'],
    ],
    [
      'Endpoints',
      'Endpoints',
      { subsets: [{ addresses: [{ ip: '127.0.0.2' }], ports: [{ port: 80 }, { port: 81 }] }] },
      ['x', '127.0.0.2:80,127.0.0.2:81', '3m'],
    ],
    ['a ConfigMap', 'ConfigMap', { data: { a: '1' }, binaryData: { b: '' } }, ['x', 2, '3m']],
    ['a Secret', 'Secret', { type: 'Opaque', data: { a: '' } }, ['x', 'Opaque', 1, '3m']],
    ['a ServiceAccount', 'ServiceAccount', {}, ['x', 0, '3m']],
    ['a Namespace', 'Namespace', { status: { phase: 'Active' } }, ['x', 'Active', '3m']],
    ['a Lease', 'Lease', { spec: { holderIdentity: 'me' } }, ['x', 'me', '3m']],
    ['a CustomResourceDefinition', 'CustomResourceDefinition', {}, ['x', created]],
    [
      'PodMetrics',
      'PodMetrics',
      {
        window: '15s',
        containers: [{ usage: { cpu: '250m', memory: '1Mi' } }, { usage: { cpu: '1', memory: '1Mi' } }],
      },
      ['x', '1250m', '2Mi', '15s'],
    ],
  ];
  for (const [name, kind, more, expected] of cases) {
    it(name, () => expect(cells(kind, 'x', more)).to.deep.equal(expected));
  }
});

describe('what a row carries of its object', () => {
  const configMap = object('ConfigMap', 'x', { data: {} });
  const carried = (includeObject: 'Metadata' | 'Object' | 'None') =>
    toTable({ kind: 'ConfigMap' }, [configMap], { nowMs, includeObject }).rows[0]?.object;

  it('is its metadata, the whole, or nothing', () => {
    const { metadata } = configMap;
    expect(carried('Metadata')).to.deep.equal({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
    });
    expect(carried('Object')).to.equal(configMap);
    expect(carried('None')).to.equal(null);
  });

  it('and the table carries the metadata of the list', () => {
    const listMeta = { resourceVersion: '7', continue: 'x' };
    expect(toTable({ kind: 'ConfigMap' }, [], { ...options, listMeta }).metadata).to.deep.equal(listMeta);
  });
});
