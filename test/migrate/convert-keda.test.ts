import { expect } from 'chai';
import type { CustomAutoscalerSpec } from '../../src/api/generated/custom-autoscaler.ts';
import { convertObject } from '../../src/migrate/convert.ts';

function scaledObject(spec: object, annotations?: object): object {
  return {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
    metadata: { name: 'orders', ...(annotations && { annotations }) },
    spec: { scaleTargetRef: { name: 'web' }, ...spec },
  };
}

const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };
const query = { serverAddress: 'http://prom.mon.svc:9090', query: 'sum(x)', threshold: '10' };
const prometheus = { type: 'prometheus', metadata: query };
const cron = {
  type: 'cron',
  metadata: { timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 18 * * 1-5', desiredReplicas: '5' },
};

interface Result {
  readonly spec: CustomAutoscalerSpec | undefined;
  readonly changed: readonly string[];
  readonly notKept: readonly string[];
}

function convert(spec: object, annotations?: object): Result {
  const conversion = convertObject(scaledObject(spec, annotations));
  if (conversion?.ok !== true) throw new Error(`not converted: ${JSON.stringify(conversion)}`);
  const paths = (wanted: string): string[] =>
    conversion.remarks.filter(({ kind }) => kind === wanted).map(({ path }) => path);
  return { spec: conversion.object?.spec, changed: paths('changed'), notKept: paths('notKept') };
}

function problems(spec: object): string[] {
  const conversion = convertObject(scaledObject(spec));
  if (conversion?.ok !== false) throw new Error(`no problem: ${JSON.stringify(conversion)}`);
  return conversion.problems.map(({ message }) => message);
}

describe('a ScaledObject becomes a CustomAutoscaler', () => {
  it("with KEDA's defaults said", () => {
    expect(convert({ triggers: [cpu] }).spec).to.deep.equal({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      ...{ minReplicas: 1, maxReplicas: 100 },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
        },
      ],
    });
  });

  it('of another kind of target, its counts and its behavior', () => {
    const behavior = { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } };
    const scaleTargetRef = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web' };
    const { spec, changed, notKept } = convert({
      ...{ scaleTargetRef, minReplicaCount: 2, maxReplicaCount: 9, triggers: [cpu] },
      advanced: {
        horizontalPodAutoscalerConfig: { behavior, name: 'mine' },
        restoreToOriginalReplicaCount: true,
      },
    });
    expect(spec).to.include({ minReplicas: 2, maxReplicas: 9 });
    expect(spec).to.deep.include({ scaleTargetRef, behavior });
    expect(changed).to.deep.equal([]);
    expect(notKept).to.deep.equal([
      'spec.advanced.restoreToOriginalReplicaCount',
      'spec.advanced.horizontalPodAutoscalerConfig.name',
    ]);
  });

  it('without what is not known, which it names', () => {
    const { notKept } = convert({
      ...{ initialCooldownPeriod: 5, triggers: [{ ...cpu, colour: 'red' }] },
      scaleTargetRef: { name: 'web', envSourceContainerName: 'app' },
    });
    expect(notKept).to.have.members([
      'spec.scaleTargetRef.envSourceContainerName',
      'spec.initialCooldownPeriod',
      'spec.triggers[0].colour',
    ]);
  });

  it('with the polling interval as its sync period, within what is allowed', () => {
    expect(convert({ pollingInterval: 20, triggers: [cpu] }).spec).to.include({ syncPeriodSeconds: 20 });
    const { spec, changed } = convert({ pollingInterval: 900, triggers: [cpu] });
    expect(spec).to.include({ syncPeriodSeconds: 300 });
    expect(changed).to.deep.equal(['spec.pollingInterval']);
  });

  it('not at all where no trigger has a counterpart', () => {
    const kafka = { type: 'kafka', metadata: { topic: 't' } };
    const { spec, notKept } = convert({ triggers: [kafka] });
    expect(spec).to.equal(undefined);
    expect(notKept).to.deep.equal(['spec.triggers[0]', 'spec']);
  });

  it('with the triggers that have a counterpart, and names the others', () => {
    const kafka = { type: 'kafka', metadata: { topic: 't' } };
    const { spec, notKept } = convert({ triggers: [kafka, cpu] });
    expect(spec?.metrics).to.have.lengthOf(1);
    expect(notKept).to.deep.equal(['spec.triggers[0]']);
  });

  it('without the triggers of a formula, which holds all but cpu and memory', () => {
    const advanced = { scalingModifiers: { formula: 'a + b', target: '2' } };
    const { spec, notKept } = convert({ advanced, triggers: [prometheus, cpu, cron] });
    expect(spec?.metrics?.map(({ type }) => type)).to.deep.equal(['Resource']);
    expect(spec).not.to.have.property('schedules');
    expect(notKept).to.deep.equal(['spec.advanced.scalingModifiers', 'spec.triggers[0]', 'spec.triggers[2]']);
  });
});

