import { definitionSuite } from './definition-suite.ts';
import { sharedStage } from './support/shared-stage.ts';

describe('a real API server with the definition of CustomAutoscalers', () => definitionSuite(sharedStage));
