import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBecoming } from './become-on-node';
import { FluxOnNode } from './flux-on-node';
import { CommandOnMachineFailed, until } from './machine';
import { apiServerArguments, initCluster, initFlags, kubeadmConfig } from './node';
import { commandsBelow } from './readme';
import { typed } from './session';
import { asPerson, Repository, type Story } from './story';
import { describeNode } from './suite';

const repositoryFile = (name: string) => readFileSync(join(__dirname, '..', '..', name), 'utf8');

/** Returns the commands in backticks of a fix, in their order. A fix also names pages of the documentation. */
const commandsOf = (fix: string): string[] =>
  [...fix.matchAll(/`([^`]+)`/g)].flatMap(([, command = '']) => (/^docs\/\S+\.md$/.test(command) ? [] : [command]));

/*
 * A cluster is set up and then broken, step by step. After each step, the first line of `kaniflux doctor` names the
 * cause. The test types the fix that is printed, and the line disappears.
 */
describeNode('doctor', (node) => {
  let repository: Repository;
  let flux: FluxOnNode;

  const checkOut = async (story: Story) => {
    await repository.checkOut(node.machine, story);
    await repository.renewCertificate(node.machine);
  };
  const doctor = async (): Promise<string> => {
    const command = 'cd /root/repository && npx kaniflux doctor --only kanidm,cluster,flux';
    try {
      return await node.machine.run(`[ ! -f /root/admin ] || export KUBECONFIG=/etc/kubernetes/admin.conf; ${command}`);
    } catch (error) {
      if (error instanceof CommandOnMachineFailed && error.code === 1) return error.output;
      throw error;
    }
  };
  /** Waits until this is the first line, and returns its fix. */
  const fixOf = (first: RegExp) =>
    until(
      `the first line is ${first}`,
      async () => {
        const output = await doctor();
        const [line = '', next = ''] = output.split('\n');
        if (!first.test(line)) throw new Error(output);
        const [, fix] = /^ {8}fix: (.*) \(\S+:\d+\)$/.exec(next) ?? [];
        if (fix === undefined) throw new Error(`no fix below the first line: ${output}`);
        return fix;
      },
      240,
    );
  const cured = (line: RegExp) =>
    until(
      `nothing says ${line}`,
      async () => {
        const output = await doctor();
        const wrong = output.match(/^(?:error|warning| {8}then:).*$/gm) ?? [];
        // If kubectl does not reach the cluster, the line can be missing only because its check was skipped.
        if (!/^ok +kubectl reaches homelab/m.test(output) || wrong.some((one) => line.test(one)))
          throw new Error(output);
      },
      240,
    );
  const asAdmin = (blocks: readonly string[], folder?: string) =>
    typed(node.machine, ['export KUBECONFIG=/etc/kubernetes/admin.conf', ...blocks], {
      ...(folder === undefined ? {} : { elsewhere: { 'install -D': folder } }),
    });
  /** Types the commands below a heading of the README that a fix names. */
  const followReadme = async (fix: string, heading: string) => {
    const [, folder = ''] = /`(dist\/\S+)\/README\.md`/.exec(fix) ?? [];
    const readme = await node.machine.run(`cat /root/repository/${folder}/README.md`);
    const blocks = commandsBelow(readme, heading).map((block) =>
      block.replace('kubeadm init --config', `kubeadm init ${initFlags} --config`),
    );
    await asAdmin(blocks, `/root/repository/${folder}`);
  };
  /** Changes the config as a fix says, and types the command in the fix that renders the config. */
  const followConfig = async (fix: string, story: Story) => {
    await repository.edit(node.machine, story);
    const commands = commandsOf(fix).filter((command) => command.startsWith('kaniflux '));
    expect(commands).toHaveLength(1);
    await asAdmin(commands);
  };

  test('no cluster', async () => {
    repository = await Repository.create(node.lab);
    await checkOut({ ca: false });
    await node.machine.run('ln -s /root/repository/node_modules/.bin/kaniflux /usr/local/bin/kaniflux');
    const fix = await fixOf(
      /^error .*The connection to the server localhost:8080 was refused .* \(kubectl-unusable\)$/,
    );
    await node.machine.write('/root/repository/your-config.yaml', kubeadmConfig);
    await followReadme(fix, 'On a new cluster');
    await initCluster(node.machine);
    await node.machine.run('touch /root/admin');
    await repository.takeClusterCa(node.machine);
    await checkOut({ ca: false });
    await cured(/api-server-unreachable/);
  });

  test('no Flux', async () => {
    const fix = await fixOf(/^error .*homelab has no Flux \(flux-missing\)$/);
    flux = await FluxOnNode.install(node.machine, node.lab, commandsOf(fix).at(-1));
    const apply = await fixOf(/^error .*no Kustomization kaniflux-kanidm \(flux-not-applied\)$/);
    await asAdmin(commandsOf(apply).slice(0, 1));
    await cured(/flux-missing|flux-not-applied/);
  });

  test('no StorageClass', async () => {
    await flux.push({ wait: false });
    const fix = await fixOf(
      /^error .*the claim (db|backup)-kanidm-0 asks for the StorageClass local, which the cluster does not have: the cluster has none \(kanidm-not-running\)$/,
    );
    const [, page = ''] = /`(docs\/\S+\.md)`/.exec(fix) ?? [];
    await asAdmin(commandsBelow(repositoryFile(page), 'Storage on a single node'));
    await cured(/StorageClass/);
  });

  test('no Secret', async () => {
    const fix = await fixOf(/^error .*the secret kanidm-tls does not exist \(kanidm-not-running\)$/);
    await asAdmin(commandsOf(fix));
    await cured(/kanidm-not-running/);
    const ip = await node.machine.kubectl("-n kanidm get service kanidm -o jsonpath='{.spec.clusterIP}'");
    await node.machine.run(`nohup socat TCP-LISTEN:443,fork,reuseaddr TCP:${ip}:443 > /dev/null 2>&1 & true`);
  });

  test('a name that the API server cannot resolve', async () => {
    const fix = await fixOf(/^error .*kube-apiserver-node cannot resolve idm\.example\.com.* \(issuer-unresolved\)$/);
    await asAdmin(commandsOf(fix).map((command) => command.replace('ADDRESS', '192.0.2.10')));
    await cured(/issuer-unresolved/);
  });

  test('a CA that the API server does not have', async () => {
    const fix = await fixOf(
      /^error .*does not trust the certificate of idm\.example\.com: x509: certificate signed by unknown authority \(issuer-untrusted\)$/,
    );
    expect(fix).toContain('`authentication.ca.file`');
    await followConfig(fix, {});
    await followReadme(fix, 'On an existing cluster');
    expect(await apiServerArguments(node.machine)).toContain('--oidc-ca-file=');
    await cured(/issuer-untrusted|kanidm-unreachable/);
  }, 600_000);

  test('nothing is wrong', async () => {
    await until(
      'nothing is wrong',
      async () => {
        const output = await doctor();
        if (!/ ok, nothing wrong/.test(output)) throw new Error(output);
        expect(output).toMatch(/^ok .*the newest backup of pod kanidm\/kanidm-0 is from /m);
      },
      240,
    );
  });

  const signsIn = async () => {
    const output = await until('datosh signs in', () => asPerson(node.machine, 'datosh', 'auth whoami -o json'), 240);
    expect(JSON.parse(output).status.userInfo.username).toMatch(
      /^https:\/\/idm\.example\.com\/oauth2\/openid\/k8s#[0-9a-f-]{36}$/,
    );
  };
  test('a person signs in', signsIn);

  test('an image that cannot be pulled', async () => {
    await checkOut({ image: 'node.example.com/missing' });
    await flux.push({ wait: false });
    const fix = await fixOf(
      /^error .*the image node\.example\.com\/missing:1\.11\.1 cannot be pulled: .*\(kanidm-not-running\)$/,
    );
    expect(fix).toContain(
      'correct `kanidm.version` or `kanidm.manifests.image`, run `kaniflux synth`, commit and push',
    );
    await followConfig(fix, {});
    await flux.push();
    await cured(/kanidm-not-running/);
  });

  test('a controller that does not run', async () => {
    await node.machine.kubectl('-n flux-system scale deployment kustomize-controller --replicas=0');
    const fix = await fixOf(/^error .*kustomize-controller of homelab is scaled to 0.* \(flux-controller-down\)$/);
    await asAdmin(commandsOf(fix));
    await cured(/flux-controller-down/);
  });

  test('an API server that does not start, since a file is missing on the node', async () => {
    await node.machine.run('rm /etc/kubernetes/kaniflux/oidc-ca.crt && pkill -x kube-apiserver');
    const fix = await fixOf(
      /^error .*kube-apiserver on this machine does not start: .*oidc-ca\.crt.* \(api-server-down\)$/,
    );
    await typed(node.machine, commandsOf(fix));
    await cured(/api-server-down|api-server-unreachable/);
    await signsIn();
  });

  // These tests are not about doctor. They are here because they need a cluster, which takes half a minute to create.
  describe('what the rights of a person lead to', () => describeBecoming(node));
});
