import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { Telemetry } from '../../src/operator/telemetry.ts';

describe('names of metrics', () => {
  const pages = ['README.md', ...readdirSync('docs').map((file) => `docs/${file}`)];
  const own = (text: string): string[] =>
    [...text.matchAll(/\b(plimsoll_[a-z0-9_]*[a-z0-9])(?![a-z0-9_])/g)].map(([, name = '']) =>
      name.replace(/_(bucket|sum|count)$/, ''),
    );

  for (const page of pages.filter((file) => own(readFileSync(file, 'utf8')).length > 0))
    it(`in ${page} are those that /metrics serves`, async () => {
      const text = await new Telemetry().text();
      for (const name of own(readFileSync(page, 'utf8')))
        expect(text).to.match(new RegExp(`^# TYPE ${name} `, 'm'));
    });
});
