import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fileDigest } from '../../src/persistence/digest.js';
import { ModelFileError } from '../../src/persistence/model-file-error.js';
import { memorySource, readJson, urlSource } from '../../src/persistence/model-source.js';
import { openModelSource, verifiedSource } from '../../src/persistence/open-model-source.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ModelFileError);
  return error.message;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('memorySource', () => {
  const source = memorySource({ 'config.json': '{"größe":1}', 'model.safetensors': new Uint8Array([1, 2]) });

  it('holds files as text or bytes', async () => {
    expect(text(await source.read('config.json'))).toBe('{"größe":1}');
    expect(await source.read('model.safetensors')).toEqual(new Uint8Array([1, 2]));
    expect([await source.has('config.json'), await source.has('constructor')]).toEqual([true, false]);
  });

  it('refuses what is missing, too large, or no plain name', async () => {
    expect(await errorOf(source.read('toString'))).toBe('memory/toString: there is no such file');
    expect(await errorOf(source.read('model.safetensors', 1))).toContain('2 bytes or more; at most 1');
    for (const name of ['../config.json', 'a/b', 'a\\b', 'c:', '', '.', '..', 'a\0b']) {
      expect(await errorOf(source.read(name))).toContain('is not a plain file name');
    }
  });
});

describe('urlSource', () => {
  it('asks for each file in the folder, with the query', async () => {
    const asked: (string | undefined)[] = [];
    const address = await serve((request, response) => {
      asked.push(request.url);
      response.end('content');
    });
    const source = urlSource(`${address}/models/one/?key=secret`);
    expect(text(await source.read('config.json'))).toBe('content');
    expect(await source.has('a b#.json')).toBe(true);
    expect(asked).toEqual(['/models/one/config.json?key=secret', '/models/one/a%20b%23.json?key=secret']);
    expect(source.location).toBe(`${address}/models/one`);
  });

  it('says what the server answered', async () => {
    const address = await serve((request, response) => {
      response.writeHead(request.url?.endsWith('gone.json') ? 404 : 503).end('no');
    });
    const source = urlSource(address);
    expect(await errorOf(source.read('gone.json'))).toContain(
      `${address}/gone.json: the server answered 404 Not Found`,
    );
    expect(await errorOf(source.read('config.json'))).toContain('503 Service Unavailable');
    expect(await source.has('gone.json')).toBe(false);
    expect(await errorOf(source.has('config.json'))).toContain('503');
  });

  it('stops at the largest size, announced or not', async () => {
    const address = await serve((request, response) => {
      if (request.url === '/announced') response.setHeader('content-length', 1000);
      // Without an end: reading must not wait for one.
      response.write('x'.repeat(1000));
    });
    const source = urlSource(address);
    expect(await errorOf(source.read('announced', 999))).toContain('it has 1000 bytes or more; at most 999');
    expect(await errorOf(source.read('endless', 999))).toContain('at most 999');
  });

  it('reports a broken or refused connection', async () => {
    const address = await serve((_, response) => {
      response.setHeader('content-length', 10);
      response.write('half', () => response.destroy());
    });
    expect(await errorOf(urlSource(address).read('config.json'))).toMatch(
      /config\.json: it could not be fetched: /,
    );
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    expect(await errorOf(urlSource(address).read('config.json'))).toContain(
      'Check the address and the connection',
    );
  });

  it('takes http and https only, without a password', () => {
    expect(() => urlSource('ftp://example.org/model')).toThrow(ModelFileError);
    expect(() => urlSource('http://')).toThrow('an http or https URL is expected');
    expect(() => urlSource('https://user:word@example.org/model')).toThrow(
      /^https:\/\/example.org\/model: a URL with a user name/,
    );
  });
});

describe('readJson', () => {
  it('reads JSON', async () => {
    const source = memorySource({ 'config.json': '\ufeff{"__proto__":1,"größe":[null]}' });
    expect(await readJson(source, 'config.json')).toEqual(JSON.parse('{"__proto__":1,"größe":[null]}'));
  });

  it.each<[string | Uint8Array, string]>([
    ['{\n "a": 1,\n}', 'memory/config.json: as JSON it has an unexpected "}" at line 3, column 1.'],
    ['{"a":1,"a":2}', 'the key "a" twice at line 1, column 8'],
    ['', 'an unexpected end at line 1, column 1'],
    [new Uint8Array([0x22, 0xe9, 0x22]), 'memory/config.json: it is not UTF-8'],
  ])('names the place and what is wrong: %j', async (content, message) => {
    expect(await errorOf(readJson(memorySource({ 'config.json': content }), 'config.json'))).toContain(
      message,
    );
  });
});

it('readJson reads 64 MiB at most', async () => {
  const source = memorySource({ 'config.json': new Uint8Array(64 * 2 ** 20 + 1) });
  expect(await errorOf(readJson(source, 'config.json'))).toContain('at most 67108864');
});

describe('verifiedSource', () => {
  const weights = new Uint8Array([1, 2, 3]);

  it('writes digests as Subresource Integrity does', async () => {
    // printf '' | openssl dgst -sha256 -binary | base64
    expect(await fileDigest('')).toBe('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });

  it('checks the files that have a digest', async () => {
    const digests = { weights: await fileDigest(weights) };
    const training = JSON.stringify({ digests });
    const right = await verifiedSource(memorySource({ 'training.json': training, weights, other: 'x' }));
    expect(await right.read('weights')).toEqual(weights);
    expect(text(await right.read('other'))).toBe('x');
    expect(text(await right.read('training.json'))).toBe(training);

    const wrong = await verifiedSource(
      memorySource({ 'training.json': training, weights: weights.slice(1) }),
    );
    expect(await errorOf(wrong.read('weights'))).toContain('memory/weights: its digest is sha256-');
    expect(await errorOf(right.read('weights', 2))).toContain('at most 2');
  });

  it('needs no digests', async () => {
    for (const training of ['{}', '{"digests":{}}']) {
      const source = await verifiedSource(memorySource({ 'training.json': training, weights }));
      expect(await source.read('weights')).toEqual(weights);
    }
    const source = memorySource({ weights });
    expect(await verifiedSource(source)).toBe(source);
  });

  it.each([
    ['[]', '[] where an object is expected'],
    ['{"digests":null}', 'null where an object is expected'],
    ['{"digests":{"weights":1}}', '"weights" has 1'],
    ['{"digests":{"weights":"sha256-abc"}}', '"weights" has "sha256-abc"'],
  ])('refuses %s', async (training, message) => {
    const source = memorySource({ 'training.json': training, weights });
    expect(await errorOf(verifiedSource(source))).toContain(message);
  });
});

describe('openModelSource', () => {
  it('opens a URL, and checks its files', async () => {
    const files: Record<string, string> = {
      '/config.json': '{}',
      '/training.json': JSON.stringify({ digests: { 'config.json': await fileDigest('[]') } }),
    };
    const address = await serve((request, response) => {
      const content = files[request.url ?? ''];
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    const source = await openModelSource(new URL(address));
    expect(await errorOf(source.read('config.json'))).toContain('it was changed or damaged');
  });

  it('says when a URL has no model', async () => {
    const address = await serve((_, response) => response.writeHead(404).end());
    expect(await errorOf(openModelSource(address))).toBe(
      `${address}: there is no config.json in it, so it is not a model. A model has config.json, ` +
        'model.safetensors and tokenizer.json, as `heed train` writes them.',
    );
  });
});
