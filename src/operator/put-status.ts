import { writeStatus } from '../act/status.ts';
import type { StatusPatch } from '../act/status.ts';
import { autoscalerObject } from './autoscaler-table.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import { objectPath } from './names.ts';
import type { Tools } from './tools.ts';

/**
 * Writes the status of an autoscaler, and takes the answer into the table. One that was deleted meanwhile, also when another
 * has taken its name, is let go: the watch will say so.
 * @throws KubeError when it cannot be written
 */
export async function putStatus(autoscaler: Autoscaler, patch: StatusPatch, tools: Tools): Promise<void> {
  const place = { path: objectPath(autoscaler), uid: autoscaler.object.metadata.uid };
  const written = await writeStatus(tools.client, place, patch, tools.write);
  if (written.type === 'Gone') return;
  autoscaler.statusWrittenMs = tools.clock.monotonicMs();
  tools.table.upsert(autoscalerObject(written.object));
}
