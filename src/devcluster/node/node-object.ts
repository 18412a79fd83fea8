import { availableParallelism, arch, hostname, platform, release, totalmem } from 'node:os';

import type { ClusterApi } from '../cluster-api.ts';
import { formatTime } from '../controllers/metadata.ts';
import { sharedAddress } from '../network/loopback.ts';

export const nodeName = 'plimsoll-dev';

/** What `kubectl version` is told of the API server too. */
const kubeletVersion = 'v1.36.2';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** Writes the Node object of this machine, ready from the start. */
export function registerNode(api: ClusterApi, nowMs: number): void {
  const labels = {
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': platform(),
    'kubernetes.io/arch': architectures[arch()] ?? arch(),
  };
  api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName, labels }, spec: {} });
  // A new node is tainted until its kubelet says that it is ready.
  api.patch('nodes', undefined, nodeName, 'merge', { spec: { taints: null } });
  const stored = api.get('nodes', undefined, nodeName);
  if (stored) api.update('nodes', { ...stored, status: nodeStatus(nowMs) }, 'status');
}

function nodeStatus(nowMs: number): Record<string, unknown> {
  const capacity = {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: '1000',
    'ephemeral-storage': '0',
  };
  return {
    capacity,
    allocatable: capacity,
    addresses: [
      { type: 'InternalIP', address: sharedAddress },
      { type: 'Hostname', address: hostname() },
    ],
    conditions: conditionsAt(formatTime(nowMs)),
    nodeInfo: {
      architecture: architectures[arch()] ?? arch(),
      operatingSystem: platform(),
      kernelVersion: release(),
      osImage: `${platform()} ${release()}`,
      containerRuntimeVersion: 'plimsoll://local-processes',
      kubeletVersion,
      kubeProxyVersion: kubeletVersion,
      machineID: '',
      systemUUID: '',
      bootID: '',
    },
  };
}

function conditionsAt(time: string): Record<string, string>[] {
  const times = { lastHeartbeatTime: time, lastTransitionTime: time };
  const pressure = (type: string, reason: string, message: string): Record<string, string> => ({
    type,
    status: 'False',
    ...times,
    reason,
    message,
  });
  return [
    pressure('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    pressure('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    pressure('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    {
      type: 'Ready',
      status: 'True',
      ...times,
      reason: 'KubeletReady',
      message: 'kubelet is posting ready status',
    },
  ];
}
