import { expect } from 'chai';
import type { History } from '../../src/decide/history.ts';
import type { ScalingRules } from '../../src/decide/policy.ts';
import { rateRule, scaleDownLimit, scaleUpLimit } from '../../src/decide/scale-rate.ts';
import { history, noHistory, now, seconds } from './builders.ts';

const event = (ageSeconds: number, change: number) => ({
  atMs: now - ageSeconds * seconds,
  change,
  outdated: false,
});
const pods = (value: number, periodSeconds = 60) => ({ type: 'Pods', value, periodSeconds }) as const;
const percent = (value: number, periodSeconds = 60) => ({ type: 'Percent', value, periodSeconds }) as const;
const max = (...policies: ScalingRules['policies']): ScalingRules => ({ selectPolicy: 'Max', policies });
const min = (...policies: ScalingRules['policies']): ScalingRules => ({ selectPolicy: 'Min', policies });

const up: Record<string, [number, History, ScalingRules, number]> = {
  'adds pods': [10, noHistory, max(pods(4)), 14],
  'adds percent, rounded up in double arithmetic': [100, noHistory, max(percent(10)), 111],
  'takes the largest with Max': [10, noHistory, max(pods(4), percent(100)), 20],
  'takes the smallest with Min': [10, noHistory, min(pods(4), percent(100)), 14],
  'does not move when Disabled': [10, noHistory, { selectPolicy: 'Disabled', policies: [pods(4)] }, 10],
  'counts from the start of the period': [10, history({ scaleUps: [event(59, 3)] }), max(pods(4)), 11],
  'leaves out an event exactly a period ago': [10, history({ scaleUps: [event(60, 3)] }), max(pods(4)), 14],
  'gives scale-downs of the period back': [10, history({ scaleDowns: [event(59, 3)] }), max(pods(4)), 17],
  'counts each policy over its own period': [
    10,
    history({ scaleUps: [event(30, 3)] }),
    max(pods(4, 15), percent(50, 60)),
    14,
  ],
};

const down: Record<string, [number, History, ScalingRules, number]> = {
  'takes pods away': [10, noHistory, max(pods(4)), 6],
  'takes percent away, cut off': [9, noHistory, max(percent(50)), 4],
  'takes the largest change with Max': [10, noHistory, max(pods(4), percent(100)), 0],
  'takes the smallest change with Min': [10, noHistory, min(pods(4), percent(100)), 6],
  'does not move when Disabled': [10, noHistory, { selectPolicy: 'Disabled', policies: [pods(4)] }, 10],
  'counts from the start of the period': [10, history({ scaleDowns: [event(59, 3)] }), max(pods(4)), 9],
  'takes scale-ups of the period back': [10, history({ scaleUps: [event(59, 3)] }), max(pods(4)), 3],
};

/** What no API server takes, and upstream's controller answers as it comes. */
const odd = (type: string) => ({ ...pods(4), type }) as unknown as ScalingRules['policies'][number];

const oddRules: Record<string, [ScalingRules, up: number, down: number]> = {
  'moves nothing without policies': [max(), 10, 10],
  'has no limit without policies and with Min': [min(), 2 ** 31 - 1, -(2 ** 31 - 1)],
  'reaches 0 by a policy of no known type': [max(odd('Nodes')), 0, 0],
  'repeats the policy before one of no known type': [max(pods(3), odd('Nodes')), 13, 7],
  'takes 0 of a type that nobody knows for the least change': [min(odd('Nodes'), pods(3)), 0, 7],
};

describe('the limit of odd rules', () => {
  for (const [sentence, [rules, upTo, downTo]] of Object.entries(oddRules)) {
    it(sentence, () => {
      expect(scaleUpLimit(10, noHistory, rules, now).replicas).to.equal(upTo);
      expect(scaleDownLimit(10, noHistory, rules, now).replicas).to.equal(downTo);
    });
  }

  it('names the policy that is repeated, and none where none says anything', () => {
    expect(scaleUpLimit(10, noHistory, max(pods(3), odd('Nodes')), now).policy).to.deep.equal(pods(3));
    expect(scaleUpLimit(10, noHistory, max(odd('Nodes')), now).policy).to.equal(undefined);
    expect(rateRule(scaleUpLimit(10, noHistory, max(), now), 0, [], now)).to.deep.equal({ type: 'Disabled' });
  });
});

describe('the limit of scaling up', () => {
  for (const [sentence, [current, past, rules, limit]] of Object.entries(up)) {
    it(sentence, () => {
      expect(scaleUpLimit(current, past, rules, now).replicas).to.equal(limit);
    });
  }
});

describe('the limit of scaling down', () => {
  for (const [sentence, [current, past, rules, limit]] of Object.entries(down)) {
    it(sentence, () => {
      expect(scaleDownLimit(current, past, rules, now).replicas).to.equal(limit);
    });
  }
});

describe('the rule behind a limit', () => {
  it('is the first policy where several let the replicas go as far', () => {
    const same = [pods(10), percent(100)];
    expect(scaleUpLimit(10, noHistory, max(...same), now).policy).to.deep.equal(pods(10));
    expect(scaleUpLimit(10, noHistory, min(...same), now).policy).to.deep.equal(pods(10));
    expect(scaleDownLimit(10, noHistory, max(...same), now).policy).to.deep.equal(pods(10));
    expect(scaleDownLimit(10, noHistory, min(...same), now).policy).to.deep.equal(pods(10));
  });

  const backAtMs = (...used: ReturnType<typeof event>[]) => {
    const rule = rateRule({ replicas: 12, policy: pods(4) }, 2, used, now);
    return 'backAtMs' in rule ? rule.backAtMs - now : undefined;
  };

  it('gives the budget back when its oldest use of the period is over', () => {
    expect(backAtMs(event(20, 1), event(50, 1), event(30, 1))).to.equal(10 * seconds);
  });

  it('does not look at uses before the period, its very start included', () => {
    expect(backAtMs(event(61, 1), event(60, 1), event(10, 1))).to.equal(50 * seconds);
  });

  it('gives the budget back a period from now where nothing used it', () => {
    expect(backAtMs()).to.equal(60 * seconds);
    expect(backAtMs(event(90, 1))).to.equal(60 * seconds);
  });
});
