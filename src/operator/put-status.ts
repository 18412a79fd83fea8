import { writeStatus } from '../act/status.ts';
import type { StatusPatch } from '../act/status.ts';
import { autoscalerObject } from './autoscaler-table.ts';
import type { Autoscaler, ServedObject } from './autoscaler-table.ts';
import { autoscalersPath, objectPath } from './names.ts';
import type { Tools } from './tools.ts';

/** Tries of one write when somebody else keeps writing the object. */
const maxTries = 5;

/**
 * Writes the status of an autoscaler, and takes the answer into the table. When somebody wrote the object meanwhile (an edit, an
 * annotation), it is read, and written again: nobody but the leader writes the status, which the fence makes sure of each time. One
 * that was deleted meanwhile, also when another has taken its name, is let go: the watch will say so.
 * @throws KubeError when it cannot be written
 */
export async function putStatus(autoscaler: Autoscaler, patch: StatusPatch, tools: Tools): Promise<void> {
  const path = objectPath(autoscaler);
  let { metadata } = autoscaler.object;
  for (let tries = 1; ; tries++) {
    const { uid, resourceVersion } = metadata;
    const written = await writeStatus(tools.client, { path, uid, resourceVersion }, patch, tools.write);
    if (written.type === 'Gone') return;
    if (written.type === 'Written') {
      autoscaler.statusWrittenMs = tools.clock.monotonicMs();
      tools.table.refresh(autoscalerObject(written.object));
      return;
    }
    if (tries === maxTries) throw written.error;
    const now = await read(autoscaler, tools);
    if (now === undefined || now.metadata.uid !== uid) return;
    metadata = now.metadata;
  }
}

/** As a list of one, which the operator may read. */
async function read({ namespace, name }: Autoscaler, tools: Tools): Promise<ServedObject | undefined> {
  const query = { fieldSelector: `metadata.name=${name}` };
  const { signal } = tools.write;
  const list = await tools.client.get(autoscalersPath(namespace), { query, signal });
  const [object] = (list as { items?: readonly unknown[] }).items ?? [];
  return object === undefined ? undefined : autoscalerObject(object);
}
