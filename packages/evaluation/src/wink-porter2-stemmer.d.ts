declare module 'wink-porter2-stemmer' {
  /** The Snowball English stemmer (Porter 2). */
  export default function stem(word: string): string;
}
