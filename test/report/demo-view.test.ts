import { expect } from 'chai';
import type { DemoSample } from '../../src/report/demo-result.ts';
import { demoLine, demoUpdate, renderDemoFrame } from '../../src/report/demo-view.ts';
import { scalingState } from '../../src/report/scaling-state.ts';
import { visibleWidth } from '../../src/report/style.ts';
import { demoState, loadProgress, podNames } from './samples.ts';

const plain = { width: 80, color: false };

describe('live view of the demo', () => {
  it('shows load, CPU against its target, replicas, pods and events in 80 columns', () => {
    expect(renderDemoFrame(demoState(), plain)).to.deep.equal([
      'deployment/walkthrough   ▲ scaling up                               0:36 of 2:00',
      ' phase     ramp to 45 requests/s',
      ' load      offered 38.1/s  done 38.1/s              ▁▁▁▁▁▁▁▂▂▂▃▃▃▄▄▄▅▅▅▅▆▆▆▇▇▇██',
      '           ok 700  failed 0  dropped 0  p50 1.20 ms  p99 14.6 ms',
      ' cpu       95 % of the request ▲  target 80 %       ▂▂▂▂▂▂▂▂▃▃▄▄▅▅▆▆▇▇█▃▃▃▃▃▄▄▄▄',
      ' replicas  ready 4  desired 6  min 1 ▕████░░▏ max 6 ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▆▆▆▆▆▆▆▆▆',
      ' pods                            state       requests  share',
      ' ├─ walkthrough-7c9d8f6b5-2xk0z  ● Ready          300   25 %  ██████████',
      ' ├─ walkthrough-7c9d8f6b5-2xk1z  ● Ready          260   25 %  ██████████',
      ' ├─ walkthrough-7c9d8f6b5-2xk2z  ● Ready          220   25 %  ██████████',
      ' ├─ walkthrough-7c9d8f6b5-2xk3z  ● Ready          180   25 %  ██████████',
      ' ├─ walkthrough-7c9d8f6b5-2xk4z  ○ Starting',
      ' └─ walkthrough-7c9d8f6b5-2xk5z  ○ Starting',
      ' events',
      '    0:24  SuccessfulRescale  New size: 4; reason: cpu utilization above target',
      '    0:34  SuccessfulRescale  New size: 6; reason: cpu utilization above target',
    ]);
  });

  it('says as much before anything is known', () => {
    const nothing = demoState({ samples: [], pods: [], events: [], phase: 'starting' });
    expect(renderDemoFrame(nothing, plain)).to.deep.equal([
      'deployment/walkthrough   ○ starting                                 0:36 of 2:00',
      ' phase     starting',
    ]);
  });

  it('says so before the load has told how it stands', () => {
    const { load, ...silent } = demoState();
    expect(load).not.to.equal(undefined);
    const frame = renderDemoFrame(silent, plain).join('\n');
    expect(frame).to.contain('no answers yet').and.to.contain(`└─ ${podNames[5]}  ○ Starting\n`);
  });

  it('says that a metric is missing, never that it is zero', () => {
    const samples = [{ ...demoState().samples[0]!, cpuPercent: null }];
    const frame = renderDemoFrame(demoState({ samples }), plain).join('\n');
    expect(frame).to.contain('no metric yet  target 80 %').and.not.to.contain(' 0 %');
  });

  it('shows requests against their target where those scale, and CPU without one', () => {
    const { cpuTargetPercent, ...others } = demoState();
    expect(cpuTargetPercent).to.equal(80);
    const frameOf = (perSecond: number | null): string =>
      renderDemoFrame({ ...others, requests: { perSecond, targetPerSecond: 8 } }, plain).join('\n');
    expect(frameOf(9.26)).to.match(/^ requests {2}9\.3\/s a pod ▲ {2}target 8\.0\/s$/m);
    expect(frameOf(8)).to.match(/^ requests {2}8\.0\/s a pod {2}target/m);
    expect(frameOf(null)).to.match(/^ requests {2}no metric yet {2}target 8\.0\/s$/m);
    expect(frameOf(8)).to.match(/^ cpu .*% of the request {2}does not scale/m);
    const line = demoLine({ ...others, requests: { perSecond: 9.26, targetPerSecond: 8 } });
    expect(line.replace(/\n +/, ' ')).to.match(/ requests=9\.3\/8\.0 cpu=\d+% ready=/);
  });

  it('marks failures with a shape, not only with a colour', () => {
    const load = loadProgress({ requests: { sent: 10, ok: 8, failed: 2, dropped: 0 } });
    expect(renderDemoFrame(demoState({ load }), plain).join('\n')).to.contain('✗ failed 2');
  });

  it('marks warnings among the events, keeps the last four, and lets no event move the cursor', () => {
    const event = { atMs: 0, type: 'Warning', reason: 'FailedGetScale', message: 'one\u001b[2J\ntwo' };
    const events = Array.from({ length: 6 }, (_, index) => ({ ...event, atMs: index * 1000 }));
    const lines = renderDemoFrame(demoState({ events, pods: [] }), plain).slice(-5);
    expect(lines[0]).to.equal(' events');
    expect(lines[1]).to.equal('    0:02  ✗ FailedGetScale  one two');
  });

  for (const width of [50, 60, 80, 132]) {
    it(`keeps within ${width} columns, and colours change no width`, () => {
      const without = renderDemoFrame(demoState(), { width, color: false });
      const colored = renderDemoFrame(demoState(), { width, color: true });
      for (const line of without) expect(visibleWidth(line), line).to.be.at.most(width);
      expect(colored.map(visibleWidth)).to.deep.equal(without.map(visibleWidth));
      expect(colored.join('')).to.contain('\u001b[');
    });
  }

  it('has a line without colours for logs', () => {
    expect(demoLine(demoState())).to.equal(
      '0:36 ramp to 45 requests/s | offered=38.1/s done=38.1/s cpu=95%/80% ready=4/6',
    );
    expect(demoLine(demoState({ samples: [] }))).to.equal('0:36 ramp to 45 requests/s');
  });

  it('prints that line for a new phase, a pod that became ready, and an event, which each step has; not for a new rate', () => {
    const change = (state = demoState()): string => demoUpdate(state, plain).change;
    const { samples, events } = demoState();
    const last = samples.at(-1)!;
    expect(change(demoState({ samples: [{ ...last, offeredPerSecond: 1 }] }))).to.equal(change());
    expect(change(demoState({ samples: [{ ...last, readyReplicas: 5 }] }))).not.to.equal(change());
    expect(change(demoState({ samples: [{ ...last, desiredReplicas: 5 }] }))).to.equal(change());
    expect(change(demoState({ events: [...events, ...events] }))).not.to.equal(change());
    expect(change(demoState({ phase: 'peak' }))).not.to.equal(change());
  });

  it('tells of an event in the line that is new with it, within 80 columns, and not again', () => {
    const [event] = demoState().events;
    const lines = demoLine(demoState({ freshEvents: [event!] })).split('\n');
    expect(lines.length).to.be.at.least(2);
    expect(lines.slice(1).join(' ').replaceAll(/ +/g, ' ')).to.match(
      /^ SuccessfulRescale: New size: 4; reason: cpu/,
    );
    for (const line of lines) expect(line.length, line).to.be.at.most(80);
    expect(demoLine(demoState())).not.to.contain('New size');
  });

  it('shows a pod that stops as such', () => {
    const frame = renderDemoFrame(demoState({ pods: [{ name: podNames[0]!, state: 'Stopping' }] }), plain);
    expect(frame.join('\n')).to.contain(`└─ ${podNames[0]}  ▼ Stopping`);
  });
});

describe('scaling state', () => {
  const sample: DemoSample = {
    atMs: 0,
    offeredPerSecond: 0,
    donePerSecond: 0,
    cpuPercent: 50,
    desiredReplicas: 3,
    readyReplicas: 3,
  };
  const states: Record<string, [sample: DemoSample | undefined, shown: string]> = {
    'is starting before anything is known': [undefined, '○ starting'],
    'is starting while no pod is ready': [{ ...sample, readyReplicas: 0 }, '○ starting'],
    'goes up while fewer pods are ready than desired': [{ ...sample, desiredReplicas: 4 }, '▲ scaling up'],
    'goes down while more pods are ready than desired': [{ ...sample, desiredReplicas: 2 }, '▼ scaling down'],
    'waits without a metric': [{ ...sample, cpuPercent: null }, '○ waiting for metrics'],
    'is at its maximum': [{ ...sample, desiredReplicas: 6, readyReplicas: 6 }, '■ at maximum'],
    'is steady else': [sample, '● steady'],
  };
  for (const [sentence, [now, shown]] of Object.entries(states)) {
    it(sentence, () => {
      const { shape, word } = scalingState(now, 6);
      expect(`${shape} ${word}`).to.equal(shown);
    });
  }
});
