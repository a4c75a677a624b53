import { config } from 'zod';

// The page's policy forbids code made of text, and zod would try before it makes a schema: import this first.
config({ jitless: true });
