import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { printYaml } from '../../src/migrate/print-yaml.ts';
import { convertPublished, publishedFiles, publishedPath } from '../support/converted.ts';

/** Compares with a file, or writes it where UPDATE_GOLDEN says so. */
function expectGolden(name: string, text: string): void {
  const file = publishedPath(name);
  if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(file, text);
  expect(text).to.equal(readFileSync(file, 'utf8'));
}

describe('published autoscalers', () => {
  it('are more than 20', () => {
    expect(publishedFiles.flatMap(convertPublished)).to.have.lengthOf.above(20);
  });

  for (const file of publishedFiles) {
    it(`become what is on record: ${file}`, () => {
      expectGolden(`${file}.converted.yaml`, printYaml(convertPublished(file)));
    });

    it(`lose what is on record, and say so: ${file}`, () => {
      const lost = convertPublished(file).flatMap(({ title, remarks }) =>
        remarks
          .filter(({ kind }) => kind === 'notKept')
          .map(({ path, text }) => `${title}: ${path}: ${text}\n`),
      );
      expectGolden(`${file}.not-kept.txt`, lost.join(''));
    });

    it(`are read back from the YAML as they were: ${file}`, () => {
      const converted = convertPublished(file);
      const documents = parseAllDocuments(printYaml(converted));
      if ('empty' in documents) throw new Error('no document');
      const objects = documents.map((document) => document.toJS() as unknown).filter((one) => one !== null);
      expect(objects).to.deep.equal(converted.flatMap(({ object }) => object ?? []));
      for (const object of objects) expect(parseAutoscaler(object)).to.have.property('ok', true);
    });
  }
});
