import { useBackend } from '../src/index.js';

// Prints which backend starts in a process of its own.
console.log((await useBackend()).name);
