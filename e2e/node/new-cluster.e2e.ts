import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FluxOnNode } from './flux-on-node';
import { until } from './machine';
import { initCluster, initFlags, kubeadmConfig } from './node';
import { commandsBelow } from './readme';
import { typed } from './session';
import { asPerson, Repository, type Story } from './story';
import { describeNode } from './suite';

const page = (name: string) => readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8');
const readmeOf = (files: ReadonlyMap<string, string>) => files.get('control-planes/homelab/README.md') ?? '';
const controlPlane = '/root/repository/dist/control-planes/homelab';
const discovery =
  'curl -sS --cacert /root/repository/kanidm-ca.crt https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration';
const admin = 'KUBECONFIG=/etc/kubernetes/admin.conf';

describeNode('new cluster', (node) => {
  let repository: Repository;
  let flux: FluxOnNode;

  const push = async (story: Story, options?: { wait?: boolean }) => {
    const { files } = await repository.render(story);
    await repository.checkOut(node.machine);
    const revision = await flux.push(repository.dist, options);
    return { files, revision };
  };
  const pod = async () => JSON.parse(await node.machine.kubectl('-n kanidm get pod kanidm-0 -o json'));
  const isReady = ({ status }: { status: { containerStatuses?: { ready: boolean }[] } }) =>
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
    const { files } = await repository.render();
    await machine.run("echo '192.0.2.10 idm.example.com' >> /etc/hosts");
    await repository.checkOut(machine);
    await machine.write('/root/repository/your-config.yaml', kubeadmConfig);
    const blocks = commandsBelow(readmeOf(files), 'On a new cluster');
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
    await repository.render();
    await repository.checkOut(machine);
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
    await flux.push(repository.dist);
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

  test('diff --live shows nothing', async () => {
    const output = await node.machine.run(`cd /root/repository && ${admin} npx kaniflux diff --live --cluster homelab`);
    expect(output).toBe('No differences.\n');
  });

  let old: { fingerprint: string; uid: string };
  const served = async () =>
    (
      await node.machine.run(
        'echo | openssl s_client -connect idm.example.com:443 2> /dev/null | openssl x509 -noout -fingerprint -sha256',
      )
    ).trim();

  test('its certificate is renewed', async () => {
    old = { fingerprint: await served(), uid: (await pod()).metadata.uid };
    await repository.renewCertificate(node.machine);
    await typed(node.machine, [
      `export ${admin}`,
      'kubectl -n kanidm create secret tls kanidm-tls --cert=tls.crt --key=tls.key --dry-run=client -o yaml | kubectl apply -f -',
    ]);
  });

  test('the README takes the API server from flags to an AuthenticationConfiguration, and back', async () => {
    const { machine } = node;
    const before = await whoami();
    const flags = await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml');
    const { files } = await repository.render({ method: 'structured' });
    await repository.checkOut(machine);
    // `kubeadm-merge` itself says to add it: the cluster has the flags.
    const blocks = commandsBelow(readmeOf(files), 'On an existing cluster').map((block) =>
      block.replace('kubeadm-merge homelab', '$& --replace'),
    );
    await typed(machine, blocks, { elsewhere: { 'install -D': controlPlane } });
    const structured = await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml');
    expect(structured).toContain('--authentication-config=');
    expect(structured).not.toContain('--oidc-');
    expect(await whoami()).toBe(before);

    // "To go back, do the last two steps with `cluster.yaml`."
    const back = blocks.slice(-2).map((block) => block.replaceAll('merged.yaml', 'cluster.yaml'));
    await typed(machine, [`export ${admin}`, ...back]);
    expect(await machine.run('cat /etc/kubernetes/manifests/kube-apiserver.yaml')).toBe(flags);
    expect(await whoami()).toBe(before);
  }, 600_000);

  test('the renewed certificate is served by the same pod, without a restart', async () => {
    await until(
      'the renewed certificate is served',
      async () => {
        if ((await served()) === old.fingerprint) throw new Error('the old one is');
      },
      480,
    );
    expect(await node.machine.run(discovery)).toContain('issuer');
    const { metadata, status } = await pod();
    expect([metadata.uid, status.containerStatuses[0].restartCount]).toEqual([old.uid, 0]);
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

  test('an image that does not exist, and its revert', async () => {
    await push({ image: 'node.example.com/missing' }, { wait: false });
    await until(
      'the image can not be pulled',
      async () => {
        const { reason } = (await pod()).status.containerStatuses[0].state.waiting;
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

  test('a backup, something that is made after it, and the way back', async () => {
    const { machine } = node;
    const backup = page('backup.md');
    const database = 'sha256sum < /srv/kanidm/db/kanidm.db';
    await typed(machine, [`export ${admin}`, ...commandsBelow(backup, 'Take a backup')], { cwd: '/root' });
    const before = await machine.run(database);
    await machine.run('echo broken > /srv/kanidm/db/kanidm.db');
    await typed(machine, [`export ${admin}`, ...commandsBelow(backup, 'Restore a backup')], { cwd: '/root' });
    expect(await machine.run(database)).toBe(before);
    expect(await whoami()).toContain('#');
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
});
