import { Presets, SingleBar } from 'cli-progress';
import type { StepReport, TrainingObserver } from '../observer.js';
import type { Validation } from '../progress.js';

const MILLISECONDS_PER_LINE = 10_000;

/** Seconds as 12s, 3m05s or 1h02m. */
function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}

const metricsLine = ({ metrics }: Validation) =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(', ');

/**
 * Shows loss, speed, time left and the best validation on standard error: as a bar in a terminal, elsewhere as a line
 * every ten seconds and one for each validation.
 */
export function progressBar(): TrainingObserver {
  const terminal = process.stderr.isTTY;
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total} | {status}',
      stream: process.stderr,
      barsize: 20,
      fps: 4,
      hideCursor: false,
    },
    Presets.shades_classic,
  );
  let best = '';
  let lastLine = Number.NEGATIVE_INFINITY;

  const statusOf = ({ loss, stepsPerSecond, secondsLeft }: StepReport) =>
    `loss ${loss.toFixed(3)} | ${stepsPerSecond.toFixed(1)} steps/s | ${duration(secondsLeft)} left${best}`;

  return {
    onStart({ step, steps, parameters }) {
      console.error(`${parameters.toLocaleString('en-US')} parameters, step ${step} of ${steps}`);
      if (terminal) bar.start(steps, step, { status: '' });
    },
    onStep(report) {
      if (terminal) return bar.update(report.step, { status: statusOf(report) });
      if (performance.now() - lastLine < MILLISECONDS_PER_LINE) return;
      lastLine = performance.now();
      console.error(`step ${report.step}/${report.steps} | ${statusOf(report)}`);
    },
    onValidation(validation) {
      if (validation.isBest) best = ` | best ${metricsLine(validation)}`;
      if (terminal) return;
      console.error(
        `validation at step ${validation.step}: ${metricsLine(validation)}${validation.isBest ? ' (best)' : ''}`,
      );
    },
    onEnd() {
      if (bar.isActive) bar.stop();
    },
  };
}
