import { createHash } from 'node:crypto';
import type { DemoResult } from '../demo-result.ts';
import type { LoadResult } from '../load-result.ts';
import { verdictSection } from './head.ts';
import { embeddedJson, type Markup, markup, trusted } from './markup.ts';
import { demoModel, loadModel, type ReportModel } from './model.ts';
import { podSection } from './pods.ts';
import { methodSection, repeatSection } from './repeat.ts';
import { scalingSection } from './scaling.ts';
import { costSection } from './cost.ts';
import { spectrumSection } from './spectrum.ts';
import { styleSheet } from './style-sheet.ts';
import { timelineSection } from './timeline.ts';

/** What every report begins with; a file that does may be replaced by another report. */
export const reportMark = '<!doctype html>\n<!-- plimsoll report -->\n';

/** What a page keeps of its result as JSON. */
const mostJsonCharacters = 120_000;

/** The result of a load run as one HTML page that needs nothing else. */
export function renderLoadReport(result: LoadResult): string {
  return renderPage('Load run', loadModel(result), result);
}

/** The same page for the walkthrough. */
export function renderDemoReport(result: DemoResult, cpuTargetPercent?: number): string {
  return renderPage('Walkthrough', demoModel(result, cpuTargetPercent), result);
}

function renderPage(what: string, model: ReportModel, data: LoadResult | DemoResult): string {
  const { load, scaling } = model;
  const { run } = load;
  const title = `${what}: ${run.url}`;
  const { json, isWhole } = embeddable(data);
  const page = markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
${themeChoice}
${hatching}
<header>${plimsollMark}<div><h1>${what}</h1>
<p><b>${run.method} ${run.url}</b> <time datetime="${run.startedAt}">${shownTime(run.startedAt)}</time></p></div></header>
<main>
${verdictSection(model)}
${timelineSection(model)}
${scaling === undefined ? null : scalingSection(scaling)}
${spectrumSection(model)}
${podSection(model)}
${costSection(model)}
${methodSection(load)}
${repeatSection(load, sha256(json))}
</main>
<footer>Plimsoll ${run.versions?.plimsoll ?? ''}. The result is in this file as JSON, in the element <code>result</code>${isWhole ? '' : ', without its longest lists: --output json has them'}.</footer>
<script type="application/json" id="result">${embeddedJson(json)}</script>
</body>
</html>
`;
  return reportMark + page.text;
}

/** Nothing is loaded and no script runs, whatever a result may hold. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(styleSheet).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What may be left out, until the rest is small enough. */
const longest: readonly (readonly string[])[] = [
  [],
  ['timeline', 'heatmap'],
  ['timeline', 'heatmap', 'cluster', 'events', 'perPod', 'profile', 'test'],
];

function embeddable(data: LoadResult | DemoResult): { json: string; isWhole: boolean } {
  for (const without of longest) {
    const json = JSON.stringify(data, (key, value: unknown) => (without.includes(key) ? undefined : value));
    if (json.length <= mostJsonCharacters) return { json, isWhole: without.length === 0 };
  }
  return { json: 'null', isWhole: false };
}

/** `2026-11-22 21:15:36 UTC`; as it is when it is not a time. */
function shownTime(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC');
}

/** Works without a script: the style sheet looks at which one is chosen. It is forgotten when the page is closed. */
const themeChoice: Markup = markup`<fieldset class="theme"><legend>Colours</legend>${[
  ['system', 'as the system', true],
  ['light', 'light', false],
  ['dark', 'dark', false],
].map(
  ([id, label, isChosen]) =>
    markup`<label><input type="radio" name="theme" id="${String(id)}"${isChosen === true ? markup` checked=""` : null}/> ${String(label)}</label>`,
)}</fieldset>`;

/** Stripes, for the charts to fill a stretch with. */
const hatching: Markup = markup`<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatching" x1="0" x2="0" y1="0" y2="6"/></pattern></defs></svg>`;

/** The line on a ship's side. */
const plimsollMark: Markup = markup`<svg class="brand" viewBox="0 0 48 32" width="48" height="32" aria-hidden="true"><circle cx="24" cy="16" r="12"/><path d="M2 16H46"/></svg>`;
