import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { Descendants, Plimsoll, processesWith } from '../support/processes.ts';
import { eventually } from '../support/wait.ts';

type StopSignal = 'SIGINT' | 'SIGTERM';

interface Moment {
  /** Resolves at the moment; absent: as soon as there is a process. */
  readonly reached?: (demo: Plimsoll, below: Descendants) => Promise<unknown>;
  /** How many pods must have been started by then. */
  readonly pods: number;
}

const moments: Readonly<Record<string, Moment>> = {
  'as soon as there is a process': { pods: 0 },
  'as the cluster starts': { reached: async (demo) => demo.told(/^Starting the dev cluster/m), pods: 0 },
  'while the first pod starts': {
    reached: async (demo, below) => {
      await demo.told(/^Applied Deployment/m);
      await eventually('the pod has a process', () => below.podsSeen > 0);
    },
    pods: 1,
  },
  'while it waits for metrics': {
    reached: async (demo) => demo.told(/^Waiting for the first CPU/m),
    pods: 1,
  },
  'under load': { reached: async (demo) => demo.told(/ramp to .* ready=\d+\/[2-9]/), pods: 2 },
  'in the quiet phase': { reached: async (demo) => demo.told(/\d quiet at /), pods: 3 },
};

/** These take a while: their demos run side by side. */
const late = ['under load', 'in the quiet phase'];

describe('what is started is ended', function () {
  this.timeout(120_000);
  let home: string;

  before(function () {
    if (process.platform !== 'linux') this.skip(); // Processes are counted in /proc.
    home = mkdtempSync(join(tmpdir(), 'plimsoll-home-'));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it('Ctrl-C on a cluster with pods leaves no process behind', async function () {
    if (kubectlVersion === undefined) return this.skip();
    const cluster = await ClusterProcess.start();
    try {
      const below = new Descendants(cluster.plimsoll);
      await cluster.kubectl.run('apply -f examples/walkthrough/deployment.yaml');
      await cluster.kubectl.run('scale deployment/walkthrough --replicas=3');
      await eventually('three pods run', () => below.pods().length === 3);
      const { code } = await cluster.plimsoll.stop('SIGINT');
      expect(below.remaining()).to.deep.equal([]);
      expect(code).to.equal(0);
    } finally {
      await cluster.stop();
    }
  });

  it('a killed pod process is started again, and counted', async function () {
    if (kubectlVersion === undefined) return this.skip();
    const cluster = await ClusterProcess.start();
    try {
      const below = new Descendants(cluster.plimsoll);
      await cluster.kubectl.run('apply -f examples/walkthrough/deployment.yaml');
      await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
      const killed = below.pods().map(({ pid }) => pid);
      expect(killed).to.have.length(1);
      process.kill(killed[0] ?? 0, 'SIGKILL');
      await eventually('the restart is counted and the pod ready again', async () => {
        const status = await cluster.kubectl.run(
          'get pods -o jsonpath={.items[0].status.containerStatuses[0].restartCount},{.items[0].status.containerStatuses[0].ready}',
        );
        return status === '1,true';
      });
      const restarted = below.pods().map(({ pid }) => pid);
      expect(restarted).to.have.length(1);
      expect(restarted).not.to.deep.equal(killed);
    } finally {
      await cluster.stop();
    }
  });

  /** Runs a demo up to the moment, stops it, and looks for what it left. */
  async function stopDemo(moment: string, signal: StopSignal): Promise<void> {
    const { reached, pods } = moments[moment] ?? { pods: 0 };
    const own = mkdtempSync(join(home, 'demo-'));
    const temporary = join(own, 'tmp');
    mkdirSync(temporary);
    const env = { PATH: process.env.PATH, HOME: own, TMPDIR: temporary };
    const demo = new Plimsoll(['demo', '--output', 'json', '--peak', '1s'], { env });
    const below = new Descendants(demo);
    try {
      await reached?.(demo, below);
    } finally {
      await demo.stop(signal);
    }
    const { code, signal: endedBy, stdout, stderr } = await demo.ended();
    expect(below.remaining(), `${signal}: still running`).to.deep.equal([]);
    expect(processesWith('HOME', own), `${signal}: still running elsewhere`).to.deep.equal([]);
    expect(readdirSync(temporary), `${signal}: files`).to.deep.equal([]);
    expect(below.podsSeen, `${signal}: pods started`).to.be.at.least(pods);
    // Before there is a handler, the signal itself ends the process.
    expect([code, endedBy], stderr).to.be.deep.oneOf(
      reached === undefined ? [[130, null], [null, signal]] : [[130, null]], // prettier-ignore
    );
    expect(stdout).to.equal('');
    expect(stderr).not.to.match(/\n {4}at /);
  }

  for (const moment of Object.keys(moments).filter((name) => !late.includes(name))) {
    it(`SIGINT and SIGTERM on the demo ${moment} leave nothing behind`, async () => {
      await Promise.all([stopDemo(moment, 'SIGINT'), stopDemo(moment, 'SIGTERM')]);
    });
  }

  it(`SIGINT and SIGTERM on demos ${late.join(' and ')} leave nothing behind`, async () => {
    const [underLoad = '', quiet = ''] = late;
    await Promise.all([
      stopDemo(underLoad, 'SIGINT'),
      stopDemo(underLoad, 'SIGTERM'),
      stopDemo(quiet, 'SIGINT'),
    ]);
  });
});
