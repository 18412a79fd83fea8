import { writeFileSync } from 'node:fs';
import type { StepResult } from './twin.ts';

/** One step of one scenario, both twins beside each other. */
export interface ReportRow {
  readonly scenario: string;
  readonly step: string;
  readonly hpa: StepResult;
  readonly plimsoll: StepResult;
}

const seconds = ({ tookMs }: StepResult): string => (tookMs === undefined ? '-' : (tookMs / 1000).toFixed(1));

/** Times to each step as a table, and all of it as JSON into the file that `TWINS_REPORT` names. */
export function report(rows: readonly ReportRow[], write: (text: string) => void): void {
  const file = process.env.TWINS_REPORT ?? '';
  if (file !== '') writeFileSync(file, `${JSON.stringify(rows, undefined, 2)}\n`);
  const lines = [['scenario', 'step', 'replicas', 'HPA s', 'Plimsoll s']];
  for (const { scenario, step, hpa, plimsoll } of rows)
    lines.push([scenario, step, hpa.replicas.join(' ') || '-', seconds(hpa), seconds(plimsoll)]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  for (const line of lines)
    write(`    ${line.map((text, column) => text.padEnd(widths[column]!)).join('  ')}`.trimEnd() + '\n');
}
