// A worker that computes nothing: node fake-worker.mjs VALUE [ENDS_AT_RUN]
import { createInterface } from 'node:readline';

const [value, endsAtRun] = process.argv.slice(2).map(Number);
let runs = 0;
const answers = {
  create: () => ({ create: null }),
  ready: ({ threads }) => (threads === 0 ? { error: 'no threads' } : { ready: null }),
  run: (batch) => {
    if (++runs === endsAtRun) {
      console.error('the fake has had enough');
      process.exit(3);
    }
    return { run: { seconds: batch === 'unseen' ? 50 : runs, value } };
  },
  memory: () => ({ memory: { bytes: 1000 * runs } }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [[verb, request]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(answers[verb](request)));
}
