import { carryOut, isWait, readScene, type Pair } from './carry-out.ts';
import type { Scene } from './scene.ts';
import type { Step } from './steps.ts';

/** A step that is about to be carried out, or waited for, and what the cluster held just then. */
export interface Moment {
  readonly step: Step;
  readonly scene: Scene;
}

export interface PlayOptions {
  /** What comes next; pure. @throws UserError when the scene is no state to go on from */
  readonly next: (scene: Scene) => Step;
  /** Between two looks at a step that is a wait. */
  readonly pause: () => Promise<void>;
}

/**
 * Goes from scene to scene until nothing is left to do: reads what there is, says what comes next, does it, and reads again. Nothing is kept
 * beside the cluster's own objects, so that whoever is interrupted goes on by beginning anew.
 * @returns the last scene
 */
export async function* play(pair: Pair, { next, pause }: PlayOptions): AsyncGenerator<Moment, Scene> {
  for (;;) {
    const scene = await readScene(pair);
    const step = next(scene);
    if (step === 'Done') return scene;
    yield { step, scene };
    if (isWait(step) || !(await carryOut(step, pair, scene))) await pause();
  }
}
