import type { ComponentType } from 'preact';
import type { TaskName } from '../models.js';
import { EntailmentTab } from './tasks/entailment.js';
import { CaptioningTab } from './tasks/image-captioning.js';
import { SpeechTab } from './tasks/speech-recognition.js';
import { SummarizationTab } from './tasks/summarization.js';
import type { TabProps } from './tasks/tab.js';
import { TranslationTab } from './tasks/translation.js';

export type TabName = TaskName | 'trace';

/** The tasks in the order of their tabs. */
export const taskTabs: readonly {
  readonly name: TaskName;
  readonly title: string;
  readonly Tab: ComponentType<TabProps>;
}[] = [
  { name: 'translation', title: 'Translation', Tab: TranslationTab },
  { name: 'image-captioning', title: 'Captions', Tab: CaptioningTab },
  { name: 'entailment', title: 'Entailment', Tab: EntailmentTab },
  { name: 'speech-recognition', title: 'Speech', Tab: SpeechTab },
  { name: 'summarization', title: 'Summaries', Tab: SummarizationTab },
];

export const tabNames: readonly TabName[] = [...taskTabs.map(({ name }) => name), 'trace'];

/** The tab that has a use for a file, as far as its name and type tell. */
export function tabFor({ name, type }: Pick<File, 'name' | 'type'>): TabName | undefined {
  if (type.startsWith('image/')) return 'image-captioning';
  if (type.startsWith('audio/') || /\.(wav|flac|mp3|ogg|m4a)$/i.test(name)) return 'speech-recognition';
  return type === 'application/json' || /\.json$/i.test(name) ? 'trace' : undefined;
}
