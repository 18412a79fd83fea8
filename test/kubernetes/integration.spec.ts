import { integrationSuite } from './integration-suite.ts';
import { sharedStage } from './support/shared-stage.ts';

describe('the operator on a real control plane', () => integrationSuite(sharedStage));
