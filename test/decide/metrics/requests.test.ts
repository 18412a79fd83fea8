import { expect } from 'chai';
import { requestOf } from '../../../src/decide/metrics/requests.ts';
import type { RequestQuery } from '../../../src/decide/metrics/requests.ts';
import type { ContainerFacts, PodFacts } from '../../../src/decide/snapshot.ts';
import { pod } from '../builders.ts';

const container = (name: string, requests: ContainerFacts['requests']): ContainerFacts => ({
  name,
  requests,
});
const app = container('app', { cpu: 500, memory: 1000 });

const asked = (changes: Partial<PodFacts>, query: Partial<RequestQuery> = {}) => {
  const facts = pod('web-0', { containers: [app], ...changes });
  const request = requestOf(facts, { resource: 'cpu', podLevelResources: true, ...query });
  return request.ok ? request.value : request.message;
};

const cases: Record<string, [Partial<PodFacts>, Partial<RequestQuery>, number | string]> = {
  'add up the containers': [{ containers: [app, container('side', { cpu: 100 })] }, {}, 600],
  'fail for one container without the request': [
    { containers: [app, container('side', { memory: 1 })] },
    {},
    'missing request for cpu in container side of Pod web-0',
  ],
  'leave out plain init containers': [{ initContainers: [container('init', {})] }, {}, 500],
  'are those of one container where it is named': [
    { containers: [app, container('side', { cpu: 100 })] },
    { container: 'side' },
    100,
  ],
  'fail for a pod without the named container': [
    {},
    { container: 'side' },
    'container side not found in Pod web-0',
  ],
  'fail where the named container has no request': [
    { containers: [app, container('side', {})] },
    { container: 'side' },
    'missing request for cpu in container side of Pod web-0',
  ],
  "are the pod's own where it has them": [{ podRequests: { cpu: 2000 } }, {}, 2000],
  "are the containers' where the feature is off": [
    { podRequests: { cpu: 2000 } },
    { podLevelResources: false },
    500,
  ],
  "are the named container's whatever the pod asks for": [
    { podRequests: { cpu: 2000 } },
    { container: 'app' },
    500,
  ],
  'add the overhead to pod-level requests': [{ podRequests: { cpu: 2000 }, overhead: { cpu: 50 } }, {}, 2050],
  'leave the overhead out without pod-level requests': [{ overhead: { cpu: 50 } }, {}, 500],
  'come from the containers where the pod asks for another resource': [
    { podRequests: { memory: 5000 }, containers: [app, container('side', {})] },
    {},
    500,
  ],
  'are at least those of the largest init container then': [
    { podRequests: { memory: 5000 }, initContainers: [container('init', { cpu: 900 })] },
    {},
    900,
  ],
  'fail where neither pod nor container has one': [
    { podRequests: { memory: 5000 }, containers: [container('app', {})] },
    {},
    'missing pod-level request for cpu in Pod web-0',
  ],
  'are the overhead alone where that is all there is': [
    { podRequests: { memory: 5000 }, containers: [container('app', {})], overhead: { cpu: 50 } },
    {},
    50,
  ],
  'count huge pages as pod-level requests, which no container has to match': [
    { podRequests: { 'hugepages-2Mi': 1 }, containers: [app, container('side', {})] },
    {},
    500,
  ],
  "are the pod's own whatever else it asks for": [
    { podRequests: { cpu: 2000, 'example.com/gpu': 1 } },
    {},
    2000,
  ],
  'do not take any other resource for a pod-level request': [
    { podRequests: { 'example.com/gpu': 1 }, containers: [container('app', {})] },
    {},
    'missing request for cpu in container app of Pod web-0',
  ],
};

describe('requests', () => {
  for (const [sentence, [changes, query, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(asked(changes, query)).to.equal(expected);
    });
  }
});
