/** How many pods a ReplicaSet has here: their labels, images and requests are the same. */
const podsOfOne = 20;

/**
 * A pod as a production cluster stores it, 6 to 14 KB of JSON: one to three containers with environment, probes and mounts, all
 * conditions and statuses, and the managedFields that make up a third of it.
 */
export function realisticPod(index: number): object {
  const app = Math.floor(index / podsOfOne);
  const hash = (app * 2_654_435_761).toString(36).slice(-9).padStart(9, '0');
  const name = `service-${app}-${hash}-${(index * 7919 + 60_466_176).toString(36).slice(-5)}`;
  const namespace = `team-${app % 50}`;
  const containers = Array.from({ length: 1 + (app % 3) }, (_, at) => container(app, at));
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: metadata(index, { app, hash, name, namespace }),
    spec: spec(index, app, containers),
    status: status(index, containers),
  };
}

interface Names {
  readonly app: number;
  readonly hash: string;
  readonly name: string;
  readonly namespace: string;
}

const startedAt = '2026-11-20T10:11:12Z';

function metadata(index: number, { app, hash, name, namespace }: Names): object {
  return {
    name,
    generateName: `service-${app}-${hash}-`,
    namespace,
    uid: uid(index),
    resourceVersion: String(1_000_000 + index),
    creationTimestamp: startedAt,
    labels: {
      'app.kubernetes.io/name': `service-${app}`,
      'app.kubernetes.io/instance': `service-${app}-production`,
      'app.kubernetes.io/part-of': `team-${app % 50}-platform`,
      'app.kubernetes.io/version': `2026.11.${app % 30}`,
      'app.kubernetes.io/managed-by': 'Helm',
      'pod-template-hash': hash,
    },
    annotations: {
      'checksum/config': uid(app).repeat(2),
      'prometheus.io/port': '9090',
      'prometheus.io/scrape': 'true',
      'kubectl.kubernetes.io/restartedAt': '2026-11-19T08:00:00Z',
    },
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: `service-${app}-${hash}`,
        uid: uid(app),
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    managedFields: [
      managedFields('kube-controller-manager', 30 + 8 * (app % 4), undefined),
      managedFields('kubelet', 24, 'status'),
    ],
  };
}

function managedFields(manager: string, fields: number, subresource: string | undefined): object {
  const own = Object.fromEntries(
    Array.from({ length: fields }, (_, at) => [
      `k:{"name":"SETTING_${at}"}`,
      { '.': {}, 'f:name': {}, 'f:value': {} },
    ]),
  );
  const fieldsV1 = { 'f:spec': { 'f:containers': own } };
  const base = { manager, operation: 'Update', apiVersion: 'v1', time: startedAt, fieldsType: 'FieldsV1' };
  return { ...base, fieldsV1, ...(subresource === undefined ? {} : { subresource }) };
}

function container(app: number, at: number) {
  const probe = {
    httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
  };
  return {
    name: ['app', 'proxy', 'log-shipper'][at] ?? 'other',
    image: `registry.example.com/team-${app % 50}/service-${app}:2026.11.${app % 30}`,
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 6 + (app % 8) }, (_, number) => ({
      name: `SETTING_${number}`,
      value: `value-of-setting-${number}-of-service-${app}`,
    })),
    resources: {
      limits: { cpu: '1', memory: '512Mi' },
      requests: { cpu: `${100 + 50 * (app % 8)}m`, memory: `${128 + 64 * (app % 4)}Mi` },
    },
    volumeMounts: [
      { name: 'config', readOnly: true, mountPath: '/etc/service' },
      { name: 'token', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: probe,
    readinessProbe: probe,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
  };
}

function spec(index: number, app: number, containers: readonly object[]): object {
  return {
    containers,
    volumes: [
      { name: 'config', configMap: { name: `service-${app}-config`, defaultMode: 420 } },
      {
        name: 'token',
        projected: { sources: [{ serviceAccountToken: { path: 'token' } }], defaultMode: 420 },
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: `service-${app}`,
    nodeName: `node-${index % 400}.eu-central-1.compute.internal`,
    schedulerName: 'default-scheduler',
    tolerations: ['not-ready', 'unreachable'].map((problem) => ({
      key: `node.kubernetes.io/${problem}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function status(index: number, containers: readonly ReturnType<typeof container>[]): object {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    phase: 'Running',
    startTime: startedAt,
    hostIP: `10.0.${index % 250}.${index % 200}`,
    podIP: `10.${index % 250}.${index % 240}.${index % 230}`,
    qosClass: 'Burstable',
    conditions: types.map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: startedAt,
    })),
    containerStatuses: containers.map(({ name, image }, at) => ({
      name,
      image,
      imageID: `${image}@sha256:${uid(index).repeat(2)}`,
      containerID: `containerd://${uid(index * 3 + at).repeat(2)}`,
      state: { running: { startedAt } },
      lastState: {},
      ready: true,
      started: true,
      restartCount: 0,
    })),
  };
}

function uid(index: number): string {
  return `${(index * 2_654_435_761).toString(16).padStart(12, '0')}-4a4a-8b8b-9c9c-${index.toString(16).padStart(12, '0')}`;
}