const resources: Readonly<Record<string, readonly [trigger: object, metric: object]>> = {
  'cpu in percent, the old way': [
    { type: 'cpu', metadata: { type: 'Utilization', value: '70' } },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
  ],
  'memory in bytes': [
    { type: 'memory', metricType: 'AverageValue', metadata: { value: '1Gi' } },
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
  ],
  'cpu of one container': [
    { type: 'cpu', metricType: 'Utilization', metadata: { value: '70', containerName: 'app' } },
    {
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'app',
        target: { type: 'Utilization', averageUtilization: 70 },
      },
    },
  ],
};

describe('a cpu or memory trigger', () => {
  for (const [name, [trigger, metric]] of Object.entries(resources))
    it(`becomes a metric: ${name}`, () => {
      expect(convert({ triggers: [trigger] }).spec?.metrics).to.deep.equal([metric]);
    });

  it('cannot wake a target, so that a minimum of 0 becomes 1', () => {
    const { spec, changed } = convert({ minReplicaCount: 0, triggers: [cpu] });
    expect(spec).to.include({ minReplicas: 1 });
    expect(changed).to.deep.equal(['spec.minReplicaCount']);
  });

  it('loses what would activate it', () => {
    const metadata = { value: '60', activationValue: '20' };
    expect(convert({ triggers: [{ ...cpu, metadata }] }).notKept).to.deep.equal([
      'spec.triggers[0].metadata.activationValue',
    ]);
  });
});

describe('a prometheus trigger', () => {
  const of = (more: object, spec: object = {}, trigger: object = {}): Result =>
    convert({
      minReplicaCount: 1,
      ...spec,
      triggers: [{ ...prometheus, ...trigger, metadata: { ...query, ...more } }],
    });

  it('becomes a query to a server that is named by its address', () => {
    const { spec, changed, notKept } = of({});
    expect(spec?.metrics).to.deep.equal([
      {
        type: 'Prometheus',
        prometheus: {
          server: 'prom.mon',
          query: 'sum(x)',
          target: { type: 'AverageValue', averageValue: '10' },
        },
      },
    ]);
    expect(changed).to.deep.equal([
      'spec.triggers[0].metadata.serverAddress',
      'spec.triggers[0].metadata.query',
    ]);
    expect(notKept).to.deep.equal([]);
  });

  it('with ignoreNullValues false has the meaning that it has here', () => {
    expect(of({ ignoreNullValues: 'false' }).changed).to.deep.equal([
      'spec.triggers[0].metadata.serverAddress',
    ]);
  });

  it('of metric type Value has a target of that type', () => {
    const [metric] = of({}, {}, { metricType: 'Value' }).spec?.metrics ?? [];
    expect(metric?.prometheus?.target).to.deep.equal({ type: 'Value', value: '10' });
  });

  it('keeps what activates it; at a minimum of 0 that is not quite the same', () => {
    expect(of({ activationThreshold: '2.5' }).spec?.metrics?.[0]).to.include({ activation: '2.5' });
    const zero = of({ activationThreshold: '2.5' }, { minReplicaCount: 0 });
    expect(zero.changed).to.include('spec.triggers[0].metadata.activationThreshold');
  });

  it('loses what the operator knows of its server, and what has no counterpart', () => {
    const authenticationRef = { name: 'a' };
    const { notKept } = of(
      { authModes: 'bearer', metricName: 'm', unsafeSsl: 'true' },
      {},
      { authenticationRef, useCachedMetrics: true },
    );
    expect(notKept).to.deep.equal([
      'spec.triggers[0].metadata.authModes',
      'spec.triggers[0].metadata.metricName',
      'spec.triggers[0].metadata.unsafeSsl',
      'spec.triggers[0].authenticationRef',
      'spec.triggers[0].useCachedMetrics',
    ]);
  });

  it('gives different servers different names, however long their addresses', () => {
    const server = (serverAddress: string) => of({ serverAddress }).spec?.metrics?.[0]?.prometheus?.server;
    const long = 'https://monitoring.example.com/v1/projects/a-rather-long-project-name/location/global/';
    const names = [`${long}a`, `${long}b`, 'http://prometheus:9090', 'http://prometheus.svc/'].map(server);
    expect(new Set(names.slice(0, 3))).to.have.property('size', 3);
    expect(names.slice(2)).to.deep.equal(['prometheus', 'prometheus']);
    expect(server('http://<host>:9090')).to.equal(undefined);
  });
});

