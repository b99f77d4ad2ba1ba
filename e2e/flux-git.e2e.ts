import { scenario } from './flux/scenario';
import { startGitSource } from './source/source';

/** The home lab unchanged, from a Git repository. Grants are for people. */
describe('Flux applies dist/ from a GitRepository', () => {
  scenario('flux-git', { startSource: startGitSource, base: {}, subjects: { people: ['example'] } });
});
