// What a bundler for browsers gets in the place of what runs in Node alone.
throw new Error('this is not Node.js');

export {};