describe('scaling to zero', () => {
  const of = (spec: object): Result => convert({ triggers: [prometheus], ...spec });

  it('is kept where a metric can wake the target, and says what it needs', () => {
    const { spec, changed } = of({});
    expect(spec).to.include({ minReplicas: 0 });
    expect(changed).to.include('spec.minReplicaCount');
  });

  it('makes a longer cooldown period the window of scaling down', () => {
    const { spec, changed } = of({ cooldownPeriod: 900 });
    expect(spec?.behavior).to.deep.equal({ scaleDown: { stabilizationWindowSeconds: 900 } });
    expect(changed).to.include('spec.cooldownPeriod');
  });

  it('leaves a window that was given, and a shorter cooldown period, and says so', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 15 } };
    const given = of({ advanced: { horizontalPodAutoscalerConfig: { behavior } } });
    expect(given.spec?.behavior).to.deep.equal(behavior);
    expect(given.changed).to.include('spec.cooldownPeriod');
    const shorter = of({ cooldownPeriod: 30 });
    expect(shorter.spec).not.to.have.property('behavior');
    expect(shorter.changed).to.include('spec.cooldownPeriod');
  });

  it('says nothing of a cooldown period that is the window anyway, or never counts', () => {
    expect(of({ cooldownPeriod: 300 }).changed).not.to.include('spec.cooldownPeriod');
    expect(of({ minReplicaCount: 1, cooldownPeriod: 30 }).changed).not.to.include('spec.cooldownPeriod');
  });

  it('has no count of its own for idle times', () => {
    const { spec, notKept } = of({ idleReplicaCount: 0, minReplicaCount: 3 });
    expect(spec).to.include({ minReplicas: 3 });
    expect(notKept).to.deep.equal(['spec.idleReplicaCount']);
  });
});

describe("KEDA's fallback", () => {
  const fallback = { failureThreshold: 4, replicas: 6 };
  const of = (spec: object): Result =>
    convert({ minReplicaCount: 1, fallback, triggers: [cpu, prometheus], ...spec });

  it('becomes that of each metric but cpu and memory, by time', () => {
    const { spec, changed } = of({ pollingInterval: 10 });
    expect(spec?.metrics?.map(({ onError }) => onError)).to.deep.equal([
      undefined,
      { type: 'Fallback', afterSeconds: 40, replicas: 6 },
    ]);
    expect(changed).to.include('spec.fallback');
  });

  for (const [theirs, ours] of Object.entries({
    static: undefined,
    currentReplicas: 'CurrentReplicas',
    currentReplicasIfHigher: 'CurrentReplicasIfHigher',
    currentReplicasIfLower: 'CurrentReplicasIfLower',
  }))
    it(`keeps its behavior: ${theirs}`, () => {
      expect(
        of({ fallback: { ...fallback, behavior: theirs } }).spec?.metrics?.[1]?.onError?.behavior,
      ).to.equal(ours);
    });

  it('of 0 replicas, or of more than there may be, is brought within bounds', () => {
    const none = of({ fallback: { failureThreshold: 1, replicas: 0 } });
    expect(none.spec?.metrics?.[1]?.onError).to.include({ replicas: 1 });
    expect(none.changed).to.include('spec.fallback.replicas');
    expect(of({ maxReplicaCount: 4 }).spec?.metrics?.[1]?.onError).to.include({ replicas: 4 });
  });

  it('is named where no metric is left that it is for', () => {
    expect(of({ triggers: [cpu] }).notKept).to.deep.equal(['spec.fallback']);
  });
});

const annotated = (name: string, value: string) => ({ [`autoscaling.keda.sh/${name}`]: value });

