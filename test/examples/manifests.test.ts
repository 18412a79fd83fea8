import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const folder = new URL('../../examples/walkthrough/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

interface Container {
  image: string;
  imagePullPolicy: string;
  ports: { name: string; containerPort: number }[];
  env: { name: string; valueFrom: { fieldRef: { fieldPath: string } } }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  readinessProbe: { httpGet: { path: string; port: string } };
  livenessProbe: { httpGet: { path: string; port: string } };
  securityContext: object;
}
interface Manifest<Spec> {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string> };
  spec: Spec;
}
type Deployment = Manifest<{
  replicas?: number;
  selector: { matchLabels: Record<string, string> };
  template: {
    metadata: { labels: Record<string, string> };
    spec: { securityContext: object; terminationGracePeriodSeconds: number; containers: [Container] };
  };
}>;
type Service = Manifest<{
  selector: Record<string, string>;
  ports: { name: string; port: number; targetPort: string }[];
}>;
type Autoscaler = Manifest<{
  scaleTargetRef: { apiVersion: string; kind: string; name: string };
  minReplicas: number;
  maxReplicas: number;
  metrics: [
    { type: string; resource: { name: string; target: { type: string; averageUtilization: number } } },
  ];
}>;

const deployment = parse(read('deployment.yaml')) as Deployment;
const service = parse(read('service.yaml')) as Service;
const autoscaler = parse(read('customautoscaler.yaml')) as Autoscaler;
const [container] = deployment.spec.template.spec.containers;

