import './jitless.js';
import 'virtual:article.css';
import './style.css';
import { render } from 'preact';
import { App } from './app.js';

render(<App />, document.getElementById('studio') as HTMLElement);

// Without it the studio works as well, as long as there is a network: private windows may refuse it.
navigator.serviceWorker?.register(new URL('service-worker.js', document.baseURI)).catch(() => undefined);
