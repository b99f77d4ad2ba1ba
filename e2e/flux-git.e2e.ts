import { scenario } from './flux/scenario';
import { startGitSource } from './source/source';

/** The home lab as it is, from a Git repository; grants go to people. */
describe('Flux applies dist/ from a GitRepository', () => {
  scenario('flux-git', { startSource: startGitSource, base: {}, subjects: { people: ['example'] } });
});
