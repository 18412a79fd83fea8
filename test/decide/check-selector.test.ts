import { expect } from 'chai';
import fc from 'fast-check';
import { checkSelector } from '../../src/decide/check-selector.ts';
import type { OtherAutoscaler } from '../../src/decide/snapshot.ts';
import { parseSelector, SelectorError } from '../../src/lib/selector.ts';
import { holds } from './arbitraries.ts';
import * as given from './builders.ts';

const other = (name: string, selector: string, namespace = 'default'): OtherAutoscaler => ({
  namespace,
  name,
  selector,
});
const twoApps = [given.pod('web-0'), given.pod('api-0', { labels: { app: 'api' } })];

const check = (selector: string, otherAutoscalers: readonly OtherAutoscaler[] = [], pods = given.pods(2)) =>
  checkSelector(given.policy(), given.snapshot(2, [], { pods, otherAutoscalers }), selector);

describe('the selector of a target', () => {
  it('is all right when nobody else selects its pods', () => {
    expect(check('app=web')).to.equal(undefined);
  });

  it('has to be there', () => {
    expect(check('')).to.deep.equal({
      finding: {
        type: 'ScalingActive',
        status: 'False',
        reason: 'InvalidSelector',
        message: "the HPA target's scale is missing a selector",
      },
      event: { type: 'Warning', reason: 'SelectorRequired', message: 'selector is required' },
    });
  });

  it('has to be one, and its mistake is told', () => {
    const problem = check('app in');
    expect(problem?.finding.reason).to.equal('InvalidSelector');
    expect(problem?.finding.message).to.match(
      /^couldn't convert selector into a corresponding internal selector object: .*\S/,
    );
    expect(problem?.event).to.deep.equal({
      type: 'Warning',
      reason: 'InvalidSelector',
      message: problem?.finding.message,
    });
  });

  it('is refused exactly where parsing refuses it', () => {
    const part = fc.constantFrom(
      'app',
      'a',
      'in',
      '=',
      '==',
      '!=',
      '!',
      ',',
      '.',
      '-',
      '/',
      'x.io',
      ' ',
      'A_',
      '(',
    );
    const equality = fc.constantFrom(
      'app=web',
      'x.io/app=web',
      'a-.b=c',
      'x..io/a=b',
      `${'x'.repeat(64)}=y`,
      'a=',
    );
    const text = fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
      fc.array(equality, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
    );
    holds(
      fc.property(text, (selector) => {
        const parses = () => parseSelector(selector);
        if (check(selector) === undefined) expect(parses).not.to.throw();
        else expect(parses).to.throw(SelectorError);
      }),
      2000,
    );
  });

  it('names the autoscalers that select the same pods, itself first and the others by name', () => {
    const problem = check('app=web', [other('zoe', 'app'), other('amy', 'app=web')]);
    const message =
      'pods by selector app=web are controlled by multiple HPAs: [default/web default/amy default/zoe]';
    expect(problem).to.deep.equal({
      finding: { type: 'ScalingActive', status: 'False', reason: 'AmbiguousSelector', message },
      event: { type: 'Warning', reason: 'AmbiguousSelector', message },
    });
  });

  it('sorts the others in whatever order they were read', () => {
    const problem = check('app', [other('amy', 'app'), other('zoe', 'app'), other('bob', 'app')]);
    expect(problem?.event.message).to.match(/\[default\/web default\/amy default\/bob default\/zoe\]$/);
  });

  it('is ambiguous when a single one of the pods is also selected elsewhere', () => {
    expect(check('app', [other('api', 'app=api')], twoApps)?.event.reason).to.equal('AmbiguousSelector');
  });

  it('is not ambiguous without pods, or over namespaces', () => {
    expect(check('app', [other('api', 'app')], [])).to.equal(undefined);
    expect(check('app', [other('api', 'app', 'elsewhere')])).to.equal(undefined);
  });
});
