import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { theOne, written } from './manifests.ts';

interface Package {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** A Dockerfile's instructions with continued lines joined, comments left out. */
function instructions(file: string): Instruction[] {
  const text = readFileSync(file, 'utf8').replace(/\\\n\s*/g, '');
  return text.split('\n').flatMap((line) => {
    const match = /^([A-Z]+) (.+)$/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', text: match[2] ?? '' }];
  });
}

const { version, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
const all = instructions('deploy/Dockerfile');
const stages = all.reduce<Instruction[][]>((known, instruction) => {
  if (instruction.name === 'FROM') known.push([]);
  known.at(-1)?.push(instruction);
  return known;
}, []);
const last = stages.at(-1) ?? [];
const textsOf = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((each) => each.name === name).map(({ text }) => text);

/** What a stage takes from the context. */
function copied(stage: readonly Instruction[]): string[] {
  const texts = textsOf(stage, 'COPY').filter((text) => !text.startsWith('--from='));
  return texts.flatMap((text) => text.split(' ').slice(0, -1));
}

describe('deploy/Dockerfile', () => {
  it('is of the Node that the tests run with, in a slim image whose tag says which', () => {
    expect(textsOf(all, 'ARG')).to.deep.equal([`NODE_IMAGE=node:${devDependencies.node}-bookworm-slim`]);
    for (const text of textsOf(all, 'FROM')) expect(text).to.match(/^\$\{NODE_IMAGE\}( AS [a-z]+)?$/);
    expect(stages).to.have.length(3);
  });

  it('copies only what is there', () => {
    const paths = stages.flatMap(copied);
    expect(paths).to.include.members(['src', 'bin', 'crds', 'package-lock.json']);
    expect(paths.filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it('sends what it copies to the builder, and nothing else', () => {
    const lines = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n');
    const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).to.equal('*');
    const sent = rules.slice(1).map((line) => line.replace(/^!/, ''));
    expect(sent).to.have.members([...new Set(stages.flatMap(copied))]);
  });

  it('has no tools of the tests in the image, nor the source', () => {
    expect(copied(last)).to.have.members(['package.json', 'LICENSE', 'bin', 'crds']);
    const from = textsOf(last, 'COPY').flatMap((text) => /^--from=(\S+) (\S+)/.exec(text)?.slice(1, 3) ?? []);
    expect(from).to.deep.equal(['dependencies', '/dependencies/node_modules', 'build', '/build/dist']);
    const [, dependencies = []] = stages;
    expect(textsOf(dependencies, 'RUN')).to.satisfy((runs: string[]) =>
      runs.every((run) => run.startsWith('npm ci --omit=dev --ignore-scripts')),
    );
    expect(textsOf(last, 'RUN')).to.deep.equal([]);
  });

  it('ends as the user of the Deployment, who has a number and is not root', () => {
    const { runAsUser, runAsGroup } = theOne(written('deploy/base'), 'Deployment').spec.template.spec
      .securityContext as { runAsUser: number; runAsGroup: number };
    expect(textsOf(last, 'USER')).to.deep.equal([`${runAsUser}:${runAsGroup}`]);
  });

  it('starts Node itself, to which the arguments of the Deployment are added', () => {
    const [entry = ''] = textsOf(last, 'ENTRYPOINT');
    expect(JSON.parse(entry)).to.deep.equal(['node', '/app/bin/plimsoll.js']);
    expect(textsOf(last, 'WORKDIR')).to.deep.equal(['/app']);
  });

  it('is called as the Deployment and the docs call it, by the version of the package', () => {
    const [container] = theOne(written('deploy/base'), 'Deployment').spec.template.spec.containers;
    expect(container?.image).to.equal(`plimsoll:${version}`);
    const build = `docker build -f deploy/Dockerfile -t plimsoll:${version} .`;
    expect(readFileSync('deploy/Dockerfile', 'utf8')).to.include(build);
    expect(readFileSync('docs/install.md', 'utf8')).to.include(build);
  });
});
