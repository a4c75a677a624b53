import { eraseCells, type Picture, syntheticScenes } from '@heed/image-captioning';
import { useEffect, useState } from 'preact/hooks';
import { modelName } from '../../models.js';
import { Answered } from '../answered.js';
import { OpenFile } from '../open-file.js';
import { readPicture, withPreview } from '../read-picture.js';
import { prepare } from '../studio-worker.js';
import { useAnswer } from '../use-answer.js';
import { wholeNumber } from '../whole-number.js';
import type { TabProps } from './tab.js';

const FIRST_SCENE = 2015;

/** The scene of a number; it has that number for a name, by which links find it. */
function scene(seed: number): Picture {
  const [drawn] = syntheticScenes({ count: 1, seed });
  return withPreview({ ...(drawn as { image: Picture }).image, name: `scene ${seed}` });
}

export function CaptioningTab({ model, fields, file }: TabProps) {
  const [seed, setSeed] = useState(wholeNumber(fields.scene, FIRST_SCENE));
  const { asked, run } = useAnswer('image-captioning', model);
  const draw = (next: number) => {
    setSeed(next);
    void run({ picture: scene(next) });
  };
  const open = (chosen: File) => {
    const read = async () => {
      const { imageSize } = await prepare('image-captioning', modelName(model));
      return { picture: await readPicture(chosen, imageSize as number) };
    };
    void run(read());
  };
  useEffect(() => {
    if (file) open(file);
    else if (model.synthetic) draw(seed);
  }, [file]);
  return (
    <>
      <div class="card tools">
        {model.synthetic && (
          <button type="button" class="main" onClick={() => draw(seed + 1)}>
            Another scene
          </button>
        )}
        <OpenFile accept="image/*" onOpen={open}>
          Open a picture, or drop one here
        </OpenFile>
      </div>
      <Answered
        task="image-captioning"
        model={model}
        asked={asked}
        link={({ picture: { name = '' } }) =>
          /^scene \d+$/.test(name) ? { tab: 'image-captioning', fields: { scene: name.slice(6) } } : undefined
        }
        show={({ picture: { preview } }) =>
          preview && <img class="left-over" src={preview.url} alt="What is left of it" />
        }
        strike={({ picture }, { input }, places) =>
          input.kind === 'image'
            ? { picture: withPreview(eraseCells(picture, input.grid, places)) }
            : undefined
        }
      />
    </>
  );
}
