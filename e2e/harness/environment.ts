import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** State that the labs of a test file and Jest's environment share. */
export interface LabGlobals {
  /** Whether a test of the file failed. A lab then keeps its logs. Jest itself does not tell. */
  kanifluxTestFailed?: boolean;
  /** The open labs. */
  kanifluxLabs?: Set<{ close(): Promise<void> }>;
}

/** Records whether a test failed, and closes the labs that a file leaves open, for example because a hook failed. */
export default class LabEnvironment extends TestEnvironment {
  async handleTestEvent({ name }: Circus.Event): Promise<void> {
    const shared = this.global as LabGlobals;
    if (name === 'test_fn_failure' || name === 'hook_failure') shared.kanifluxTestFailed = true;
    if (name === 'run_finish') for (const lab of shared.kanifluxLabs ?? []) await lab.close();
  }
}
