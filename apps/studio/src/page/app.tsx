import { useEffect, useRef, useState } from 'preact/hooks';
import { modelName } from '../models.js';
import { formatLink, parseLink } from './link.js';
import { modelsOf, wantedModelOf } from './models-here.js';
import { backend } from './studio-worker.js';
import { type TabName, tabFor, tabNames, taskTabs } from './tabs.js';
import { TracesTab } from './tasks/traces.js';
import { messageOf } from './use-answer.js';

const titles = new Map<TabName, string>([
  ...taskTabs.map(({ name, title }) => [name, title] as const),
  ['trace', 'Your traces'],
]);

const runs: Readonly<Record<string, string>> = {
  wasm: 'The models run in this page, as WebAssembly.',
  cpu: 'The models run in this page, as plain JavaScript: WebAssembly does not start here, so they are slow.',
};

const isTab = (name: string): name is TabName => (tabNames as readonly string[]).includes(name);

/** Where the address leads. */
function currentLink() {
  const { tab, fields } = parseLink(location.hash);
  return isTab(tab) ? { tab, fields } : { tab: 'translation' as TabName, fields: {} };
}

export function App() {
  const [{ tab, fields }, setLink] = useState(currentLink);
  // Tabs that were open keep what is in them; a link opens its tab anew.
  const [opened, setOpened] = useState<ReadonlyMap<TabName, number>>(new Map([[tab, 0]]));
  const [files, setFiles] = useState<Readonly<Partial<Record<TabName, File>>>>({});
  const [refusal, setRefusal] = useState('');
  const [running, setRunning] = useState('Starting …');

  const go = (next: TabName) => {
    setLink({ tab: next, fields: {} });
    setOpened((known) => (known.has(next) ? known : new Map(known).set(next, 0)));
    history.replaceState(null, '', formatLink({ tab: next, fields: {} }));
  };

  useEffect(() => {
    backend.then(
      (name) => setRunning(runs[name] ?? name),
      (error: unknown) => setRunning(`No model can run here: ${messageOf(error)}`),
    );
    const follow = () => {
      const link = currentLink();
      setLink(link);
      setOpened((known) => new Map(known).set(link.tab, (known.get(link.tab) ?? 0) + 1));
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      const target = tabFor(file);
      setRefusal(
        target
          ? ''
          : `${file.name}: a picture, a recording or a trace (.json) is expected, and it is none by its name.`,
      );
      if (!target) return;
      go(target);
      setFiles((known) => ({ ...known, [target]: file }));
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);

  return (
    <>
      <header>
        <h1>heed studio</h1>
        <p>
          Five networks with attention. Give them something to read, see or hear, and see where they looked.
        </p>
      </header>
      <TabList current={tab} onChoose={go} />
      <main>
        {refusal && (
          <p class="card error" role="alert">
            {refusal}
          </p>
        )}
        {tabNames.map(
          (name) =>
            opened.has(name) && (
              <div
                key={`${name} ${opened.get(name)}`}
                role="tabpanel"
                id={`panel-${name}`}
                aria-labelledby={`tab-${name}`}
                hidden={name !== tab}
              >
                <Panel name={name} fields={name === tab ? fields : {}} file={files[name]} />
              </div>
            ),
        )}
      </main>
      <footer>
        <p>{running} Nothing that you give them leaves it, and once it was loaded it needs no network.</p>
      </footer>
    </>
  );
}

interface PanelProps {
  readonly name: TabName;
  readonly fields: Readonly<Record<string, string>>;
  readonly file: File | undefined;
}

function Panel({ name, fields, file }: PanelProps) {
  const [chosen, setChosen] = useState(0);
  const task = taskTabs.find((known) => known.name === name);
  if (!task) return <TracesTab file={file} />;
  const models = modelsOf(task.name);
  const model = models[chosen];
  if (!model) {
    const wanted = wantedModelOf(task.name);
    return (
      <p class="card">
        This studio was built without a model for this task: <code>{wanted.package}</code> is not installed.
      </p>
    );
  }
  return (
    <>
      {models.length > 1 && (
        <label class="examples">
          <span>Model</span>
          <select value={chosen} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
            {models.map((known, i) => (
              <option key={known.package} value={i}>
                {modelName(known)}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="knows">{model.knows}</p>
      <task.Tab key={model.package} model={model} fields={fields} file={file} />
    </>
  );
}

function TabList({
  current,
  onChoose,
}: {
  readonly current: TabName;
  readonly onChoose: (name: TabName) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#tab-${current}`)?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [current]);
  const walk = (event: KeyboardEvent) => {
    const at = tabNames.indexOf(current);
    const ends: Record<string, number> = {
      Home: 0,
      End: tabNames.length - 1,
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
    };
    const target = ends[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = tabNames.at(target % tabNames.length) as TabName;
    onChoose(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label="Tasks" tabIndex={-1} onKeyDown={walk}>
      {tabNames.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === current}
          aria-controls={name === current ? `panel-${name}` : undefined}
          tabIndex={name === current ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {titles.get(name)}
        </button>
      ))}
    </div>
  );
}
