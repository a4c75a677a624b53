import { createSummaryWriter } from '@heed/backend/node';
import type { TrainingObserver } from '../observer.js';

/**
 * Writes loss, gradient norm, learning rate and validations for TensorBoard. Only TensorFlow itself can: on another
 * backend than `node` nothing is written.
 *
 * @param report is told once if there is no log
 */
export async function tensorBoardLog(
  folder: string,
  report: (line: string) => void,
): Promise<TrainingObserver> {
  const writer = await createSummaryWriter(folder);
  if (!writer) {
    report('no TensorBoard log: only real TensorFlow writes it, and another backend runs');
    return {};
  }
  return {
    onStep({ step, loss, gradientNorm, learningRate }) {
      writer.scalar('train/loss', loss, step);
      writer.scalar('train/gradient norm', gradientNorm, step);
      writer.scalar('train/learning rate', learningRate, step);
    },
    onValidation({ step, metrics }) {
      for (const [name, value] of Object.entries(metrics)) writer.scalar(`validation/${name}`, value, step);
      writer.flush();
    },
    onEnd: () => writer.flush(),
  };
}
