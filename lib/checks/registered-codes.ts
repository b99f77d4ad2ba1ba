import { readingCodes } from '../config/reading-codes';
import { registryOf } from '../findings/registry';
import { moveCodes } from './base/move-codes';
import { configCodes } from './config/config-codes';
import { liveCodes } from './live/live-codes';
import { reviewCodes } from './review/review-codes';

/**
 * Every code that Kaniflux can report. This file imports no rules, because rules import this file.
 */
export const registry = registryOf([
  ['synth', readingCodes],
  ['synth', configCodes],
  ['check', reviewCodes],
  ['check --base', moveCodes],
  ['doctor', liveCodes],
]);
