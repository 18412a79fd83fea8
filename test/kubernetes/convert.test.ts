import { convertSuite } from './convert-suite.ts';
import { openDevStage } from './support/dev-stage.ts';
import type { DevStage } from './support/dev-stage.ts';

describe('the dev cluster with converted autoscalers', () => {
  let dev: DevStage | undefined;

  convertSuite(async () => {
    dev = await openDevStage();
    return dev.stage;
  });
  after(async () => dev?.close());
});
