import type { AttentionTrace, Figure } from '@heed/visualization';
import { useEffect, useState } from 'preact/hooks';
import { OpenFile } from '../open-file.js';
import { readTraces } from '../read-traces.js';
import { Tools } from '../tools.js';
import { TraceView } from '../trace-view.js';
import { messageOf } from '../use-answer.js';

/** Traces from a file, in the views that the tasks have. */
export function TracesTab({ file }: { readonly file: File | undefined }) {
  const [traces, setTraces] = useState<readonly AttentionTrace[]>([]);
  const [error, setError] = useState('');
  const open = async (chosen: File) => {
    const [found, problem] = await readTraces(chosen).then(
      (read) => [read, ''] as const,
      (reason: unknown) => [[], messageOf(reason)] as const,
    );
    setTraces(found);
    setError(problem);
  };
  useEffect(() => {
    if (file) void open(file);
  }, [file]);
  return (
    <>
      <div class="card">
        <p>
          A trace is what <code>heed predict --trace FILE</code> writes: where a model looked, from any of the
          five tasks.
        </p>
        <div class="tools">
          <OpenFile accept=".json,application/json" onOpen={(chosen) => void open(chosen)}>
            Open a trace, or drop one anywhere
          </OpenFile>
        </div>
      </div>
      {error && (
        <p class="card error" role="alert">
          {error}
        </p>
      )}
      {traces.map((trace, i) => (
        <Trace key={`${i} ${trace.output.text}`} trace={trace} />
      ))}
    </>
  );
}

function Trace({ trace }: { readonly trace: AttentionTrace }) {
  const [figure, setFigure] = useState<Figure>('matrix');
  return (
    <>
      <TraceView trace={trace} figure={figure} />
      <Tools trace={trace} figure={figure} onFigure={setFigure} />
    </>
  );
}
