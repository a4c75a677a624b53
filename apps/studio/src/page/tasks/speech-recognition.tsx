import { eraseFrames, type Recording, syntheticTones } from '@heed/speech-recognition';
import { lookedAt } from '@heed/visualization';
import { useEffect, useState } from 'preact/hooks';
import { Answered } from '../answered.js';
import { OpenFile } from '../open-file.js';
import { play, readRecording, startRecording } from '../sound.js';
import { spansOf } from '../spans.js';
import { useAnswer } from '../use-answer.js';
import { Waveform } from '../waveform.js';
import { wholeNumber } from '../whole-number.js';
import type { TabProps } from './tab.js';

const FIRST_TONES = 2015;
/** How much of a symbol's weight is played. */
const HEARD = 0.9;

/** The tones of a number; they have that number for a name, by which links find them. */
function tones(seed: number): Recording {
  const [played] = syntheticTones({ count: 1, seed });
  return { samples: (played as { audio: Recording }).audio.samples, name: `tones ${seed}` };
}

export function SpeechTab({ model, fields, file }: TabProps) {
  const [seed, setSeed] = useState(wholeNumber(fields.tones, FIRST_TONES));
  const [recorder, setRecorder] = useState<Awaited<ReturnType<typeof startRecording>>>();
  const { asked, run } = useAnswer('speech-recognition', model);
  const recording = asked.answered?.input.recording;
  const make = (next: number) => {
    setSeed(next);
    void run({ recording: tones(next) });
  };
  const hear = (coming: Promise<Recording>) => void run(coming.then((ready) => ({ recording: ready })));
  const record = async () => {
    if (recorder) {
      setRecorder(undefined);
      hear(recorder.stop());
      return;
    }
    // What goes wrong is said where answers stand.
    const starting = startRecording();
    await starting.then(setRecorder, (error: unknown) => hear(Promise.reject(error)));
  };
  useEffect(() => {
    if (file) hear(readRecording(file, file.name));
    else if (model.synthetic) make(seed);
  }, [file]);
  return (
    <>
      <div class="card">
        {recording && <Waveform recording={recording} />}
        <div class="tools">
          <button type="button" disabled={!recording} onClick={() => recording && play(recording)}>
            Play
          </button>
          {model.synthetic && (
            <button type="button" class="main" onClick={() => make(seed + 1)}>
              Other tones
            </button>
          )}
          <button type="button" aria-pressed={recorder !== undefined} onClick={record}>
            {recorder ? 'Stop recording' : 'Record'}
          </button>
          <OpenFile accept="audio/*" onOpen={(chosen) => hear(readRecording(chosen, chosen.name))}>
            Open a recording, or drop one here
          </OpenFile>
        </div>
        <p class="quiet-text">Click a symbol to hear the frames that it was heard in.</p>
      </div>
      <Answered
        task="speech-recognition"
        model={model}
        asked={asked}
        link={({ recording: { name = '' } }) =>
          /^tones \d+$/.test(name)
            ? { tab: 'speech-recognition', fields: { tones: name.slice(6) } }
            : undefined
        }
        onChoose={({ side, index }, trace) => {
          if (side !== 'output' || trace.input.kind !== 'audio' || !recording) return;
          play(recording, spansOf(trace.input, lookedAt(trace, index, HEARD).places));
        }}
        show={(input) => <Waveform recording={input.recording} />}
        strike={(input, { input: heard }, places) =>
          heard.kind === 'audio' ? { recording: eraseFrames(input.recording, heard, places) } : undefined
        }
      />
    </>
  );
}
