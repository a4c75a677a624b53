import { AdditiveScore, Attention } from '@heed/attention-core';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';

await useBackend();
const random = randomSource(1);
const states = tf.randomNormal<tf.Rank.R3>([1, 4, 6]); // h: one source of four places, six numbers each
const query = tf.randomNormal<tf.Rank.R2>([1, 5]); // s: the decoder's state, five numbers

const score = new AdditiveScore({ queryWidth: 5, valueWidth: 6, units: 8 }, random);
const attention = new Attention({ score }, random);
const memory = attention.memory(states, tf.ones([1, 4], 'bool'));
const { weights, context } = attention.attend(query, memory);

const byHand = tf.matMul(weights.expandDims<tf.Rank.R3>(1), states).squeeze([1]); // Σ α h
console.log('weights', await weights.array());
console.log('differs from the mean by hand by', await tf.max(tf.abs(tf.sub(context, byHand))).data());
