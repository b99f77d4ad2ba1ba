import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { entry } from '../../lib/config/config';
import { clusterFolders } from '../../lib/render';
import { releasedObjects } from '../chart/released';
import { FluxOnNode } from './flux-on-node';
import { until } from './machine';
import { apiServerArguments, initCluster, initFlags, kubeadmConfig } from './node';
import { commandsBelow, withBlock } from './readme';
import { typed } from './session';
import { asPerson, Repository, type Story } from './story';
import { describeNode } from './suite';

const page = (name: string) => readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8');
const controlPlane = '/root/repository/dist/control-planes/homelab';
const discovery =
  'curl -sS --cacert /root/repository/kanidm-ca.crt https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration';
const admin = 'KUBECONFIG=/etc/kubernetes/admin.conf';

/**
 * Adds a second address. kubeadm uses it as the address of the API server unless its configuration names another one.
 */
const secondAddress = `ip link add node1 type bridge
ip address add 198.51.100.10/24 dev node1
ip link set node1 up
ip route replace default via 198.51.100.1`;
const ownAddress = `cat >> merged.yaml <<EOF
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 192.0.2.10
EOF`;

describeNode('new cluster', (node) => {
  let repository: Repository;
  let flux: FluxOnNode;

  const push = async (story: Story, options?: { wait?: boolean }) => {
    await repository.checkOut(node.machine, story);
    await flux.push(options);
  };
  const readme = () => node.machine.run(`cat ${controlPlane}/README.md`);
  const pod = async () => JSON.parse(await node.machine.kubectl('-n kanidm get pod kanidm-0 -o json'));
  const isReady = ({ status }: { status: { containerStatuses?: readonly { ready: boolean }[] } }) =>
    status.containerStatuses?.every(({ ready }) => ready) ?? false;
  const kanidmIsReady = () =>
    until(
      'Kanidm is ready',
      async () => {
        const one = await pod();
        if (!isReady(one)) throw new Error(JSON.stringify(one.status));
        return one;
      },
      240,
    );
  const whoami = async () =>
    JSON.parse(await until('datosh signs in', () => asPerson(node.machine, 'datosh', 'auth whoami -o json'), 240))
      .status.userInfo.username;
  const can = (person: string, what: string, answer: 'yes' | 'no') =>
    until(
      `whether ${person} can ${what} is ${answer}`,
      async () => {
        const output = await asPerson(node.machine, person, `auth can-i ${what} || true`);
        if (output.trim() !== answer) throw new Error(output);
      },
      240,
    );

  test('is made by the commands of the README', async () => {
    const { machine, lab } = node;
    repository = await Repository.create(lab);
    await machine.run("echo '192.0.2.10 idm.example.com' >> /etc/hosts");
    await repository.checkOut(machine);
    await machine.write('/root/repository/your-config.yaml', kubeadmConfig);
    const blocks = commandsBelow(await readme(), 'On a new cluster');
    await typed(
      machine,
      blocks.map((block) => block.replace('kubeadm init ', `kubeadm init ${initFlags} `)),
      { elsewhere: { 'install -D': controlPlane } },
    );
    await initCluster(machine);
    expect(await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml')).toContain(
      '--oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s',
    );
    await repository.takeClusterCa(machine);
    await repository.checkOut(machine);
  });

  test('runs what kubeadm makes in pods of its own', async () => {
    const components = await until(
      'every pod is ready',
      async () => {
        const { items } = JSON.parse(await node.machine.kubectl('get pods --all-namespaces -o json'));
        const states = items.map(({ metadata: { labels }, status }: Pod) => [
          labels.component ?? labels['k8s-app'],
          status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
        ]);
        if (states.length < 5 || !states.every(([, ready]: [string, boolean]) => ready))
          throw new Error(JSON.stringify(states));
        return new Set(states.map(([name]: [string]) => name));
      },
      240,
    );
    expect([...components].sort()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-dns',
      'kube-scheduler',
    ]);
  });

  test('Flux brings Kanidm up from nothing', async () => {
    const { machine, lab } = node;
    flux = await FluxOnNode.install(machine, lab);
    await repository.renewCertificate(machine);
    const prerequisites = page('prerequisites.md');
    await typed(machine, [
      `export ${admin}`,
      ...commandsBelow(prerequisites, 'The namespace and the TLS Secret'),
      ...commandsBelow(prerequisites, 'Storage on a single node'),
      'kubectl apply -f dist/flux/homelab.yaml',
    ]);
    await flux.push();
    const ip = await machine.kubectl("-n kanidm get service kanidm -o jsonpath='{.spec.clusterIP}'");
    await machine.run(`nohup socat TCP-LISTEN:443,fork,reuseaddr TCP:${ip}:443 > /dev/null 2>&1 & true`);
    expect(JSON.parse(await machine.run(discovery))).toMatchObject({
      issuer: 'https://idm.example.com/oauth2/openid/k8s',
    });
  });

  test('a person signs in with kubelogin', async () => {
    expect(await whoami()).toMatch(/^https:\/\/idm\.example\.com\/oauth2\/openid\/k8s#[0-9a-f-]{36}$/);
    await can('datosh', "'*' '*'", 'yes');
    await can('second', 'get pods', 'no');
  });

  test('the runbook trusts the CA of the config, and no other', async () => {
    const runbook = (env: string) =>
      node.machine.run(`cd /root/repository && ${env} KANIDM_PASSWORD=none sh dist/kanidm/runbook.sh`);
    // The replacement for Kanidm has no accounts, and it reports a newer version than that of the client. If the
    // client can read the version, it trusts the certificate.
    await expect(runbook('')).rejects.toThrow('server_version="1.11.1"');
    await expect(runbook('KANIDM_CA_PATH=ca.crt')).rejects.toThrow('InvalidCertificate(UnknownIssuer)');
  });

  test('no file of the server is readable for everybody', async () => {
    expect(await node.machine.kubectl('-n kanidm logs kanidm-0 -c kanidm')).not.toContain('may not be secure');
  });

  const adopted = (options = '') =>
    node.machine.run(`rm -rf /root/adopted && mkdir /root/adopted && cd /root/adopted
${admin} node /root/repository/node_modules/.bin/kaniflux adopt --live --cluster homelab -o kaniflux.yaml ${options} 2>&1
cat kaniflux.yaml`);

  test('adopt --live names the Kanidm that runs in the cluster', async () => {
    const output = await adopted();
    expect(output).toMatch(/StatefulSet kanidm\/kanidm .*Kanidm 1\.11\.1: Kaniflux does not take over a Kanidm/);
    expect(output).toMatch(/^ {2}version: 1\.11\.1$/m);
  });

  test('adopt --live copies the CA of Kanidm, of which the flags only have the path', async () => {
    expect(await adopted()).toContain(
      'copy the CA of Kanidm (/etc/kubernetes/kaniflux/oidc-ca.crt on the control-plane',
    );
    const output = await adopted('--kanidm-ca ../repository/kanidm-ca.crt');
    expect(output).toMatch(/^ {6}ca:\n(?: {8}.*\n)* {8}file: homelab-oidc-ca\.crt$/m);
    const copy = await node.machine.run('cat /root/adopted/homelab-oidc-ca.crt');
    expect(copy.trim()).toBe(repository.web.cert.trim());
  });

  test('diff --live shows nothing', async () => {
    const output = await node.machine.run(`cd /root/repository && ${admin} npx kaniflux diff --live --cluster homelab`);
    expect(output).toBe('No differences.\n');
  });

  let old: { fingerprint: string; uid: string };
  const fingerprint = 'openssl x509 -noout -fingerprint -sha256';
  const served = async (address = 'idm.example.com:443') =>
    (await node.machine.run(`echo | openssl s_client -connect ${address} 2> /dev/null | ${fingerprint}`)).trim();

  test('its certificate is renewed', async () => {
    old = { fingerprint: await served(), uid: (await pod()).metadata.uid };
    await repository.renewCertificate(node.machine);
    await typed(node.machine, [
      `export ${admin}`,
      'kubectl -n kanidm create secret tls kanidm-tls --cert=tls.crt --key=tls.key --dry-run=client -o yaml | kubectl apply -f -',
    ]);
  });

  const onExisting = async () =>
    commandsBelow(
      withBlock(await readme(), /The ConfigMap has no settings of single nodes\. .*/, ownAddress),
      'On an existing cluster',
    );

  test('the README takes the API server from flags to an AuthenticationConfiguration, and back', async () => {
    const { machine } = node;
    const before = await whoami();
    const flags = await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml');
    await machine.run(secondAddress);
    await repository.checkOut(machine, { method: 'structured' });
    // The API server has no AuthenticationConfiguration yet.
    const blocks = (await onExisting()).filter((block) => !block.includes('--authentication-config'));
    const [save = '', copies = '', merge = '', ...rest] = blocks;
    await expect(typed(machine, [save, copies, merge])).rejects.toThrow(
      /conflicting arguments:\n {2}--oidc-issuer-url=.*\nremove them, or merge with --replace/s,
    );
    const replace = merge.replace('kubeadm-merge homelab', '$& --replace');
    await typed(machine, [save, copies, replace, ...rest], { elsewhere: { 'install -D': controlPlane } });
    expect(await apiServerArguments(machine)).toContain('--authentication-config=');
    const structured = await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml');
    expect(structured).toContain('--authentication-config=');
    expect(structured).not.toContain('--oidc-');
    expect(structured).toContain('--advertise-address=192.0.2.10');
    expect(await whoami()).toBe(before);

    // "To go back, do the last three steps with `cluster.yaml`."
    const back = blocks.slice(-4).map((block) => block.replaceAll('merged.yaml', 'cluster.yaml'));
    await typed(machine, [`export ${admin}`, ...back]);
    expect(await apiServerArguments(machine)).toContain('--oidc-issuer-url=');
    expect(await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml')).toBe(flags);
    expect(await whoami()).toBe(before);
  }, 600_000);

  test('the README restarts the API server for a changed CA, although the static pod stays the same', async () => {
    const { machine } = node;
    const before = await whoami();
    const pod = 'cat /etc/kubernetes/manifests/kube-apiserver.yaml';
    const [manifest, server] = [await machine.run(pod), await machine.run('pgrep -x kube-apiserver')];
    await repository.checkOut(machine);
    await machine.run(`cat /etc/kubernetes/pki/ca.crt >> ${controlPlane}/oidc-ca.crt`);
    await typed(machine, await onExisting(), { elsewhere: { 'install -D': controlPlane } });
    expect(await machine.run('pgrep -x kube-apiserver')).not.toBe(server);
    expect(await machine.run(pod)).toBe(manifest);
    expect(await whoami()).toBe(before);
  }, 600_000);

  test('a commit adds a grant, and one revokes it', async () => {
    const owner = '{ name: oidc-cluster-admin, clusterRole: cluster-admin, people: [datosh] }';
    await push({ grants: `[${owner}, { name: viewers, clusterRole: view, people: [second] }]` });
    await can('second', 'get pods', 'yes');
    await can('second', 'delete pods', 'no');
    await push({});
    await can('second', 'get pods', 'no');
    await can('datosh', "'*' '*'", 'yes');
  });

  test('the renewed certificate is served by the same pod', async () => {
    await until(
      'the renewed certificate is served',
      async () => {
        if ((await served()) === old.fingerprint) throw new Error('the old one is');
      },
      480,
    );
    expect(await node.machine.run(discovery)).toContain('issuer');
    const now = await kanidmIsReady();
    expect([now.metadata.uid, serverOf(now).restartCount]).toEqual([old.uid, 1]);
  }, 600_000);

  test('an image that does not exist, and its revert', async () => {
    await push({ image: 'node.example.com/missing' }, { wait: false });
    await until(
      'the image can not be pulled',
      async () => {
        const { reason = 'none' } = serverOf(await pod()).state.waiting ?? {};
        if (!/^(ErrImagePull|ImagePullBackOff)$/.test(reason)) throw new Error(reason);
      },
      240,
    );
    await push({});
    const { spec } = await kanidmIsReady();
    expect(spec.containers[0].image).toBe('node.example.com/kanidm:1.11.1');
    expect(await whoami()).toContain('#');
  });

  test('a StatefulSet from before podManagementPolicy is made anew around its pod', async () => {
    const { machine } = node;
    const kept = () =>
      Promise.all([
        machine.kubectl('-n kanidm get pod kanidm-0 -o jsonpath={.metadata.uid}'),
        machine.kubectl('-n kanidm get pvc -o jsonpath={.items[*].metadata.uid}'),
      ]);
    const policy = () => machine.kubectl('-n kanidm get statefulset kanidm -o jsonpath={.spec.podManagementPolicy}');
    const remove = commandsBelow(page('kanidm.md'), 'By manifests').filter((block) => block.includes('--cascade'));
    expect(remove).toHaveLength(1);
    const old = JSON.parse(await machine.kubectl('-n kanidm get statefulset kanidm -o json'));
    const { labels, annotations } = old.metadata;
    await flux.suspend('kaniflux-kanidm', true);
    await typed(machine, [`export ${admin}`, ...remove]);
    await machine.kubectl(
      'create -f -',
      JSON.stringify({
        ...old,
        metadata: { name: 'kanidm', namespace: 'kanidm', labels, annotations },
        spec: { ...old.spec, podManagementPolicy: 'OrderedReady' },
        status: undefined,
      }),
    );
    await kanidmIsReady();
    const before = await kept();
    await flux.suspend('kaniflux-kanidm', false);
    await until(
      'Flux says that it is forbidden',
      async () => {
        const message = await flux.message('kaniflux-kanidm');
        if (!/forbidden|immutable/i.test(message)) throw new Error(message);
      },
      240,
    );
    expect(await policy()).toBe('OrderedReady');
    await typed(machine, [`export ${admin}`, ...remove]);
    await until(
      'Flux has made it anew',
      async () => {
        const now = await policy();
        if (now !== 'Parallel') throw new Error(now);
      },
      240,
    );
    await kanidmIsReady();
    expect(await kept()).toEqual(before);
  });

  const database = 'sha256sum < /srv/kanidm/db/kanidm.db';
  /** Steps 3 and 4 of "Restore a backup". */
  const restored = async (story: Story) => {
    const [, wait = '', start = ''] = commandsBelow(page('backup.md'), 'Restore a backup');
    const [, file = ''] = /^ +file: (\S+)$/m.exec(page('backup.md')) ?? [];
    expect(file).not.toBe('');
    await push({ ...story, restore: file }, { wait: false });
    await typed(node.machine, [`export ${admin}`, wait]);
    await push(story, { wait: false });
    await typed(node.machine, [`export ${admin}`, start]);
  };

  test('the server makes its backups by the schedule', async () => {
    await until(
      'there are two backups',
      async () => {
        const files = await node.machine.run('ls /srv/kanidm/backup');
        if (!/(^backup-.*Z\.json\.gz\n){2}/m.test(files)) throw new Error(files);
      },
      240,
    );
  });

  test('a backup, something that is made after it, and the way back', async () => {
    const { machine } = node;
    const [secret = ''] = commandsBelow(page('backup.md'), 'Restore a backup');
    await typed(machine, [`export ${admin}`, ...commandsBelow(page('backup.md'), 'Take a backup')], { cwd: '/root' });
    const before = await machine.run(database);
    await machine.run('echo broken > /srv/kanidm/db/kanidm.db');
    await typed(machine, [`export ${admin}`, secret], { cwd: '/root' });
    await restored({});
    expect(await machine.run(database)).toBe(before);
    expect(await whoami()).toContain('#');
  });

  test('an upgrade, and the way back', async () => {
    const { machine } = node;
    const upgrade = page('upgrade.md');
    const mine = (block: string) => block.replaceAll('docker.io/kanidm/server', 'node.example.com/kanidm');
    await typed(machine, [`export ${admin}`, ...commandsBelow(upgrade, 'Before the upgrade')], { cwd: '/root' });
    await push({ version: '1.12.0' }, { wait: false });
    await typed(machine, [`export ${admin}`, ...commandsBelow(upgrade, 'The upgrade').map(mine)]);
    expect(await whoami()).toContain('#');
    expect(await machine.kubectl('-n kanidm logs kanidm-0 -c kanidm')).toContain('version 1.12.0');
    await typed(machine, [`export ${admin}`, ...commandsBelow(upgrade, 'The way back')], { cwd: '/root' });
    await restored({});
    expect(await whoami()).toContain('#');
    expect(await machine.kubectl('-n kanidm logs kanidm-0 -c kanidm')).toContain('version 1.11.1');
  });

  test('the node is restarted', async () => {
    const { machine } = node;
    const before = await whoami();
    await machine.reboot();
    await kanidmIsReady();
    expect(await whoami()).toBe(before);
  }, 600_000);

  test('what is taken out of Git goes, and the database stays', async () => {
    const { machine } = node;
    const volumes = () => machine.kubectl('-n kanidm get pvc -o jsonpath="{.items[*].metadata.uid}"');
    const before = await volumes();
    await machine.kubectl('delete -f /root/repository/dist/flux/homelab.yaml');
    expect((await machine.kubectl('get clusterrolebinding oidc-cluster-admin --ignore-not-found')).trim()).toBe('');
    expect(await volumes()).toBe(before);
    await kanidmIsReady();
    expect(await machine.run(discovery)).toContain('issuer');
  });

  describe('by the chart', () => {
    const inChart = 'kubectl -n sso';
    const server = async () => {
      const { items } = JSON.parse(await node.machine.kubectl('-n sso get pods -l app=kanidm -o json'));
      return items.map((one: ChartPod) => ({ name: one.metadata.name, server: serverOf(one), ready: isReady(one) }));
    };
    const oneIsReady = () =>
      until(
        'one pod is ready',
        async () => {
          const [only, ...others] = await server();
          if (!only?.ready || others.length > 0) throw new Error(JSON.stringify([only, others]));
          return only;
        },
        240,
      );
    const apply = async (story: Story) => {
      const config = repository.config({ ...story, chart: true });
      const folder = await mkdtemp(join(node.lab.folder, 'chart-'));
      const maps = clusterFolders(config, entry(config.clusters, 'homelab'))
        .flatMap(({ objects }) => objects)
        .filter(({ kind }) => kind === 'ConfigMap');
      const items = [...(await releasedObjects(config, folder)), ...maps];
      // The cluster of this test has no ingress controller, so the Ingress is left out.
      const list = { apiVersion: 'v1', kind: 'List', items: items.filter(({ kind }) => kind !== 'Ingress') };
      await node.machine.kubectl('apply -f -', JSON.stringify(list));
    };

    test('Kanidm runs with migrations, on claims of its own', async () => {
      await node.machine.run('mkdir -p /srv/sso/db /srv/sso/backup && chown 5000:5000 /srv/sso/*');
      const volumes = ['db', 'backup'].map((name) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `sso-${name}` },
        spec: {
          capacity: { storage: '2Gi' },
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'nfs-client',
          claimRef: { namespace: 'sso', name: `kanidm-${name}` },
          hostPath: { path: `/srv/sso/${name}` },
        },
      }));
      const list = { apiVersion: 'v1', kind: 'List', items: volumes };
      await node.machine.kubectl('apply -f -', JSON.stringify(list));
      await repository.renewCertificate(node.machine);
      await typed(node.machine, [
        `export ${admin}`,
        `kubectl create namespace sso; ${inChart} create secret tls kanidm-tls --cert=tls.crt --key=tls.key`,
      ]);
      await apply({});
      await oneIsReady();
      expect(await node.machine.kubectl('-n sso logs deployment/kanidm -c kanidm')).toContain('applied migration');
    });

    test('a change of the migrations never runs two servers at once', async () => {
      const before = await oneIsReady();
      await apply({ displayName: 'Fabian K.' });
      const seen: number[] = [];
      await until(
        'another pod is ready',
        async () => {
          const pods = await server();
          seen.push(pods.filter(({ server }: { server: ContainerStatus }) => server.state.running).length);
          if (pods.length !== 1 || pods[0].name === before.name || !pods[0].ready)
            throw new Error(JSON.stringify(pods));
        },
        240,
      );
      expect(Math.max(...seen)).toBe(1);
      expect(await node.machine.kubectl('-n sso get deployment kanidm -o jsonpath={.spec.strategy.type}')).toBe(
        'Recreate',
      );
    });

    test('a renewed certificate restarts the server in its pod', async () => {
      const before = await oneIsReady();
      await repository.renewCertificate(node.machine);
      const renewed = (await node.machine.run(`${fingerprint} -in /root/repository/tls.crt`)).trim();
      const secret = 'create secret tls kanidm-tls --cert=tls.crt --key=tls.key --dry-run=client -o yaml';
      await typed(node.machine, [`export ${admin}`, `${inChart} ${secret} | kubectl apply -f -`]);
      await until(
        'the server was restarted',
        async () => {
          const now = await oneIsReady();
          if (now.name !== before.name || now.server.restartCount !== 1) throw new Error(JSON.stringify(now));
        },
        240,
      );
      const { items } = JSON.parse(await node.machine.kubectl('-n sso get pods -l app=kanidm -o json'));
      expect(await served(`${items[0].status.podIP}:8443`)).toBe(renewed);
    });

    test.each([
      ['with a CA of its own', 'https://charts.example.com/kanidm', 'certSecretRef: chart-ca'],
      ['without TLS', 'oci://charts.example.com', 'insecure: true'],
    ])('adopt --live takes over the chart of a repository %s', async (_what, url, access) => {
      const config = repository.config({ chart: true, repository: `repository: ${url}\n    ${access}` });
      const items = clusterFolders(config, entry(config.clusters, 'homelab'))
        .flatMap(({ objects }) => objects)
        .filter(({ kind }) => /^Helm/.test(kind));
      const list = { apiVersion: 'v1', kind: 'List', items };
      await node.machine.kubectl('apply --server-side --force-conflicts -f -', JSON.stringify(list));
      const output = await adopted();
      expect(output).toContain(`repository: ${url}\n    chart: kanidm\n    version: 0.1.2\n    ${access}\n`);
    });
  });
});

const serverOf = ({ status }: { status: { containerStatuses: readonly ContainerStatus[] } }): ContainerStatus => {
  const [server] = status.containerStatuses.filter(({ name }) => name === 'kanidm');
  if (!server) throw new Error('the pod has no container kanidm');
  return server;
};

interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly ready: boolean;
  readonly state: { readonly waiting?: { readonly reason: string }; readonly running?: object };
}

interface ChartPod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly containerStatuses: readonly ContainerStatus[] };
}

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