describe('a paused ScaledObject', () => {
  const of = (annotations: object): CustomAutoscalerSpec | undefined =>
    convert({ triggers: [cpu] }, annotations).spec;

  for (const value of ['true', '1', 'yes', ''])
    it(`is Paused: ${JSON.stringify(value)}`, () => {
      expect(of(annotated('paused', value))).to.deep.include({
        mode: 'Paused',
        suspend: { reason: 'paused of the ScaledObject' },
      });
    });

  for (const value of ['false', '0', 'F'])
    it(`is not Paused: ${JSON.stringify(value)}`, () => {
      expect(of(annotated('paused', value))).not.to.have.property('mode');
    });

  it('in one direction is Paused in that direction', () => {
    expect(of(annotated('paused-scale-in', 'true'))?.suspend).to.include({ scaleDown: true });
    expect(of(annotated('paused-scale-in', 'true'))?.suspend).not.to.have.property('scaleUp');
    expect(of(annotated('paused-scale-out', 'true'))?.suspend).to.include({ scaleUp: true });
    const both = { ...annotated('paused-scale-out', 'true'), ...annotated('paused-scale-in', 'true') };
    expect(of(both)?.suspend).to.include({ scaleUp: true, scaleDown: true });
  });

  it('at a count holds the present one, and says so', () => {
    const { spec, changed, notKept } = convert({ triggers: [cpu] }, annotated('paused-replicas', '4'));
    expect(spec).to.include({ mode: 'Paused' });
    expect(changed).to.deep.equal(['metadata.annotations[autoscaling.keda.sh/paused-replicas]']);
    expect(notKept).to.deep.equal([]);
  });

  it("loses KEDA's other annotations, which it names", () => {
    expect(convert({ triggers: [cpu] }, annotated('force-activation', 'true')).notKept).to.deep.equal([
      'metadata.annotations[autoscaling.keda.sh/force-activation]',
    ]);
  });
});

describe('a ScaledObject that is wrong', () => {
  const bad: Readonly<Record<string, readonly [spec: object, message: string]>> = {
    'no triggers': [{}, 'spec.triggers: Required value: must have a trigger'],
    'a count that is text': [
      { minReplicaCount: '1', triggers: [cpu] },
      'spec.minReplicaCount: Invalid value: "1": must be an integer',
    ],
    'a parameter that is a number': [
      { triggers: [{ ...cpu, metadata: { value: 60 } }] },
      'spec.triggers[0].metadata.value: Invalid value: 60: must be a string',
    ],
    'a percentage that is none': [
      { triggers: [{ ...cpu, metadata: { value: '60%' } }] },
      'spec.triggers[0].metadata.value: Invalid value: "60%": must be a whole number of percent above 0',
    ],
    'cpu without a type': [
      { triggers: [{ type: 'cpu', metadata: { value: '60' } }] },
      'spec.triggers[0].metadata.type: Unsupported value: "": supported values: "Utilization", "AverageValue"',
    ],
    'prometheus without a query': [
      { triggers: [{ type: 'prometheus', metadata: { ...query, query: '' } }] },
      'spec.triggers[0].metadata.query: Required value: must be a query',
    ],
    'a threshold that is none': [
      { triggers: [{ type: 'prometheus', metadata: { ...query, threshold: 'ten' } }] },
      'spec.triggers[0].metadata.threshold: Invalid value: "ten": must be a quantity, such as "500m", "2", "100Mi" or "1e3"',
    ],
    'an unknown time zone': [
      { triggers: [{ ...cron, metadata: { ...cron.metadata, timezone: 'Berlin' } }] },
      'spec.triggers[0].metadata.timezone: Invalid value: "Berlin": must be a time zone of the IANA database, such as Europe/Berlin',
    ],
    'a start that is the end': [
      { triggers: [{ ...cron, metadata: { ...cron.metadata, end: cron.metadata.start } }] },
      'spec.triggers[0].metadata.end: Invalid value: "0 8 * * 1-5": must differ from start',
    ],
    'an unknown fallback behavior': [
      { fallback: { failureThreshold: 1, replicas: 1, behavior: 'Static' }, triggers: [prometheus] },
      'spec.fallback.behavior: Unsupported value: "Static": supported values: "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower", "static"',
    ],
    'bounds that cross': [
      { minReplicaCount: 5, maxReplicaCount: 2, triggers: [cpu] },
      'spec.maxReplicas: Invalid value: 2: must be greater than or equal to minReplicas',
    ],
  };
  for (const [name, [spec, message]] of Object.entries(bad))
    it(`is refused, naming the field: ${name}`, () => {
      expect(problems(spec)).to.deep.equal([message]);
    });
});