describe('walkthrough manifests', () => {
  it('are all in the kustomization, and name no namespace', () => {
    const { resources } = parse(read('kustomization.yaml')) as { resources: string[] };
    expect(resources).to.have.members(['deployment.yaml', 'service.yaml', 'customautoscaler.yaml']);
    for (const { metadata } of [deployment, service, autoscaler]) {
      expect(metadata.namespace).to.equal(undefined);
      expect(metadata.name).to.equal('walkthrough');
    }
  });

  it('leave the replicas to the autoscaler, which targets the Deployment', () => {
    expect(deployment.spec.replicas).to.equal(undefined);
    const { apiVersion, kind, metadata } = deployment;
    expect(autoscaler.spec.scaleTargetRef).to.deep.equal({ apiVersion, kind, name: metadata.name });
  });

  it('select the pods that the Deployment makes', () => {
    const { labels } = deployment.spec.template.metadata;
    expect(labels).to.include(deployment.spec.selector.matchLabels);
    expect(labels).to.include(service.spec.selector);
  });

  it('lead from port 80 of the service to the port that the app listens on by default', () => {
    expect(service.spec.ports).to.deep.equal([{ name: 'http', port: 80, targetPort: 'http' }]);
    expect(container.ports).to.deep.equal([{ name: 'http', containerPort: 8080 }]);
    expect(read('app/server.js')).to.contain("'PORT', 8080");
    for (const { httpGet } of [container.readinessProbe, container.livenessProbe])
      expect(httpGet.port).to.equal('http');
  });

  it('probe what the app serves', () => {
    expect(container.readinessProbe.httpGet.path).to.equal('/readyz');
    expect(container.livenessProbe.httpGet.path).to.equal('/healthz');
  });

  it('tell the app the name and the address of its pod', () => {
    const fields = container.env.map(({ name, valueFrom }) => [name, valueFrom.fieldRef.fieldPath]);
    expect(fields).to.deep.equal([
      ['POD_NAME', 'metadata.name'],
      ['POD_IP', 'status.podIP'],
    ]);
  });

  it('meet the restricted pod security level', () => {
    expect(deployment.spec.template.spec.securityContext).to.deep.include({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(read('app/Dockerfile')).to.match(/^USER 1000$/m);
  });

  it('use the image that the README builds, without pulling one that is there', () => {
    expect(container.image).to.equal('plimsoll-walkthrough:latest');
    expect(container.imagePullPolicy).to.equal('IfNotPresent');
    expect(read('README.md')).to.contain(`docker build -t ${container.image} examples/walkthrough/app`);
  });

  it('give the app longer to stop than it serves on', () => {
    const [, drainMs = ''] = /'DRAIN_MS', (\d+)/.exec(read('app/server.js')) ?? [];
    expect(deployment.spec.template.spec.terminationGracePeriodSeconds * 1000).to.be.above(
      2 * Number(drainMs),
    );
  });

  it('reach all 6 replicas at 45 requests/s and need 1 at 2 requests/s, as the README says', () => {
    const [{ resource }] = autoscaler.spec.metrics;
    const { minReplicas, maxReplicas } = autoscaler.spec;
    expect(container.resources.requests.cpu).to.equal('100m');
    expect(resource).to.deep.equal({ name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } });
    const wanted = (perSecond: number): number => Math.ceil((perSecond * 10) / (100 * 0.8));
    expect([minReplicas, maxReplicas]).to.deep.equal([1, 6]);
    expect(wanted(45)).to.equal(maxReplicas);
    expect(wanted(2)).to.equal(minReplicas);
  });
});

describe("the walkthrough's autoscaler by requests", () => {
  const byRequests = parse(read('customautoscaler-requests.yaml')) as Autoscaler & {
    spec: {
      metrics: [
        { podScrape: { port: string; path: string; metric: object; target: { averageValue: string } } },
      ];
    };
  };
  const [{ podScrape }] = byRequests.spec.metrics;

  it('takes the place of the other: the same name, target and bounds', () => {
    const without = { metrics: undefined };
    expect({ ...byRequests.spec, ...without }).to.deep.equal({ ...autoscaler.spec, ...without });
    expect(byRequests.metadata).to.deep.equal(autoscaler.metadata);
  });

  it('reads what the app counts, at its port, and asks for 6 replicas at 45 requests/s and 1 at 2', () => {
    expect(container.ports.map(({ name }) => name)).to.include(podScrape.port);
    expect(read('app/server.js'))
      .to.contain(`'${podScrape.path}'`)
      .and.to.contain('# TYPE http_requests_total counter');
    expect(podScrape.metric).to.deep.equal({ name: 'http_requests_total' });
    expect(
      [45, 2].map((perSecond) => Math.ceil(perSecond / Number(podScrape.target.averageValue))),
    ).to.deep.equal([6, 1]);
  });
});

describe('the manifests of the other ways in', () => {
  type Ways = Manifest<{
    type?: string;
    selector?: Record<string, string>;
    ports?: { name: string; port: number; targetPort: string; nodePort?: number }[];
    rules?: { host: string; http: { paths: { backend: { service: object } }[] } }[];
  }>;
  const { resources } = parse(read('ways/kustomization.yaml')) as { resources: string[] };
  const objects = new Map(resources.map((file) => [file, parse(read(`ways/${file}`)) as Ways]));

  it('are a NodePort, a LoadBalancer and an Ingress, and name no namespace', () => {
    expect([...objects].map(([file, { kind, spec }]) => [file, spec.type ?? kind])).to.deep.equal([
      ['nodeport.yaml', 'NodePort'],
      ['loadbalancer.yaml', 'LoadBalancer'],
      ['ingress.yaml', 'Ingress'],
    ]);
    for (const { metadata } of objects.values()) expect(metadata.namespace).to.equal(undefined);
  });

  it('lead to the pods of the same app by the same port', () => {
    for (const { spec } of objects.values()) {
      if (spec.selector !== undefined) {
        expect(spec.selector).to.deep.equal(service.spec.selector);
        const [port] = spec.ports ?? [];
        expect(port).to.deep.include(service.spec.ports[0]);
      } else {
        const backends = spec.rules?.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service));
        const port = { name: service.spec.ports[0]?.name };
        expect(backends).to.deep.equal([{ name: service.metadata.name, port }]);
      }
    }
  });
});
