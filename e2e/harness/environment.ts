import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** What the labs of a test file and Jest tell each other. */
export interface LabGlobals {
  /** Whether one of its tests failed: a lab keeps its logs then. Jest itself doesn't say. */
  kanifluxTestFailed?: boolean;
  /** The labs that are open. */
  kanifluxLabs?: Set<{ close(): Promise<void> }>;
}

/** Knows whether a test failed, and closes the labs that a file leaves open: a hook that fails half-way can't. */
export default class LabEnvironment extends TestEnvironment {
  async handleTestEvent({ name }: Circus.Event): Promise<void> {
    const shared = this.global as LabGlobals;
    if (name === 'test_fn_failure' || name === 'hook_failure') shared.kanifluxTestFailed = true;
    if (name === 'run_finish') for (const lab of shared.kanifluxLabs ?? []) await lab.close();
  }
}
