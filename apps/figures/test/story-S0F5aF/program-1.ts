import { useBackend } from '@heed/backend';
import { Translator } from '@heed/translation';
import { renderTerminal } from '@heed/visualization';

await useBackend();
const translator = await Translator.load('@heed/translation-fr-en');
const [translations] = await translator.translate(['Un chien noir dort sous la table.']);
for (const { text, attention } of translations ?? []) {
  console.log(text);
  if (attention) console.log(renderTerminal(attention, { columns: 80, colors: false }));
}
translator.dispose();
