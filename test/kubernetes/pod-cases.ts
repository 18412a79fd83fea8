import { expect } from 'chai';
import type { Place } from './support/place.ts';
import { neverReady } from './support/pod-state.ts';

/** Started 100 s ago, and no more ready since 50 s ago. */
const lost = { phase: 'Running', ready: false, startedAgoSeconds: 100, changedAgoSeconds: 50 } as const;

/** Which pods count, and when. */
export const podCases = {
  'leaves the start of a pod out for as long as its autoscaler says': async (place: Place) => {
    const web = await place.run({ name: 'web', replicas: 2 }, () => lost);
    place.load('web', 190);
    await place.autoscale(web);
    await place.has('web', 'ScalingActive=False FailedGetResourceMetric');
    await place.edit('web', { initializationPeriodSeconds: 0, readinessDelaySeconds: 75 });
    await place.stays(web, 2);
    await place.edit('web', { readinessDelaySeconds: 20 });
    await place.scalesTo(web, 4);
    await place.decides('web', /initialization period 0 s, readiness delay 20 s/);
  },

  'steps up once when overload leaves no pod ready': async (place: Place) => {
    const { fleet, metrics } = place.stage;
    const web = await place.run({ name: 'web', replicas: 3 });
    place.load('web', 900);
    // What was asked for before is not held.
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
    await place.autoscale(web, { onAllPodsUnready: 'StepUp', maxReplicas: 3, behavior });
    await place.has('web', 'MaxReplicasReached=True TooManyReplicas');
    fleet.rule(place.namespace, 'web', () => neverReady);
    metrics.usage(place.namespace, 'web', () => undefined);
    await place.has('web', 'ScalingActive=False FailedGetResourceMetric');
    await place.edit('web', { maxReplicas: 20 });
    await place.scalesTo(web, 5);
    await place.event('web', /^SuccessfulRescale New size: 5; reason: No pod is ready/);
    await place.stays(web, 5);
    expect((await place.status('web')).history?.steppedUpTime).to.be.a('string');
  },
};
