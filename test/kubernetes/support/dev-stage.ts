import { startApiServer } from '../../../src/devcluster/apiserver/server.ts';
import { runControllers } from '../../../src/devcluster/controllers/controllers.ts';
import { kubeconfigText, temporaryFile } from '../../support/local-api.ts';
import { Stage } from './stage.ts';

export interface DevStage {
  readonly stage: Stage;
  close(): Promise<void>;
}

/** The dev cluster without its node: the fleet is the node. */
export async function openDevStage(): Promise<DevStage> {
  const lines: string[] = [];
  const log = (line: string): number => lines.push(line);
  const server = await startApiServer({ host: '127.0.0.1', port: 0, log });
  const controllers = runControllers({ api: server.cluster, now: () => Date.now(), log });
  const stop = async (): Promise<void> => {
    controllers.stop();
    await server.close();
  };
  try {
    const stage = await Stage.open({
      kind: 'dev cluster',
      kubeconfig: temporaryFile('kubeconfig', kubeconfigText(server.url)),
      controllers: ['Deployment'],
      runsHpa: false,
      refusals: () => undefined,
    });
    const close = async (): Promise<void> => {
      await stage.close();
      await stop();
      if (lines.length > 0) throw new Error(lines.join('\n')); // whatever went wrong inside
    };
    return { stage, close };
  } catch (error) {
    await stop();
    throw error;
  }
}
