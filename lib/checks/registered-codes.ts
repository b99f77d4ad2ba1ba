import { readingCodes } from '../config/reading-codes';
import { type Registry, registryOf } from '../findings/registry';
import { moveCodes } from './base/move-codes';
import { configCodes } from './config/config-codes';
import { liveCodes } from './live/live-codes';
import { reviewCodes } from './review/review-codes';

/**
 * Returns every code that Kaniflux can report. Creates the registry on the first call, because a run without findings
 * does not need it. This file imports no rules, because rules import this file.
 */
export function registry(): Registry {
  created ??= registryOf([
    ['synth', readingCodes],
    ['synth', configCodes],
    ['check', reviewCodes],
    ['check --base', moveCodes],
    ['doctor', liveCodes],
  ]);
  return created;
}

let created: Registry | undefined;
