import { expect } from 'chai';

import { findImage, imageNames, pauseCommand, programOf } from '../../../src/devcluster/node/images.ts';

const images = {
  web: { command: ['node', 'server.js'], args: ['--quiet'] },
  'acme/api:2': { command: ['api'] },
};

describe('images', () => {
  const found: Record<string, { image: string; program: string | undefined }> = {
    'are found by their exact name': { image: 'acme/api:2', program: 'api' },
    'are not found under another tag when the table names one': { image: 'acme/api:3', program: undefined },
    'are found without tag': { image: 'web:latest', program: 'node' },
    'are found without digest': { image: 'web@sha256:0123', program: 'node' },
    'are found without registry and path': { image: 'ghcr.io/acme/web:1.2', program: 'node' },
    'are found behind a registry with a port': { image: 'localhost:5000/acme/api:2', program: 'api' },
    'are not found by a part of a name': { image: 'my-web', program: undefined },
    'are not found by the name of an Object property': { image: 'constructor', program: undefined },
  };
  for (const [name, { image, program }] of Object.entries(found)) {
    it(name, () => {
      expect(findImage(images, image)?.command[0]).to.equal(program);
    });
  }

  it('have names from the most exact on', () => {
    expect(imageNames('ghcr.io/acme/web:1.2')).to.deep.equal([
      'ghcr.io/acme/web:1.2',
      'ghcr.io/acme/web',
      'acme/web:1.2',
      'acme/web',
      'web:1.2',
      'web',
    ]);
  });
});

describe('what a container runs', () => {
  const rows: Record<
    string,
    { command?: string[]; args?: string[]; image?: string; argv: readonly string[] }
  > = {
    "is the image's command and args": { argv: ['node', 'server.js', '--quiet'] },
    "is the image's command with the container's args": { args: ['-v'], argv: ['node', 'server.js', '-v'] },
    "is the container's command, without the image's args": { command: ['sh'], argv: ['sh'] },
    "is the container's command and args": {
      command: ['sh'],
      args: ['-c', 'true'],
      argv: ['sh', '-c', 'true'],
    },
    'is its own command when the image is unknown': { image: 'x', command: ['true'], argv: ['true'] },
    'is a pause when the image is unknown': { image: 'x', argv: pauseCommand },
    'is a pause when only args are known': { image: 'x', args: ['a'], argv: pauseCommand },
  };
  for (const [name, { argv, image = 'web:1', ...given }] of Object.entries(rows)) {
    it(name, () => {
      expect(programOf({ name: 'c', image, ...given }, images).argv).to.deep.equal(argv);
    });
  }
});
