import { expect } from 'chai';
import { ageText, nextTexts, watchedState, type WatchFacts } from '../../src/report/watch-words.ts';
import { noonMs, watchState } from './watch-samples.ts';

const facts = (parts: Partial<WatchFacts> = {}): WatchFacts => ({
  mode: 'Active',
  replicas: { current: 3, desired: 3, ready: 3, min: 1, max: 10 },
  conditions: [],
  undecided: false,
  ...parts,
});
const isFalse = (type: string, reason: string): Partial<WatchFacts> => ({
  conditions: [{ type, status: 'False', reason, message: '' }],
});
const replicas = (current: number, desired: number, ready: number, max = 10): Partial<WatchFacts> => ({
  replicas: { current, desired, ready, min: 1, max },
});

describe('state of a watched autoscaler', () => {
  const cases: Readonly<Record<string, [Partial<WatchFacts>, string]>> = {
    'is steady when all it wants is there': [{}, '● steady'],
    'goes up while it asks for more than there are': [replicas(3, 6, 3), '▲ scaling up'],
    'goes down while it asks for less': [replicas(6, 3, 6), '▼ scaling down'],
    'goes down until the last pod too many is gone': [replicas(3, 3, 4), '▼ scaling down'],
    'waits for pods that are not ready': [replicas(3, 3, 2), '○ pods not ready'],
    'says that it is at its maximum': [replicas(3, 3, 3, 3), '■ at maximum'],
    'is not decided before the first decision': [{ undecided: true }, '○ not decided yet'],
    'is paused whatever the metrics say': [{ mode: 'Paused', ...replicas(3, 6, 3) }, '‖ paused'],
    'is paused also while it has no metrics': [
      { mode: 'Paused', ...isFalse('ScalingActive', 'FailedGetResourceMetric') },
      '‖ paused',
    ],
    'cannot scale a target that is missing, paused or not': [
      { mode: 'Paused', ...isFalse('AbleToScale', 'FailedGetScale') },
      '✗ cannot scale',
    ],
    'is invalid, paused or not': [
      { mode: 'Paused', ...isFalse('ScalingActive', 'InvalidSpec') },
      '✗ invalid',
    ],
    'says what a dry run would do': [{ mode: 'DryRun', ...replicas(3, 6, 3) }, '▲ dry run, scaling up'],
    'has no metrics when none can be read': [
      isFalse('ScalingActive', 'FailedGetResourceMetric'),
      '✗ no metrics',
    ],
    'is contested by another autoscaler': [isFalse('ScalingActive', 'AmbiguousTarget'), '✗ contested'],
    'is disabled at zero': [isFalse('ScalingActive', 'ScalingDisabled'), '○ at zero, disabled'],
    'cannot scale what is not there': [isFalse('AbleToScale', 'FailedGetScale'), '✗ cannot scale'],
  };
  for (const [name, [parts, expected]] of Object.entries(cases))
    it(name, () => {
      const { shape, word } = watchedState(facts(parts));
      expect(`${shape} ${word}`).to.equal(expected);
    });
});

describe('what comes next', () => {
  it('tells locks and limits only while they last', () => {
    const limits = [
      { limiter: 'stabilization', from: 2, to: 6, untilMs: noonMs + 281_000 },
      { limiter: 'rate', from: 8, to: 6, untilMs: noonMs - 1 },
    ];
    expect(nextTexts(watchState({ limits, next: {} }))).to.deep.equal(['scale-down locked for 4m41s']);
  });

  it('tells schedules and the end of a pause', () => {
    const next = {
      transition: { schedule: 'night', type: 'Opens', atMs: noonMs + 7_200_000 },
      suspendedUntilMs: noonMs + 60_000,
    };
    expect(nextTexts(watchState({ limits: [], next }))).to.deep.equal([
      'paused for 1m',
      'schedule night opens in 120m',
    ]);
  });

  it('has short times', () => {
    const ages = [0, 999, 41_000, 281_000, 600_000, 3 * 3_600_000, 50 * 3_600_000].map(ageText);
    expect(ages).to.deep.equal(['0s', '0s', '41s', '4m41s', '10m', '3h', '2d']);
  });
});
