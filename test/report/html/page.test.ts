import { expect } from 'chai';
import { createHash } from 'node:crypto';
import type { DemoResult } from '../../../src/report/demo-result.ts';
import { renderDemoReport, renderLoadReport, reportMark } from '../../../src/report/html/page.ts';
import { themes } from '../../../src/report/html/style-sheet.ts';
import type { LoadResult } from '../../../src/report/load-result.ts';
import { demoResult, loadResult, noPods, podNames } from '../samples.ts';
import { type Element, parseStrictly } from './parse.ts';
import { fullResult, loadSamples } from './samples.ts';

const nothing = { p50: null, p90: null, p99: null, p999: null, max: null };
const named = (elements: readonly Element[], name: string): Element[] =>
  elements.filter((element) => element.name === name);
const texts = (elements: readonly Element[], name: string): string[] =>
  named(elements, name).map(({ text }) => text.trim());

describe('HTML report', () => {
  const reports: Record<string, () => string> = {
    'a load run with a cluster': () => renderLoadReport(fullResult()),
    'a load run without anything measured': () =>
      renderLoadReport(
        loadResult({
          ...{ requests: { sent: 3, ok: 0, failed: 3, dropped: 0 }, failures: { timeout: 3 } },
          ...{ latencyMs: nothing, serviceMs: nothing, sendLagMs: nothing, connectMs: nothing },
          ...{ perPod: {}, balance: noPods, interrupted: true },
          timeline: loadSamples(2, []).map((sample) => ({ ...sample, latencyMs: nothing, failed: 1 })),
        }),
      ),
    'a closed loop': () =>
      renderLoadReport(fullResult({ run: { ...loadResult().run, mode: 'closed', profile: null } })),
    'one second with one pod': () =>
      renderLoadReport(fullResult({ timeline: loadSamples(1, podNames.slice(0, 1)) })),
    'the walkthrough': () => renderDemoReport(demoResult({ load: fullResult() })),
  };
  for (const [what, render] of Object.entries(reports)) {
    describe(`of ${what}`, () => {
      const html = render();
      const elements = parseStrictly(html);

      it('is whole: a mark, one page in which every element is closed, and nothing that is no number', () => {
        expect(html.startsWith(reportMark)).to.equal(true);
        expect(named(elements, 'html')).to.have.length(1);
        expect(named(elements, 'h1')).to.have.length(1);
        const shown =
          elements[0]!.text + elements.map(({ attributes }) => Object.values(attributes).join(' ')).join(' ');
        expect(shown).to.not.match(/\b(NaN|undefined|Infinity|null)\b|\[object/);
      });

      it('is the same whenever it is rendered', () => expect(render()).to.equal(html));

      it('runs no script and loads nothing', () => {
        expect(named(elements, 'script').map(({ attributes }) => attributes)).to.deep.equal([
          { type: 'application/json', id: 'result' },
        ]);
        expect(named(elements, 'style')[0]!.text.match(/url\([^)]*\)|@import/g)).to.deep.equal([
          'url(#hatching)',
        ]);
        for (const { name, attributes } of elements) {
          expect(name).to.not.be.oneOf([
            'link',
            'img',
            'iframe',
            'object',
            'embed',
            'image',
            'use',
            'a',
            'base',
          ]);
          expect(Object.keys(attributes).join(' ')).to.not.match(/(^| )(on\w+|src|href|style|action)( |$)/);
        }
      });

      it('forbids both by its policy, which names its own style sheet only', () => {
        const policy = named(elements, 'meta').find((meta) => 'http-equiv' in meta.attributes)!.attributes
          .content;
        const hash = createHash('sha256').update(named(elements, 'style')[0]!.text).digest('base64');
        expect(policy).to.equal(
          `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
        );
      });

      it('has words for every picture, and the same as a table', () => {
        const pictures = elements.filter(({ attributes }) => attributes.role === 'img');
        for (const { attributes } of pictures)
          expect(attributes['aria-label']).to.not.be.oneOf([undefined, '']);
        const inFigures = (name: string): number =>
          named(elements, name).filter(({ within }) => within.includes('figure')).length;
        const figures = named(elements, 'figure').length;
        expect([inFigures('figcaption'), inFigures('details'), inFigures('table')]).to.deep.equal([
          ...[figures, figures, figures],
        ]);
      });

      it('keeps the result as JSON', () => {
        const kept = JSON.parse(named(elements, 'script')[0]!.text) as LoadResult | DemoResult;
        const { requests } = 'load' in kept ? kept.load : kept;
        expect(requests.sent).to.be.greaterThan(0);
      });
    });
  }

  it('puts the verdicts first: all in one line, each, the requests, then warnings', () => {
    const elements = parseStrictly(renderLoadReport(fullResult({ warnings: ['pinned'] })));
    const [verdicts] = named(elements, 'section');
    const items = named(elements, 'li').filter(({ within }) => within.includes('ul'));
    expect(verdicts!.text).to.include('not met');
    expect(items.slice(0, 5).map(({ text }) => text.trim())).to.deep.equal([
      '✗1 of 2 expectations not met',
      '✓p99<200ms: it was 14.6 ms',
      '✗errors=0: it was 3',
      '✓1200 requests of 1200 answered well: 20.0/s offered, 20.0/s done',
      '!pinned',
    ]);
  });

  it('tells what the walkthrough showed', () => {
    const elements = parseStrictly(renderDemoReport(demoResult({ load: fullResult({ verdicts: [] }) })));
    expect(texts(elements, 'li')[0]).to.equal('✓scaled from 1 to 6 replicas and back to 1');
    expect(texts(elements, 'h3')).to.include.members(['Load', 'Replicas', 'CPU', 'Latency', 'Spectrum']);
    expect(named(elements, 'ol').map(({ text }) => text)).to.have.length(2);
  });

  it('shows replicas and events when a cluster was watched, and only then', () => {
    expect(texts(parseStrictly(renderLoadReport(fullResult())), 'h2')).to.include('Scaling');
    const elements = parseStrictly(renderLoadReport(withoutCluster()));
    expect(texts(elements, 'h2')).to.not.include('Scaling');
    expect(texts(elements, 'h3')).to.not.include('Replicas');
  });

  it('tells the whole chain from the load to balanced pods, as far as it is known', () => {
    const reactions = {
      ...{ loadRoseAtMs: 15_000, metricSeenAtMs: 18_000, firstStepUpAtMs: 19_000, podReadyAtMs: 22_000 },
      ...{ firstResponseAtMs: 23_000, peakReadyAtMs: 38_000, balancedAtMs: null },
      ...{ loadFellAtMs: null, firstStepDownAtMs: null, backAtStartAtMs: null },
    };
    const chains = named(parseStrictly(renderLoadReport(fullResult({ reactions }))), 'ol');
    expect(chains.map(({ text }) => text)).to.deep.equal([
      '0:15 load rose+ 3 s metric seen+ 4 s decision+ 7 s new pod ready+ 8 s it answers+ 23 s 6 readynot seen balanced',
    ]);
  });

  it('draws the chain as bars, each from the link before it, in seconds since the load rose', () => {
    const elements = parseStrictly(renderLoadReport(fullResult()));
    const bars = named(elements, 'rect').filter(({ attributes }) => attributes.class === 'bar');
    const ends = named(elements, 'line').filter(({ attributes }) => attributes.class === 'bar-end');
    expect(bars.length).to.be.at.least(2).and.equal(ends.length);
    for (const [index, { attributes }] of bars.slice(0, 2).entries())
      expect(parseFloat(attributes.x!) + parseFloat(attributes.width!)).to.be.closeTo(
        parseFloat(ends[index]!.attributes.x1!),
        0.02,
      );
  });

  it('tells the run in one paragraph, before the numbers', () => {
    const elements = parseStrictly(renderDemoReport(demoResult({ load: fullResult() }), 80));
    const [words] = elements.filter(({ attributes }) => attributes.class === 'summary');
    expect(words!.text.replaceAll('\u00a0', ' '))
      .to.match(
        /^1200 requests in 2:00 minutes, 20\.0\/s on average and 26\.0\/s at most: none was lost\. Half of the answers /,
      )
      .and.match(
        /Replicas went from 1 to 6 and ended at 1; the load rose at 0:1\d, and the first step up came after /,
      )
      .and.match(/It took \d+ pod-seconds, \d+ % more than the least that would have done\./);
  });

  it('has a heatmap of latency over time, with a cell for whatever was counted, and its counts as a table', () => {
    const heatmap = { lowMs: [1, 1.5, 2], counts: [[4, 0, 0], [4, 0, 1], [0, 0, 200]] }; // prettier-ignore
    const timeline = loadSamples(3);
    const elements = parseStrictly(renderLoadReport(withoutCluster({ timeline, heatmap })));
    const cells = named(elements, 'path').filter(({ attributes }) => attributes.class?.startsWith('heat'));
    expect(cells.map(({ attributes }) => [attributes.class, attributes.d])).to.deep.equal([
      ['heat1', 'M0 2H666.7v1H0ZM333.3 0H666.7v1H333.3Z'],
      ['heat4', 'M666.7 0H1000v1H666.7Z'],
    ]);
    expect(texts(elements, 'caption')).to.include('Answers by the time that they took at least');
    const figures = named(elements, 'figcaption').map(({ text }) => text);
    expect(figures.join(' ')).to.include('Most took 2.00\u00a0ms or more.');
    const empty = parseStrictly(renderLoadReport(fullResult({ heatmap: { lowMs: [], counts: [] } })));
    expect(texts(empty, 'h3')).to.not.include('Latency over time');
  });

  it('shows the metric against its target where a cluster told it', () => {
    const replicas = [0, 40_000].map((atMs) => {
      return { ...{ atMs, desiredReplicas: 1, readyReplicas: 1 }, usageRatio: 1.5, targets: 'cpu: 120%/80%' };
    });
    const elements = parseStrictly(
      renderLoadReport(fullResult({ cluster: { replicas, events: [], recommendations: [] } })),
    );
    expect(texts(elements, 'h3')).to.include('Metric');
    expect(elements[0]!.text).to.include('150\u00a0% of the target at most').and.include('cpu: 120%/80%');
  });

  it('tells what it cost, and only where the pods are known', () => {
    const rows = texts(parseStrictly(renderLoadReport(fullResult())), 'td');
    expect(rows).to.include.members(['345', '290', '19 %', '4.00 s', '1']);
    const cost = { podSeconds: null, neededPodSeconds: null, flaps: null, badMs: 0 };
    expect(texts(parseStrictly(renderLoadReport(fullResult({ cost }))), 'h2')).to.not.include('Cost');
  });

  it('holds the hash of the result that is in it', () => {
    const elements = parseStrictly(renderLoadReport(fullResult()));
    const json = named(elements, 'script')[0]!.text.replaceAll('\\u003c', '<');
    expect(texts(elements, 'td')).to.include(createHash('sha256').update(json).digest('hex'));
  });

  it('hatches the time in which the generator was late, neighbours as one, in each chart over time', () => {
    const late = [3, 4, 9];
    const samples = loadSamples(10).map((sample, second) => ({ ...sample, lagging: late.includes(second) }));
    const elements = parseStrictly(renderLoadReport(withoutCluster({ timeline: samples })));
    const hatched = named(elements, 'rect').filter(
      ({ within, attributes }) => !within.includes('g') && attributes.class === 'hatched',
    );
    expect(hatched.map(({ attributes: { x, width } }) => [x, width])).to.deep.equal([
      ...[
        ['30%', '20%'],
        ['90%', '10%'],
        ['30%', '20%'],
        ['90%', '10%'],
      ],
    ]);
  });

  it('says how to repeat the run, as a shell would have to be given it', () => {
    const [command] = texts(parseStrictly(renderLoadReport(fullResult())), 'code');
    expect(command).to.equal("plimsoll load http://127.0.0.1:8080/ --profile 'it'\\''s 20/s for 2m'");
  });

  describe('escapes what comes from outside', () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)> </style> \u202e\u0007`;
    const result = (() => {
      const plain = fullResult();
      const pods = Object.fromEntries([[evil, plain.perPod[podNames[0]!]!]]);
      const share = { share: 0.5, low: 0.4, high: 0.6 };
      return fullResult({
        warnings: [evil],
        perPod: pods,
        timeline: loadSamples(5, [evil]),
        verdicts: [{ expect: evil, met: true, actual: evil, words: evil }],
        generator: { ...plain.generator, reasons: [evil] },
        cluster: { ...plain.cluster!, events: [{ atMs: 1, type: evil, reason: evil, message: evil }] },
        balance: {
          ...{ ...plain.balance, words: evil },
          test: { ...plain.balance.test!, counts: { [evil]: 1 }, shares: { [evil]: share } },
        },
        run: {
          ...{ ...plain.run, url: evil, method: evil, headers: [evil], rotate: evil, podHeader: evil },
          ...{ startedAt: evil, command: [evil], versions: { [evil]: evil, plimsoll: evil } },
        },
      });
    })();

    for (const [what, html] of [
      ['load', renderLoadReport(result)],
      ['demo', renderDemoReport(demoResult({ load: result }))],
    ] as const) {
      it(`in the report of ${what}: no element, no attribute, no turned text`, () => {
        const elements = parseStrictly(html);
        expect(named(elements, 'script')).to.have.length(1);
        expect(named(elements, 'img')).to.have.length(0);
        expect(named(elements, 'style')).to.have.length(1);
        const shown = elements[0]!.text;
        expect(shown)
          .to.include('<script>alert(1)</script>')
          .and.to.not.match(/[\u202e\u0007]/);
      });
    }

    it('and keeps it in the JSON as it was', () => {
      const [script] = named(parseStrictly(renderLoadReport(result)), 'script');
      expect(JSON.parse(script!.text)).to.deep.equal(JSON.parse(JSON.stringify(result)));
    });
  });

  it('stays below 300 KB for an hour with 200 pods, and says what it left out', () => {
    const many = Array.from(
      { length: 200 },
      (_, index) => `a-rather-long-name-of-a-workload-7c9d8f6b5-${index}`,
    );
    const pod = { ...Object.values(fullResult().perPod)[0]!, latencyMs: { ...nothing, p50: 1 } };
    const event = { type: 'Normal', reason: 'SuccessfulRescale', message: 'x'.repeat(500) };
    const html = renderLoadReport(
      fullResult({
        timeline: loadSamples(3600, many).map((sample, second) => ({ ...sample, lagging: second % 2 === 0 })),
        perPod: Object.fromEntries(many.map((name) => [name, pod])),
        cluster: {
          replicas: loadSamples(3600, []).map(({ fromMs: atMs }, index) => ({
            ...{ atMs, desiredReplicas: 1 + (index % 9), readyReplicas: 1 + (index % 7) },
          })),
          recommendations: [],
          events: Array.from({ length: 1000 }, (_, index) => ({ atMs: index * 3600, ...event })),
        },
      }),
    );
    expect(Buffer.byteLength(html)).to.be.below(300_000);
    const elements = parseStrictly(html);
    expect(elements[0]!.text)
      .to.include('Shown are the first 40 of 200 pods')
      .and.include('without its longest lists');
  });

  for (const [theme, { paper, panel, ...colors }] of Object.entries(themes)) {
    it(`can be read in the ${theme} theme: text has a contrast of at least 4.5, areas of 3`, () => {
      for (const [name, color] of Object.entries(colors)) {
        if (name === 'rule') continue; // Lines between rows: nothing is told by them.
        if (name.startsWith('heat')) {
          expect(contrast(color, paper), `${name} on paper`).to.be.at.least(3);
          continue;
        }
        expect(contrast(color, paper), `${name} on paper`).to.be.at.least(4.5);
        expect(contrast(color, panel), `${name} on panel`).to.be.at.least(4.5);
      }
    });
  }
});

function withoutCluster(changes: Partial<LoadResult> = {}): LoadResult {
  return Object.fromEntries(
    Object.entries(fullResult(changes)).filter(([key]) => key !== 'cluster'),
  ) as unknown as LoadResult;
}

/** As WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
