import { definitionSuite } from './definition-suite.ts';
import { openDevStage } from './support/dev-stage.ts';
import type { DevStage } from './support/dev-stage.ts';

describe('the dev cluster with the definition of CustomAutoscalers', () => {
  let dev: DevStage | undefined;

  definitionSuite(async () => {
    dev = await openDevStage();
    return dev.stage;
  });
  after(async () => dev?.close());
});
