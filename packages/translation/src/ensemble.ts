import { Module } from '@heed/attention-core';
import type { TranslationModel } from './model.js';

/** Several networks, each trained by itself, that translate together; see `ensembleStep`. */
export class TranslationEnsemble extends Module {
  /** @param members of the same vocabulary; they all attend, or none does */
  constructor(readonly members: readonly [TranslationModel, ...TranslationModel[]]) {
    super(() => 0.5);
    for (const [i, member] of members.entries()) this.child(`network_${i}`, member);
  }

  get attends(): boolean {
    return this.members[0].attends;
  }
}
