import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** Tells a test file whether one of its tests failed: a lab keeps its logs then. Jest itself doesn't say. */
export default class FailureAware extends TestEnvironment {
  async handleTestEvent(event: Circus.Event): Promise<void> {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') {
      (this.global as { kanifluxTestFailed?: boolean }).kanifluxTestFailed = true;
    }
  }
}
