import { expect } from 'chai';
import { watchChange, watchLine, watchRecord } from '../../src/report/watch-lines.ts';
import { watchState } from './watch-samples.ts';

const steady = watchState({
  state: { shape: '●', word: 'steady', tone: 'good' },
  replicas: { current: 6, desired: 6, ready: 6, min: 1, max: 10 },
  limits: [],
});

describe('a change in one line', () => {
  it('tells counts, metrics and what limited them', () => {
    expect(watchLine(watchState())).to.equal('12:00:00 web 3→6 cpu=186%/70% limited=rate:8→6');
  });

  it('tells the state where nothing moves', () => {
    expect(watchLine(steady)).to.equal('12:00:00 web 6 steady cpu=186%/70%');
  });

  it('tells a count that was reached between two looks', () => {
    const before = watchState({ replicas: { current: 3, desired: 3, min: 1, max: 10 } });
    expect(watchLine(steady, before, true)).to.equal('12:00:00 shop/web 3→6 cpu=186%/70%');
  });

  it('is none when only values of metrics differ', () => {
    const [metric] = steady.metrics;
    expect(watchChange({ ...steady, metrics: [{ ...metric!, current: '60%' }] })).to.equal(
      watchChange(steady),
    );
    expect(watchChange(watchState())).not.to.equal(watchChange(steady));
  });

  it('is an object with the same in JSON', () => {
    expect(watchRecord(steady, watchState({ replicas: { desired: 3, min: 1, max: 10 } }))).to.deep.include({
      ...{ type: 'Scaled', namespace: 'shop', name: 'web', state: 'steady', limits: [] },
      replicas: { current: 6, desired: 6, ready: 6, min: 1, max: 10 },
    });
    expect(watchRecord(steady, steady)).to.deep.include({ type: 'State' });
  });
});
