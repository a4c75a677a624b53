import './jitless.js';
import 'virtual:article.css';
import './style.css';
import { render } from 'preact';
import { App } from './app.js';
import { firstAnswer } from './studio-worker.js';

render(<App />, document.getElementById('studio') as HTMLElement);

/** In milliseconds: where nothing is asked, nothing is answered. */
const LONGEST_WAIT = 10_000;

// Not before the first answer, which would wait for what the service worker fetches. Without it the studio works as well, as
// long as there is a network: private windows may refuse it.
Promise.race([firstAnswer, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT))])
  .then(() => navigator.serviceWorker?.register(new URL('service-worker.js', document.baseURI)))
  .catch(() => undefined);
