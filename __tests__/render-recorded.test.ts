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

/** What a real Flux did with the home lab, and the home lab as it is rendered today. */
describe.each([
  ['git', 'GitRepository'],
  ['oci', 'OCIRepository'],
])('the transcript of a real source- and helm-controller, %s', (file, kind) => {
  const text = readFileSync(join(__dirname, 'fixtures', 'flux', `${file}.txt`), 'utf8');
  const commands = text.split(/^\$ /m).slice(1);
  /** What the commands printed that start so, in their order. */
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
