import { scenario } from './flux/scenario';
import { startOciSource } from './source/source';

/** The same from an OCI registry. Grants are for a group. */
describe('Flux applies dist/ from an OCIRepository', () => {
  scenario('flux-oci', {
    startSource: startOciSource,
    base: {
      flux: { source: { kind: 'OCIRepository' } },
      groups: { k8s_users: { members: ['datosh', 'example'] }, viewers: { members: ['example'] } },
      clusters: { homelab: { authentication: { groups: {} } } },
    },
    subjects: { groups: ['viewers'] },
  });
});
