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

/** An image with busybox that sleeps. */
export const image = `${repository}/pause:3.10.1`;

/** The error for a request with the status 403, or a command of kubectl that failed because of it. */
export class RefusedOnNode extends Error {}

const refusal = (error: unknown): unknown =>
  error instanceof CommandOnMachineFailed && /"code": ?403|Forbidden|HTTP\/1\.1 403/.test(error.output)
    ? new RefusedOnNode(error.output)
    : error;

/** Somebody with a certificate of the cluster's authority, but without access to the node. */
export class PersonOnNode {
  private constructor(
    private readonly machine: Machine,
    readonly name: string,
  ) {}

  /** Creates the certificate, and binds the rights. */
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

  /** Waits until the API server has the bindings in its cache. */
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

  /** Sends a request to the API server. @throws {@link RefusedOnNode} */
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

  /** Upgrades a GET request to a WebSocket, and returns what the server sends. @throws {@link RefusedOnNode} */
  async webSocket(url: string): Promise<string> {
    const headers = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: a2FuaWZsdXgta2FuaWZsdQ==',
      'Sec-WebSocket-Protocol: v4.channel.k8s.io',
    ].map((header) => `--header '${header}'`);
    // curl reports the end of the stream as an error.
    const answer = await this.curl(
      `--insecure --http1.1 --include --no-buffer --max-time 30 ${headers.join(' ')} '${url}' || true`,
    );
    if (/^HTTP\/1\.1 403/.test(answer)) throw new RefusedOnNode(answer);
    return answer;
  }

  /** Runs kubectl with the certificate. @throws {@link RefusedOnNode} */
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

/** Returns the user of a token, and whether they may do everything. */
export async function withToken(machine: Machine, token: string): Promise<{ user: string; everything: boolean }> {
  return asked(
    machine,
    `--kubeconfig=/dev/null --server=${server} --certificate-authority=${authority} --token=${token}`,
  );
}

/** The same for the text of a kubeconfig. */
export async function withKubeconfig(machine: Machine, text: string): Promise<{ user: string; everything: boolean }> {
  await machine.write('/root/taken.conf', text);
  return asked(machine, '--kubeconfig=/root/taken.conf');
}

async function asked(machine: Machine, options: string) {
  const user = await machine.run(`kubectl ${options} auth whoami -o jsonpath={.status.userInfo.username}`);
  const can = await machine.run(`kubectl ${options} auth can-i '*' '*' 2> /dev/null || true`);
  return { user, everything: can.trim() === 'yes' };
}

/** A server to which pods send what they have read. */
export class Sink {
  private constructor(private readonly machine: Machine) {}

  static async open(machine: Machine): Promise<Sink> {
    await machine.run(
      `mkdir /root/taken; nohup socat -u TCP-LISTEN:${port},bind=${address},fork,reuseaddr SYSTEM:'read name; cat > /root/taken/$name.part; mv /root/taken/$name.part /root/taken/$name' > /dev/null 2>&1 & true`,
    );
    return new Sink(machine);
  }

  /** Waits until a pod has sent something under a name, and returns it. */
  taken(name: string): Promise<string> {
    return until(`something is sent as ${name}`, () => this.machine.run(`cat /root/taken/${name}`), 240);
  }
}

/** Returns a shell command for {@link image} that sends files under a name. */
export const sends = (name: string, files: string): string =>
  `(busybox echo ${name}; busybox cat ${files}) | busybox nc ${address} ${port}; busybox sleep 3600`;

export const shell = (script: string): string[] => ['/bin/busybox', 'sh', '-c', script];
