import { expect, test } from 'vitest';
import { figureDataNames, figureModelNames, Materials, MissingMaterialError } from '../src/index.js';

test('what is named comes before what is made by code', () => {
  const materials = new Materials({ models: { 'fixed-vector': 'runs/fixed' }, data: { speech: 'an4' } });
  expect(materials.model('fixed-vector')).toBe('runs/fixed');
  expect(materials.data('speech')).toBe('an4');
  expect(new Materials({}).data('speech')).toBe('synthetic');
  expect(materials.modelIfAny('content-speech')).toBeUndefined();
});

test('what is neither named nor installed is an error that says how to name it', () => {
  const materials = new Materials({});
  expect(() => materials.model('content-speech')).toThrow(
    'it takes a model: --model content-speech=FOLDER is not given',
  );
  expect(() => materials.data('multi30k')).toThrow('it takes data: --data multi30k=FOLDER is not given');
  expect(() => materials.data('multi30k')).toThrow(MissingMaterialError);
});

test('every model and all data can be named', () => {
  for (const name of figureModelNames)
    expect(new Materials({ models: { [name]: 'here' } }).model(name)).toBe('here');
  for (const name of figureDataNames)
    expect(new Materials({ data: { [name]: 'here' } }).data(name)).toBe('here');
});
