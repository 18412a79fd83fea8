import { integrationSuite } from './integration-suite.ts';
import { openDevStage } from './support/dev-stage.ts';
import type { DevStage } from './support/dev-stage.ts';

describe('the operator on the dev cluster', function () {
  this.timeout(180_000);
  let dev: DevStage | undefined;

  integrationSuite(async () => {
    dev = await openDevStage();
    return dev.stage;
  });
  after(async () => dev?.close());
});
