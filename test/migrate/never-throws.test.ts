import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { convertObject } from '../../src/migrate/convert.ts';
import { readManifests } from '../../src/migrate/manifests.ts';
import { printYaml } from '../../src/migrate/print-yaml.ts';
import { publishedFiles, publishedPath } from '../support/converted.ts';

const objects = publishedFiles.flatMap((file) =>
  readManifests(file, readFileSync(publishedPath(`${file}.yaml`), 'utf8')).map(({ object }) => object),
);

type Path = readonly (string | number)[];

/** Where something stands in a value. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...at, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((one, index) => (String(index) === key ? replaced(one, rest, by) : one));
  }
  const given = value as Record<string, unknown>;
  return { ...given, [key]: replaced(given[key], rest, by) };
}

const spoilt = fc
  .constantFrom(...objects)
  .chain((object) => fc.tuple(fc.constant(object), fc.constantFrom(...pathsOf(object)), fc.jsonValue()))
  .map(([object, path, by]) => replaced(object, path, by));

describe('any object in which one thing is something else', () => {
  it('is converted to what is valid, passed over, or refused with paths: never more than that', () => {
    fc.assert(
      fc.property(spoilt, (object) => {
        const conversion = convertObject(object);
        if (conversion === undefined) return;
        if (!conversion.ok) {
          expect(conversion.problems).not.to.deep.equal([]);
          for (const { path, message } of conversion.problems)
            expect(message.startsWith(path)).to.equal(true);
          return;
        }
        const { object: made, remarks } = conversion;
        if (made === undefined) expect(remarks).not.to.deep.equal([]);
        else expect(parseAutoscaler(made)).to.have.property('ok', true);
        const text = printYaml([{ ...conversion, title: 'it', origin: 'it' }]);
        const read = readManifests('printed', text).map((one) => one.object);
        expect(JSON.stringify(read)).to.equal(JSON.stringify(made === undefined ? [] : [made]));
      }),
      { numRuns: 1000 },
    );
  });
});
