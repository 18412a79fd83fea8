import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';
import type { ClusterApi, LogOptions } from '../../../src/devcluster/cluster-api.ts';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodSpec,
} from '../../../src/devcluster/controllers/objects.ts';
import { startNode } from '../../../src/devcluster/node/node.ts';
import type { DevNode, NodeOptions } from '../../../src/devcluster/node/node.ts';
import { eventually } from '../../support/wait.ts';

/** A node with an API server's storage behind it, without controllers. */
export class TestNode {
  readonly api: ClusterApi;
  readonly node: DevNode;
  readonly logged: string[];

  private constructor(api: ClusterApi, node: DevNode, logged: string[]) {
    this.api = api;
    this.node = node;
    this.logged = logged;
  }

  static async start(options: Partial<NodeOptions> = {}): Promise<TestNode> {
    const api = createClusterApi(await startRegistry());
    const logged: string[] = [];
    const log = (line: string): void => {
      logged.push(line);
    };
    const node = await startNode({
      api,
      images: {},
      now: () => Date.now(),
      log,
      restartBackoffMs: 20,
      ...options,
    });
    return new TestNode(api, node, logged);
  }

  create(name: string, container: Partial<Container>, spec: Partial<PodSpec> = {}): void {
    this.api.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'x', ...container }], ...spec },
    });
  }

  pod(name: string): Pod | undefined {
    return this.api.get('pods', 'default', name) as Pod | undefined;
  }

  /** The status of the only container, once it is as wanted. */
  async container(
    name: string,
    what: string,
    holds: (status: ContainerStatus, pod: Pod) => boolean,
  ): Promise<ContainerStatus> {
    return eventually(`${name}: ${what}`, () => {
      const pod = this.pod(name);
      const status = pod?.status?.containerStatuses?.[0];
      return pod && status && holds(status, pod) && status;
    });
  }

  running(name: string): Promise<ContainerStatus> {
    return this.container(name, 'runs', ({ state }) => state.running !== undefined);
  }

  events(name: string): { reason: string; message: string; type: string; count: number }[] {
    const fieldSelector = `involvedObject.name=${name}`;
    return this.api.list('events', { namespace: 'default', fieldSelector }) as never;
  }

  async log(name: string, options: Partial<LogOptions> = {}): Promise<string> {
    const all = { follow: false, previous: false, timestamps: false, ...options };
    let text = '';
    for await (const chunk of this.node.logs.read('default', name, all, new AbortController().signal)) {
      text += Buffer.from(chunk).toString();
    }
    return text;
  }

  async gone(name: string): Promise<void> {
    await eventually(`${name} is gone`, () => this.pod(name) === undefined);
  }
}

/** A container that runs a shell script, found by its own command. */
export function script(text: string): Partial<Container> {
  return { command: ['sh', '-c', text] };
}
