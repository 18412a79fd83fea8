import { expect } from 'chai';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import { decide } from '../../src/decide/decide.ts';
import type { Outcome } from '../../src/decide/decision.ts';
import { createLogger } from '../../src/lib/logger.ts';
import type { Autoscaler } from '../../src/operator/autoscaler-table.ts';
import { DecisionLog } from '../../src/operator/decision-log.ts';
import { tellDecision } from '../../src/operator/tell-decision.ts';
import * as given from '../decide/builders.ts';

const web = { key: 'shop/web' } as Autoscaler;

const evenly = (replicas: number, cpu: number): Partial<DecideInput> => ({
  snapshot: given.snapshot(replicas, [given.usages(...Array.from({ length: replicas }, () => cpu))]),
});

describe('DecisionLog', () => {
  let lines: Record<string, unknown>[];
  let log: DecisionLog;

  beforeEach(() => {
    lines = [];
    const write = (line: string): number => lines.push(JSON.parse(line) as Record<string, unknown>);
    log = new DecisionLog(createLogger({ format: 'json', stream: { write } })); // at level info
  });

  function decided(changes: Partial<DecideInput>, outcome: Outcome = { type: 'NotNeeded' }): void {
    const input = given.input(changes);
    const decision = decide(input);
    const told = tellDecision(decision, input.policy);
    const { conditions } = decision;
    const { snapshot } = input;
    log.record(web, {
      type: 'Decided',
      decision,
      told,
      snapshot,
      outcome,
      metricMs: [],
      conditions,
      mode: 'Active',
    });
  }
  const messages = (): unknown[] => lines.map(({ msg }) => msg);

  it('has one line for a change, with what led to it', () => {
    decided(evenly(2, 1000), { type: 'Scaled' });
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.include({
      ...{ msg: 'scaled', autoscaler: 'shop/web', from: 2, to: 4, verdict: 'Computed' },
      metrics: { 'Resource/cpu': 4 },
      limits: [],
    });
    expect(lines[0]?.why).to.match(/^2 -> 4: cpu at 100 %/);
  });

  it('is silent while decisions come out alike, whatever the metrics show', () => {
    for (const cpu of [500, 510, 490, 505]) decided(evenly(2, cpu));
    expect(messages()).to.deep.equal([]);
  });

  it('says nothing more of the count that was scaled to', () => {
    decided(evenly(2, 1000), { type: 'Scaled' });
    decided(evenly(4, 500));
    expect(messages()).to.deep.equal(['scaled']);
  });

  it('has a line when a limit begins to hold, and when it ends, with its reason', () => {
    const held = {
      history: given.history({ recommendations: [{ atMs: given.now - given.minutes, replicas: 4 }] }),
    };
    decided(evenly(4, 500));
    for (const cpu of [100, 110, 120]) decided({ ...evenly(4, cpu), ...held });
    decided(evenly(4, 500));
    expect(lines.map(({ msg, limits }) => [msg, limits])).to.deep.equal([
      ['decided', ['stabilization/ScaleDownStabilized']],
      ['decided', []],
    ]);
  });

  it('tells of a failure once, and once more when it is over', () => {
    const failed = {
      snapshot: given.snapshot(2, [
        { type: 'Resource', usage: { ok: false, message: 'no answer' } },
      ] as const),
    };
    decided(evenly(2, 500));
    for (let tick = 0; tick < 3; tick += 1) decided(failed);
    decided(evenly(2, 500));
    expect(messages().slice(0, 2)).to.deep.equal(['cannot decide', 'can decide again']);
  });

  it('begins anew with an autoscaler that was deleted', () => {
    decided(evenly(2, 500));
    log.forget(web);
    decided(evenly(4, 500));
    expect(messages()).to.deep.equal([]);
  });
});
