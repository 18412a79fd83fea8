import { convertSuite } from './convert-suite.ts';
import { sharedStage } from './support/shared-stage.ts';

describe('a real API server with converted autoscalers', () => convertSuite(sharedStage));
