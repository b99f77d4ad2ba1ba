import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { render } from '../lib/render';
import { configOf } from './config';

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, never> & { readonly values: object; readonly url: string };
}

/** Compares what a real Flux did with the home lab with what is rendered for it now. */
describe.each([
  ['git', 'GitRepository'],
  ['oci', 'OCIRepository'],
])('the transcript of a real source- and helm-controller, %s', (file, kind) => {
  const text = readFileSync(join(__dirname, 'fixtures', 'flux', `${file}.txt`), 'utf8');
  const commands = text.split(/^\$ /m).slice(1);
  /** Returns the output of the commands that begin with a text, in their order. */
  const printed = (start: string): string[] =>
    commands
      .filter((one) => one.startsWith(start))
      .map(
        (one) =>
          one
            .slice(one.indexOf('\n') + 1)
            .split('\n\n')[0]
            ?.trimEnd() ?? '',
      );
  const config = configOf({ flux: { source: { kind } } });
  const files = new Map([...render(config)].map((artifact) => [artifact.path, artifact.text]));
  const objects = (path: string) =>
    parseAllDocuments(files.get(path) as string).map((document) => document.toJS() as Rendered);
  const [, repository, release] = objects('clusters/homelab/kanidm/kanidm.k8s.yaml') as [Rendered, Rendered, Rendered];

  test('is of the Kustomizations that are rendered', () => {
    const names = objects('flux/homelab.yaml').map(({ metadata }) => metadata.name);
    const created = names.map((name) => `kustomization.kustomize.toolkit.fluxcd.io/${name} created`);
    expect(printed('kubectl apply -f dist/flux/homelab.yaml')[0]?.split('\n')).toEqual(created);
  });

  test('is of the HelmRelease and the HelmRepository that are rendered', () => {
    expect(JSON.parse(printed('kubectl get helmrelease kanidm')[0] as string)).toMatchObject(release.spec);
    expect(printed('helm get values')).toEqual([expect.stringMatching(/^\{.*\}$/)]);
    expect(JSON.parse(printed('helm get values')[0] as string)).toEqual(release.spec.values);
    expect(printed('kubectl get helmrepositories')[0]).toMatch(
      new RegExp(`^${repository.kind} +${repository.metadata.name} +True`, 'm'),
    );
    expect(printed('kubectl get helmrepositories')[0]).toContain("pulled 'kanidm' chart with version '0.1.2'");
  });

  test('is of the binding that is rendered', () => {
    const subject = printed('kubectl get clusterrolebinding oidc-cluster-admin')[0] as string;
    expect(files.get('clusters/homelab/access/access.k8s.yaml')).toContain(subject);
  });

  test('shows Kanidm and its data in place at each step, and its data also after the uninstall', () => {
    const kept = ['Namespace kanidm', 'HelmRepository kanidm'];
    const volumes = ['PersistentVolumeClaim kanidm-db', 'PersistentVolumeClaim kanidm-backup'];
    const tables = printed('kubectl get namespace/kanidm').map((table) =>
      table
        .split('\n')
        .slice(1)
        .map((line) => line.split(/ +/).slice(0, 2).join(' ')),
    );
    const all = [...kept, 'HelmRelease kanidm', 'Deployment kanidm', ...volumes];
    expect(tables).toEqual([all, all, all, [...kept, ...volumes]]);
  });

  test('shows each Kustomization ready, and Kanidm out of Git as a failure that takes nothing away', () => {
    const states = printed('kubectl get').flatMap(
      (table) => /^Kustomization +kaniflux-kanidm +(\w+ +\w+)/m.exec(table)?.[1]?.replace(/ +/, ' ') ?? [],
    );
    expect(states).toEqual(['True ReconciliationSucceeded', 'False ArtifactFailed']);
  });

  test('shows no drift between the two controllers, and a change by hand repaired', () => {
    const [before = '', after = ''] = printed('kubectl get events');
    expect(before).toContain('InstallSucceeded');
    expect(before).not.toContain('Drift');
    expect(after.match(/^\w+\/\w+\/\w+ .*$/gm)).toEqual([
      'Deployment/kanidm/kanidm changed (0 additions, 1 changes, 0 removals)',
      'Deployment/kanidm/kanidm configured',
    ]);
    expect(printed('kubectl get deployment kanidm')).toEqual(['kanidm/server:1.4.5']);
  });
});

describe('the record of the real programs on a node', () => {
  const text = readFileSync(join(__dirname, 'fixtures', 'flux', 'node.txt'), 'utf8');
  const rendered = (kanidm: object) => {
    const artifacts = render(configOf({ kanidm: { version: '1.11.1', provision: 'migrations', ...kanidm } }));
    return new Map([...artifacts].map((artifact) => [artifact.path, artifact.text]));
  };
  const deployed = (kanidm: object) => rendered(kanidm).get('clusters/homelab/kanidm/kanidm.k8s.yaml') ?? '';

  test('is of the migrations that are rendered for the home lab', () => {
    const examined = [...text.matchAll(/^examining migration \| path: \/data\/migrations\.d\/(.*)$/gm)].map(
      ([, name]) => name,
    );
    const names = [...deployed({}).matchAll(/^ {2}(\d\d-\S+\.json): /gm)].map(([, name]) => name);
    expect(examined.length).toBeGreaterThan(0);
    expect(names).toEqual(examined);
  });

  test('is of the strategy and the images that are rendered for the chart', () => {
    const [, strategy = '', ...images] =
      /^\$ kubectl -n kanidm get deployment .*\n(\S+) (\S+) (\S+)$/m.exec(text) ?? [];
    expect(deployed({})).toMatch(new RegExp(`type: ${strategy}`));
    expect(images[0]).toBe('kanidm/server:1.11.1');
    expect(deployed({})).toMatch(/newTag: "?1\.11\.1"?/);
    expect(deployed({})).toContain(`image: ${images[1]}`);
  });

  test('is of the Secret that is rendered for a private CA of the repository', () => {
    expect(text).toContain('$ kubectl -n kanidm create secret generic chart-ca --from-file=ca.crt=');
    expect(deployed({ helm: { certSecretRef: 'chart-ca' } })).toContain('certSecretRef:\n    name: chart-ca\n');
    expect(deployed({})).not.toContain('certSecretRef');
  });
});
