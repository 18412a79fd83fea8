import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { ClusterProcess } from '../support/cluster-process.ts';
import { type Kubectl, kubectlVersion } from '../support/kubectl.ts';
import { spawn } from 'node:child_process';
import { eventually } from '../support/wait.ts';

const walkthrough = 'examples/walkthrough';
const autoscaler = readFileSync(`${walkthrough}/customautoscaler.yaml`, 'utf8');

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

  it('apply -f creates the walkthrough, and says unchanged the second time', async () => {
    const args = ['-f', `${walkthrough}/deployment.yaml`, '-f', `${walkthrough}/service.yaml`, '-f', '-'];
    const first = await kubectl.run('apply', args, autoscaler);
    expect(first).to.include('deployment.apps/walkthrough created');
    expect(first).to.include('service/walkthrough created');
    expect(first).to.include('customautoscaler.plimsoll.dev/walkthrough created');
    const again = await kubectl.run('apply', args, autoscaler);
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
    expect(await kubectl.run('get deploy')).to.match(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nwalkthrough +1\/1 +1 +1 /,
    );
    expect(await kubectl.run('get svc walkthrough')).to.match(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nwalkthrough +ClusterIP +127\./,
    );
    expect(await kubectl.run('get cas')).to.match(
      /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nwalkthrough /,
    );
    expect(await kubectl.run('get events')).to.match(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
  });

  it('get -l, -A, all and -o yaml select and print', async () => {
    expect(await kubectl.run('get pods -l app.kubernetes.io/name=walkthrough')).to.include('walkthrough-');
    expect((await kubectl.try('get pods -l app.kubernetes.io/name=other')).stderr).to.include(
      'No resources found',
    );
    expect(await kubectl.run('get pods -A')).to.match(/^NAMESPACE +NAME/);
    expect(await kubectl.run('get all')).to.match(
      /pod\/walkthrough-[^]*service\/walkthrough[^]*deployment\.apps\/walkthrough/,
    );
    expect(await kubectl.run('get cas walkthrough -o yaml')).to.match(
      /^apiVersion: plimsoll\.dev\/v1\nkind: CustomAutoscaler\n/,
    );
  });

  it('get -w prints a line for each change', async () => {
    const watch = spawn(process.env.KUBECTL ?? 'kubectl', ['get', 'deploy', 'walkthrough', '-w'], {
      env: kubectl.env,
    });
    let seen = '';
    watch.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    try {
      await eventually('the watch prints the present state', () => seen.includes('1/1'));
      await kubectl.run('scale deployment walkthrough --replicas=2');
      await eventually('the watch prints the new pod', () => seen.includes('2/2'));
    } finally {
      watch.kill();
    }
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
    const pod = (await kubectl.run('get pods -o name')).trim().split('\n')[0] ?? '';
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

  it('logs -f follows a container', async () => {
    expect(await kubectl.run('logs deploy/walkthrough')).to.match(/\S/);
    const follow = spawn(process.env.KUBECTL ?? 'kubectl', ['logs', '-f', 'deploy/walkthrough'], {
      env: kubectl.env,
    });
    let seen = '';
    follow.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    try {
      await eventually('the log', () => seen.length > 0);
      expect(follow.exitCode).to.equal(null);
    } finally {
      follow.kill();
    }
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

  it('delete removes what was applied, pods and processes with it', async () => {
    await kubectl.run('delete', ['-k', walkthrough]);
    const { stdout } = await eventually('all pods are gone', async () => {
      const ended = await kubectl.try('get pods -o name');
      return ended.stdout === '' && ended;
    });
    expect(stdout).to.equal('');
  });
});
