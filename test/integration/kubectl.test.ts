import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterProcess } from '../support/cluster-process.ts';
import { type Kubectl, kubectlVersion } from '../support/kubectl.ts';
import { eventually } from '../support/wait.ts';

const walkthrough = 'examples/walkthrough';
const files = ['-f', `${walkthrough}/deployment.yaml`, '-f', `${walkthrough}/service.yaml`, '-f', '-'];
const autoscaler = readFileSync(`${walkthrough}/customautoscaler.yaml`, 'utf8');

/** A pod of an image that is not mapped, which runs as its command says: logs once more when a file is there. */
const talker = (file: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'talker', labels: { app: 'talker' } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'sh',
          image: 'busybox',
          command: [
            'sh',
            '-c',
            `echo before; until [ -e ${file} ]; do sleep 0.1; done; echo after; sleep 600`,
          ],
        },
      ],
    },
  });

/** Every command that a user of the walkthrough types, with the real kubectl; in order, each on what the ones before left. */
describe('kubectl on the dev cluster', function () {
  this.timeout(180_000);
  let cluster: ClusterProcess | undefined;
  let kubectl: Kubectl;

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await ClusterProcess.start();
    kubectl = cluster.kubectl;
  });
  after(async () => cluster?.stop());

  it('version says what the server is', async () => {
    expect(await kubectl.run('version')).to.match(/Server Version: .*v1\.\d+\.\d+/s);
  });

  it('api-resources lists the built-in kinds and ours with its short name', async () => {
    const text = await kubectl.run('api-resources');
    expect(text).to.match(/^customautoscalers +cas +plimsoll\.dev\/v1 +true +CustomAutoscaler$/m);
    expect(text).to.match(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
  });

  /** Runs a kubectl that does not end by itself, for as long as `look` takes. */
  async function following(words: string, look: (seen: () => string) => Promise<void>): Promise<void> {
    const running = kubectl.start(words);
    let seen = '';
    running.stdout?.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    try {
      await look(() => seen);
      expect(running.exitCode, `kubectl ${words} still runs`).to.equal(null);
    } finally {
      running.kill();
    }
  }

  it('apply -f creates the walkthrough, and says unchanged the second time', async () => {
    const first = await kubectl.run('apply', files, autoscaler);
    expect(first).to.include('deployment.apps/walkthrough created');
    expect(first).to.include('service/walkthrough created');
    expect(first).to.include('customautoscaler.plimsoll.dev/walkthrough created');
    const again = await kubectl.run('apply', files, autoscaler);
    expect(again.match(/unchanged/g)).to.have.length(3);
  });

  it('apply -f with a change changes just that', async () => {
    const changed = autoscaler.replace(/maxReplicas: \d+/, 'maxReplicas: 7');
    expect(await kubectl.run('apply -f -', [], changed)).to.include('configured');
    expect(await kubectl.run('get cas walkthrough -o jsonpath={.spec.maxReplicas}')).to.equal('7');
    const deployment = readFileSync(`${walkthrough}/deployment.yaml`, 'utf8').replace(
      /cpu: 100m/,
      'cpu: 90m',
    );
    expect(await kubectl.run('apply -f -', [], deployment)).to.include(
      'deployment.apps/walkthrough configured',
    );
    expect(
      await kubectl.run(
        'get deploy walkthrough -o jsonpath={.spec.template.spec.containers[0].resources.requests.cpu}',
      ),
    ).to.equal('90m');
  });

  it('rollout status waits until the pods are ready', async () => {
    expect(await kubectl.run('rollout status deployment/walkthrough --timeout=60s')).to.include(
      'successfully rolled out',
    );
  });

  it('get prints the columns that Kubernetes prints', async () => {
    expect(await kubectl.run('get pods')).to.match(
      /^NAME +READY +STATUS +RESTARTS +AGE\nwalkthrough-\S+ +1\/1 +Running/,
    );
    expect(await kubectl.run('get pods -o wide')).to.match(/^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE/);
    expect(await kubectl.run('get deploy -o wide')).to.match(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nwalkthrough +1\/1 +1 +1 +\d+s +app +plimsoll-walkthrough:latest /,
    );
    expect(await kubectl.run('get svc walkthrough -o wide')).to.match(
      / AGE +SELECTOR\n.* app.kubernetes.io\/name=walkthrough\n$/,
    );
    expect(await kubectl.run('get deploy')).to.match(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nwalkthrough +1\/1 +1 +1 /,
    );
    expect(await kubectl.run('get svc walkthrough')).to.match(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nwalkthrough +ClusterIP +127\.\S+ +<none> +80\/TCP +\d+/,
    );
    expect(await kubectl.run('get cas')).to.match(
      /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +MODE +AGE\nwalkthrough /,
    );
    expect(await kubectl.run('get events')).to.match(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
  });

  it('get -l, -A, all and -o yaml select and print', async () => {
    expect(await kubectl.run('get pods -l app.kubernetes.io/name=walkthrough')).to.include('walkthrough-');
    expect((await kubectl.try('get pods -l app.kubernetes.io/name=other')).stderr).to.include(
      'No resources found',
    );
    for (const kind of ['pods', 'deploy', 'svc', 'cas'])
      expect(await kubectl.run(`get ${kind} -A`)).to.match(/^NAMESPACE +NAME.*\n(.*\n)*default +walkthrough/);
    expect(await kubectl.run('get cas -l app.kubernetes.io/name=walkthrough')).to.match(/^walkthrough /m);
    expect(await kubectl.run('get all')).to.match(
      /pod\/walkthrough-[^]*service\/walkthrough[^]*deployment\.apps\/walkthrough/,
    );
    expect(await kubectl.run('get cas walkthrough -o yaml')).to.match(
      /^apiVersion: plimsoll\.dev\/v1\nkind: CustomAutoscaler\n/,
    );
  });

  it('get deploy -w prints a line for each change', async () => {
    await following('get deploy walkthrough -w', async (seen) => {
      await eventually('the watch prints the present state', () => /walkthrough +1\/1 /.test(seen()));
      await kubectl.run('scale deployment walkthrough --replicas=2');
      await eventually('the watch prints the new pod', () => /walkthrough +2\/2 /.test(seen()));
    });
  });

  it('get pods -w prints the life of a pod', async () => {
    await following('get pods -w', async (seen) => {
      await eventually('the watch prints the pods', () => seen().match(/1\/1 +Running/g)?.length === 2);
      await kubectl.run('scale deployment walkthrough --replicas=3');
      await eventually('the third pod', () =>
        /^(walkthrough-\S+) +0\/1 +Pending [^]*^\1 +0\/1 +Running [^]*^\1 +1\/1 +Running /m.test(seen()),
      );
      await kubectl.run('scale deployment walkthrough --replicas=2');
      await eventually('the end of a pod', () => /^walkthrough-\S+ +1\/1 +Terminating /m.test(seen()));
    });
  });

  it('get cas -w prints a line for each change', async () => {
    await following('get cas -w', async (seen) => {
      await eventually('the watch prints the present state', () => /^walkthrough .* 7 /m.test(seen()));
      await kubectl.run('patch cas walkthrough --type=merge -p', ['{"spec":{"maxReplicas":8}}']);
      await eventually('the watch prints the change', () =>
        /^walkthrough .* 7 [^]*^walkthrough .* 8 /m.test(seen()),
      );
    });
  });

  it('scale, label, patch in three types and edit change objects', async () => {
    await kubectl.run('scale deployment walkthrough --replicas=1');
    await kubectl.run('label deployment walkthrough tier=front');
    await kubectl.run('patch deployment walkthrough --type=strategic -p', [
      '{"metadata":{"labels":{"a":"1"}}}',
    ]);
    await kubectl.run('patch cas walkthrough --type=merge -p', ['{"spec":{"minReplicas":2}}']);
    await kubectl.run('patch cas walkthrough --type=json -p', [
      '[{"op":"replace","path":"/spec/minReplicas","value":1}]',
    ]);
    await kubectl.run('edit cas walkthrough', [], undefined, {
      KUBE_EDITOR: 'sed -i s/maxReplicas:.*/maxReplicas:\\ 9/',
    });
    expect(
      await kubectl.run('get cas walkthrough -o jsonpath={.spec.minReplicas},{.spec.maxReplicas}'),
    ).to.equal('1,9');
    expect(await kubectl.run('get deploy -l tier=front,a=1 -o name')).to.equal(
      'deployment.apps/walkthrough\n',
    );
  });

  it('says which patch types a custom resource takes', async () => {
    const ended = await kubectl.try('patch cas walkthrough --type=strategic -p', ['{"spec":{}}']);
    expect(ended.code).to.equal(1);
    expect(ended.stderr).to.match(/strategic|UnsupportedMediaType/);
  });

  it('describe tells the story of a deployment, a pod and an autoscaler', async () => {
    expect(await kubectl.run('describe deploy walkthrough')).to.match(
      /Conditions:[^]*Available +True[^]*ScalingReplicaSet/,
    );
    const pod = await eventually('the other pods are gone', async () => {
      const names = (await kubectl.run('get pods -o name')).trim().split('\n');
      return names.length === 1 && names[0];
    });
    expect(await kubectl.run(`describe ${pod}`)).to.match(
      /Status: +Running[^]*Events:[^]*Scheduled[^]*Started/,
    );
    expect(await kubectl.run('describe cas walkthrough')).to.match(
      /Kind: +CustomAutoscaler[^]*Max Replicas: +9/,
    );
  });

  it('top pods shows what the operating system measured', async () => {
    const text = await eventually('metrics of the pod', async () => {
      const { code, stdout } = await kubectl.try('top pods');
      return code === 0 && stdout;
    });
    expect(text).to.match(/^NAME +CPU\(cores\) +MEMORY\(bytes\) *\nwalkthrough-\S+ +\d+m +\d+Mi/);
  });

  it('logs prints what the app wrote', async () => {
    expect(await kubectl.run('logs deploy/walkthrough')).to.match(/walkthrough-\S+ listens on /);
  });

  it('logs -f prints what is written after it began', async () => {
    const file = join(kubectl.home, 'go-on');
    expect(await kubectl.run('apply -f -', [], talker(file))).to.include('pod/talker created');
    await kubectl.run('wait --for=condition=Ready pod/talker --timeout=60s');
    await following('logs -f talker', async (seen) => {
      await eventually('the log so far', () => seen() === 'before\n');
      writeFileSync(file, '');
      await eventually('the new line', () => seen() === 'before\nafter\n');
    });
    expect(await kubectl.run('delete pod talker')).to.include('deleted');
  });

  it('wait waits for a condition', async () => {
    expect(
      await kubectl.run('wait --for=condition=Available deployment/walkthrough --timeout=60s'),
    ).to.include('condition met');
  });

  it('explain describes our resource', async function () {
    if (Number(kubectlVersion?.split('.')[1]) < 24) return this.skip();
    expect(await kubectl.run('explain cas.spec')).to.match(
      /KIND: +CustomAutoscaler[^]*maxReplicas[^]*scaleTargetRef/,
    );
    expect(await kubectl.run('explain deployment.spec.replicas')).to.match(/KIND: +Deployment/);
  });

  const allPodsAreGone = async (): Promise<unknown> =>
    eventually('all pods are gone', async () => (await kubectl.run('get pods -o name')) === '');

  it('delete removes what was applied, pods and processes with it', async () => {
    const gone = await kubectl.run('delete', files, autoscaler);
    expect(gone.match(/deleted/g)).to.have.length(3);
    await allPodsAreGone();
  });

  it('apply -k and delete -k work on the folder, as the README has it', async () => {
    const made = await kubectl.run(`apply -k ${walkthrough}/`);
    expect(made.match(/(deployment|service|customautoscaler)\S+walkthrough created/g)).to.have.length(3);
    await kubectl.run('rollout status deployment/walkthrough --timeout=60s');
    expect((await kubectl.run(`apply -k ${walkthrough}/`)).match(/unchanged/g)).to.have.length(3);
    const gone = await kubectl.run(`delete -k ${walkthrough}/`);
    expect(gone.match(/deleted/g)).to.have.length(3);
    await allPodsAreGone();
  });
});
