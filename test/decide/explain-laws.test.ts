import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/decide/decision.ts';
import { explain } from '../../src/decide/explain.ts';
import type { LimiterMark } from '../../src/decide/limiter-marks.ts';
import type { MetricInputs } from '../../src/decide/proposal.ts';
import { history, holds, policy, world } from './arbitraries.ts';
import * as given from './builders.ts';

const decisions: fc.Arbitrary<Decision> = fc
  .tuple(policy, world, history, fc.constantFrom('Active', 'DryRun'))
  .map(([on, snapshot, past, mode]) =>
    decide({
      policy: { ...on, mode },
      snapshot,
      history: past,
      options: given.options,
      nowMs: given.now,
    }),
  );

const headline = /^(?:(\d+) -> (\d+)( \(dry run\))?|stays at (\d+)): ./;

/** Whole seconds as hours, minutes and seconds: the numbers that a span may show. */
function spanNumbers(ms: number): readonly number[] {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
}

function markNumbers(mark: LimiterMark, nowMs: number): readonly number[] {
  const counts = [mark.from, mark.to];
  switch (mark.limiter) {
    case 'tolerance':
    case 'caution':
      return [...counts, 1 - mark.tolerance.down, 1 + mark.tolerance.up].map((number) =>
        Number(number.toFixed(4)),
      );
    case 'stabilization':
      if (mark.by === undefined) return counts;
      return [
        ...counts,
        mark.by.replicas,
        ...spanNumbers(mark.by.expiresAtMs - nowMs),
        ...spanNumbers(nowMs - mark.by.atMs),
      ];
    case 'rate':
      if (mark.by.type === 'Doubling') return [...counts, 4];
      if (mark.by.type === 'Disabled') return counts;
      return [
        ...counts,
        mark.by.value,
        Math.abs(mark.by.startReplicas),
        ...spanNumbers(mark.by.periodSeconds * 1000),
        ...spanNumbers(mark.by.backAtMs - nowMs),
      ];
    case 'activation':
      return [...counts, Number(mark.activationMilli) / 1000];
    case 'ignored':
    case 'bounds':
    case 'range':
    case 'suspended':
      return counts;
  }
}

function inputNumbers({ compared, pods, sampleAgeMs = 0, decidingRatio }: MetricInputs): readonly number[] {
  const ratio = Math.round(decidingRatio * 1000) / 1000;
  const shown = [ratio, ...(compared.of === 'utilization' ? [compared.percent, compared.targetPercent] : [])];
  const groups = pods === undefined ? [] : [pods.ready, pods.unready, pods.missing, pods.ignored];
  const assumed = groups.flatMap(({ countedAs }) =>
    countedAs === undefined ? [] : [countedAs === 'Idle' ? 0 : 100],
  );
  return [...shown, ...groups.map(({ count }) => count), ...assumed, ...spanNumbers(sampleAgeMs)];
}

function numbersOf({ currentReplicas, desiredReplicas, trace, atMs }: Decision): ReadonlySet<number> {
  return new Set([
    currentReplicas,
    desiredReplicas,
    ...trace.proposals.flatMap((one) => (one.ok ? [one.replicas, ...inputNumbers(one.inputs)] : [])),
    ...trace.limiters.flatMap((mark) => markNumbers(mark, atMs)),
  ]);
}

describe('the words of a decision', () => {
  it('begin with its counts', () => {
    holds(
      fc.property(decisions, (decision) => {
        const [, from, to, dryRun, stays] = headline.exec(explain(decision)) ?? [];
        const { currentReplicas, desiredReplicas, rescale } = decision;
        if (rescale) expect([Number(from), Number(to)]).to.deep.equal([currentReplicas, desiredReplicas]);
        else expect(Number(stays)).to.equal(currentReplicas);
        expect(dryRun !== undefined).to.equal(decision.dryRun === true);
      }),
    );
  });

  it('name every limiter that changed the count, with both numbers', () => {
    holds(
      fc.property(decisions, (decision) => {
        const words = explain(decision);
        for (const { from, to } of decision.trace.limiters) {
          if (from !== to) expect(words).to.contain(`${to} instead of ${from}: `);
        }
      }),
    );
  });

  it('name as many changes as there are', () => {
    holds(
      fc.property(decisions, (decision) => {
        const changes = decision.trace.limiters.filter(({ from, to }) => from !== to);
        expect(explain(decision).split(' instead of ')).to.have.length(changes.length + 1);
      }),
    );
  });

  it('hold no number that the decision does not', () => {
    holds(
      fc.property(decisions, (decision) => {
        const known = numbersOf(decision);
        const told = decision.verdict === 'MetricsFailed' ? '' : explain(decision);
        for (const [number] of told.matchAll(/\d+(?:\.\d+)?/g)) expect(known).to.include(Number(number));
      }),
      1000,
    );
  });

  it('follow from the limiters: each begins where the one before it ended', () => {
    holds(
      fc.property(decisions, ({ trace, verdict, desiredReplicas }) => {
        if (verdict !== 'Computed') return;
        const steps = trace.limiters.filter(
          ({ limiter }) => limiter !== 'tolerance' && limiter !== 'caution',
        );
        const winner = trace.winner === undefined ? undefined : trace.proposals[trace.winner];
        let count = winner?.ok === true ? Math.max(0, winner.replicas) : 0;
        for (const { from, to } of steps) {
          expect(from).to.equal(count);
          count = to;
        }
        expect(count).to.equal(desiredReplicas);
      }),
    );
  });
});
