import { convertManifests, type Converted } from '../../migrate/convert-manifests.ts';
import { printJson } from '../../migrate/print-json.ts';
import { printYaml } from '../../migrate/print-yaml.ts';
import { UserError } from '../../lib/errors.ts';
import type { Io } from '../io.ts';
import { readSources, type SourceFlags } from './sources.ts';

export interface ConvertFlags extends SourceFlags {
  readonly output: 'yaml' | 'json';
  readonly strict: boolean;
}

const printers = { yaml: printYaml, json: printJson };

/** @returns the process's exit code */
export async function runConvert(sources: readonly string[], flags: ConvertFlags, io: Io): Promise<number> {
  const manifests = await readSources(sources, flags, io).catch((error: unknown) => {
    if (io.signal.aborted) return undefined;
    throw error;
  });
  if (manifests === undefined) return 130;
  const converted = convertManifests(manifests);
  if (converted.length === 0)
    throw new UserError(`there is no HorizontalPodAutoscaler or ScaledObject in: ${sources.join(', ')}`);
  io.stdout.write(printers[flags.output](converted));
  const lost = notKept(converted);
  for (const line of lost) io.stderr.write(`plimsoll: not kept: ${line}\n`);
  return flags.strict && lost.length > 0 ? 1 : 0;
}

function notKept(converted: readonly Converted[]): string[] {
  return converted.flatMap(({ title, remarks }) =>
    remarks.filter(({ kind }) => kind === 'notKept').map(({ path, text }) => `${title}: ${path}: ${text}`),
  );
}
