import { request } from 'node:https';
import { parse } from 'yaml';
import { filesOf } from '../../__tests__/node-files/cluster';
import { type Apiserver, Lab, startApiserver, startEtcd } from '../harness';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('rancher');
});
afterAll(() => lab.close());

/** Starts a kube-apiserver with its own arguments and those from K3s. Returns how it answers an anonymous request. */
async function anonymous(version: '1.34' | '1.37', authentication: object): Promise<number | undefined> {
  const files = filesOf({ controlPlane: 'k3s', kubernetes: version, authentication });
  const args: string[] = parse(files['config.yaml.d/kaniflux.yaml'] ?? '')['kube-apiserver-arg+'];
  const own = args.filter((arg) => !arg.startsWith('authentication-config='));
  expect(own).toHaveLength(args.length - 1);
  const apiserver = await startApiserver(lab, {
    etcd: await startEtcd(lab),
    version,
    authenticationConfig: files['authentication-config.yaml'],
    extraArgs: own.map((arg) => `--${arg}`),
  });
  const answer = await ask(apiserver);
  await apiserver.process.stop();
  return answer;
}

/** Requests /livez without credentials. */
const ask = ({ url, authority }: Apiserver) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${url}/livez`, { ca: authority.cert, agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    });
    asked.once('error', reject).end();
  });

describe.each(['1.34', '1.37'] as const)(
  'K3s and RKE2 with an AuthenticationConfiguration, Kubernetes %s',
  (version) => {
    test('let nobody in without credentials', async () => {
      expect(await anonymous(version, { method: 'structured' })).toBe(401);
    });

    test('let the anonymous in where the config names paths', async () => {
      const opened = { method: 'structured', anonymous: { enabled: true, paths: ['/livez'] } };
      expect(await anonymous(version, opened)).toBe(200);
    });
  },
);
