import { expect } from 'chai';
import { startTestServer } from './support/client.ts';
import { isSetup, isWatch, loadSteps, Replay } from './support/replay.ts';
import type { Setup, Step, WatchStep } from './support/replay.ts';

/**
 * Requests that were sent to Kubernetes 1.36.2, with its answers (test/fixtures/kubernetes). The steps of a suite build on
 * each other. Lines with `setup` stand for what was done between two recorded steps.
 */
const suites: Readonly<Record<string, string>> = {
  discovery: 'paths, content types and the three kinds of 404',
  crud: 'objects from creation to deletion',
  scale: 'the scale subresource and the rules of autoscaling/v2',
  crd: 'custom resources',
  watch: 'watches and lists by version',
};

for (const [suite, what] of Object.entries(suites)) {
  describe(`As Kubernetes 1.36.2 answers: ${what}`, () => {
    let replay: Replay;
    let pending: Setup[] = [];

    before(async () => {
      replay = new Replay(await startTestServer());
    });

    for (const line of loadSteps<Setup | Step | WatchStep>(suite)) {
      if (isSetup(line)) {
        pending.push(line);
        continue;
      }
      const setups = pending;
      pending = [];
      it(line.step, async () => {
        for (const setup of setups) await replay.setUp(setup);
        const { expected, actual } = isWatch(line) ? await replay.watch(line) : await replay.run(line);
        expect(comparable(actual)).to.deep.equal(comparable(expected));
      });
    }
  });
}

/** How often the same cause is told is no part of an answer. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) =>
      key === 'causes' && Array.isArray(item)
        ? [...new Map(item.map((each) => [JSON.stringify(each), each as unknown])).values()]
        : item,
    ),
  ) as unknown;
}
