import { platform } from 'node:os';

import { expect } from 'chai';

import { rateOver, startMetrics } from '../../../src/devcluster/node/metrics.ts';
import type { Sample } from '../../../src/devcluster/node/metrics.ts';
import { ProcessGroups } from '../../../src/devcluster/node/process-groups.ts';
import { parseStat, readUsage } from '../../../src/devcluster/node/usage.ts';
import { eventually } from '../../support/wait.ts';

const env = { PATH: process.env.PATH ?? '' };
const burn = 'const end = Date.now() + 60_000; while (Date.now() < end);';

describe('what processes use', () => {
  const processes = new ProcessGroups();
  after(() => processes.close(0));

  it('is read from /proc, whatever the process is called', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 4));
    const stat = parseStat(`7 (a) (b c) S ${fields.join(' ')}`);
    // ppid 4, pgrp 5, session 6; utime, stime, cutime, cstime are 11 fields on: 14 to 17.
    expect(stat).to.deep.equal({ session: 6, ticks: 14 + 15 + 16 + 17 });
    expect(parseStat('')).to.equal(undefined);
  });

  it('grows with the CPU time that a process burns, and a sleeping one uses none', async () => {
    const busy = await processes.start({ argv: [process.execPath, '-e', burn], env });
    const idle = await processes.start({ argv: ['sleep', '60'], env });
    const used = await eventually('half a second is burnt', async () => {
      const usage = await readUsage([busy.pid, idle.pid]);
      return (usage.get(busy.pid)?.cpuNanos ?? 0) > 5e8 && usage;
    });
    expect(used.get(idle.pid)?.cpuNanos).to.be.below(1e8);
    expect(used.get(busy.pid)?.memoryBytes).to.be.within(1e6, 1e9);
    busy.signal('SIGKILL');
    idle.signal('SIGKILL');
    await Promise.all([busy.exited, idle.exited]);
    expect((await readUsage([busy.pid])).size).to.equal(0);
  });

  it('counts the children of a process', async function () {
    if (platform() !== 'linux') this.skip();
    const parent = await processes.start({
      argv: ['sh', '-c', `"${process.execPath}" -e "${burn}"; true`],
      env,
    });
    await eventually(
      'the child burns',
      async () => ((await readUsage([parent.pid])).get(parent.pid)?.cpuNanos ?? 0) > 3e8,
    );
    parent.signal('SIGKILL');
    await parent.exited;
  });
});

describe('the rate of CPU use', () => {
  const sample = (atMs: number, cpuMs: number, memoryBytes = 0): Sample => ({
    atMs,
    cpuNanos: cpuMs * 1e6,
    memoryBytes,
  });

  it('is not known before a whole window', () => {
    expect(rateOver([], 1000)).to.equal(undefined);
    expect(rateOver([sample(0, 0), sample(999, 500)], 1000)).to.equal(undefined);
  });

  it('is the mean over the window that ends with the last sample', () => {
    const samples = [sample(0, 0), sample(1000, 900), sample(2000, 1000, 7), sample(3000, 1100, 8)];
    expect(rateOver(samples, 2000)).to.deep.equal({
      atMs: 3000,
      spanMs: 2000,
      cpuNanoCores: 1e8,
      memoryBytes: 8,
    });
  });

  it('is never negative', () => {
    expect(rateOver([sample(0, 500), sample(1000, 100)], 1000)?.cpuNanoCores).to.equal(0);
  });
});

describe('the metrics of the node', () => {
  /** Measures by hand: usage and time are the test's. */
  function metricsOf(containers: { pod: string; container: string; pid: number | undefined }[]) {
    const usage = new Map<number, { cpuNanos: number; memoryBytes: number }>();
    const lines: string[] = [];
    let nowMs = Date.parse('2030-01-01T00:00:00Z');
    let samples = 0;
    const metrics = startMetrics({
      containers: () => containers.map((one) => ({ namespace: 'n', ...one })),
      nodeName: 'node',
      readUsage: () => {
        samples += 1;
        return Promise.resolve(new Map(usage));
      },
      now: () => nowMs,
      log: (line) => lines.push(line),
      windowMs: 2000,
      sampleEveryMs: 1,
    });
    return {
      metrics,
      sampleAt: async (atMs: number, used: Record<number, { cpuNanos: number; memoryBytes: number }>) => {
        nowMs = Date.parse('2030-01-01T00:00:00Z') + atMs;
        for (const [pid, value] of Object.entries(used)) usage.set(Number(pid), value);
        const before = samples;
        await eventually('two samples were taken', () => samples > before + 1);
      },
    };
  }

  it('say each container of a pod once there is a window', async () => {
    const { metrics, sampleAt } = metricsOf([
      { pod: 'web', container: 'app', pid: 11 },
      { pod: 'web', container: 'side', pid: 12 },
    ]);
    try {
      const memoryBytes = 20 * 1024 * 1024;
      await sampleAt(0, { 11: { cpuNanos: 0, memoryBytes }, 12: { cpuNanos: 0, memoryBytes } });
      expect(metrics.pods()).to.deep.equal([]);
      await sampleAt(2000, { 11: { cpuNanos: 1e9, memoryBytes }, 12: { cpuNanos: 0, memoryBytes } });
      expect(metrics.pods()).to.deep.equal([
        {
          apiVersion: 'metrics.k8s.io/v1beta1',
          kind: 'PodMetrics',
          metadata: { name: 'web', namespace: 'n', creationTimestamp: '2030-01-01T00:00:02Z' },
          timestamp: '2030-01-01T00:00:02Z',
          window: '2s',
          containers: [
            { name: 'app', usage: { cpu: '500000000n', memory: '20480Ki' } },
            { name: 'side', usage: { cpu: '0', memory: '20480Ki' } },
          ],
        },
      ]);
      expect(metrics.nodes()[0]?.metadata.name).to.equal('node');
    } finally {
      metrics.stop();
    }
  });

  it('leave out a pod with a container that does not run', async () => {
    const { metrics, sampleAt } = metricsOf([
      { pod: 'web', container: 'app', pid: 11 },
      { pod: 'web', container: 'crashed', pid: undefined },
    ]);
    try {
      await sampleAt(0, { 11: { cpuNanos: 0, memoryBytes: 1024 } });
      await sampleAt(5000, { 11: { cpuNanos: 0, memoryBytes: 1024 } });
      expect(metrics.pods()).to.deep.equal([]);
      expect(metrics.nodes()).to.have.length(1);
    } finally {
      metrics.stop();
    }
  });
});
