import { CaptionDecoder } from './caption-decoder.js';
import type { NetworkConfig } from './config.js';
import { TopDownDecoder } from './top-down-decoder.js';

/** @param valueWidth of what is attended to */
export function createCaptionDecoder(
  network: NetworkConfig,
  valueWidth: number,
  random: () => number,
): CaptionDecoder {
  const Decoder = network.decoder === 'anderson2018' ? TopDownDecoder : CaptionDecoder;
  return new Decoder(network, valueWidth, random);
}
