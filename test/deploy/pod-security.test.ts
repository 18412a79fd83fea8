import { expect } from 'chai';
import type { Container, PodSpec } from './manifests.ts';
import { built, overlays, theOne, withoutKustomize, written } from './manifests.ts';

/** The level `restricted` of Kubernetes' pod security standards, for what our pods could break, and our own rules on top. */
const podRules: Readonly<Record<string, (pod: PodSpec) => boolean>> = {
  'share no namespace of the node': (pod) => !pod.hostNetwork && !pod.hostPID && !pod.hostIPC,
  'mount nothing, so that nothing needs to be writable': (pod) => (pod.volumes ?? []).length === 0,
  'do not run as root': (pod) => pod.securityContext.runAsNonRoot === true,
  'run as a user with a number above 10000, which no node knows': (pod) =>
    (pod.securityContext.runAsUser ?? 0) > 10_000,
  'have the seccomp profile of the runtime': (pod) =>
    pod.securityContext.seccompProfile?.type === 'RuntimeDefault',
  'have a service account of their own and ask for its token': (pod) =>
    pod.serviceAccountName === 'plimsoll' && pod.automountServiceAccountToken,
  'have no init containers': (pod) => (pod.initContainers ?? []).length === 0,
};

const containerRules: Readonly<Record<string, (container: Container) => boolean>> = {
  'are not privileged and cannot become so': ({ securityContext }) =>
    securityContext.privileged !== true && securityContext.allowPrivilegeEscalation === false,
  'drop every capability and add none': ({ securityContext: { capabilities } }) =>
    capabilities?.drop?.join() === 'ALL' && (capabilities.add ?? []).length === 0,
  'have a read-only root': ({ securityContext }) => securityContext.readOnlyRootFilesystem === true,
  'take back nothing of what their pod says': ({ securityContext }) =>
    securityContext.runAsNonRoot !== false &&
    securityContext.runAsUser === undefined &&
    securityContext.seccompProfile === undefined,
  'bind no port of the node and no privileged one': ({ ports }) =>
    ports.every((port) => port.containerPort > 1024 && !('hostPort' in port)),
  'request CPU and memory, and limit memory, not CPU': ({ resources: { requests, limits } }) =>
    Object.keys(requests).sort().join() === 'cpu,memory' && Object.keys(limits).join() === 'memory',
  'are probed for life and readiness where the operator answers': ({ livenessProbe, readinessProbe }) =>
    livenessProbe.httpGet.path === '/healthz' && readinessProbe.httpGet.path === '/readyz',
};

function podOf(objects: Parameters<typeof theOne>[0]): PodSpec {
  return theOne(objects, 'Deployment').spec.template.spec;
}

describe('the pods of deploy/base', () => {
  const pod = podOf(written('deploy/base'));
  for (const [sentence, holds] of Object.entries(podRules))
    it(sentence, () => {
      expect(holds(pod)).to.equal(true);
    });
  for (const [sentence, holds] of Object.entries(containerRules))
    it(`have containers that ${sentence}`, () => {
      expect(pod.containers).to.have.length(1);
      expect(pod.containers.every(holds)).to.equal(true);
    });
});

describe(`the pods of each overlay${withoutKustomize === undefined ? '' : ` (skipped: ${withoutKustomize})`}`, () => {
  for (const overlay of overlays)
    it(`of ${overlay} keep all these rules`, function () {
      if (withoutKustomize !== undefined) return this.skip();
      const pod = podOf(built(`deploy/overlays/${overlay}`));
      const broken = [
        ...Object.entries(podRules).filter(([, holds]) => !holds(pod)),
        ...Object.entries(containerRules).filter(([, holds]) => !pod.containers.every(holds)),
      ];
      expect(broken.map(([sentence]) => sentence)).to.deep.equal([]);
    });
});
