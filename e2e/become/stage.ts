import {
  type Apiserver,
  type ApiserverOptions,
  Client,
  Lab,
  startApiserver,
  startControllerManager,
  startEtcd,
} from '../harness';

/** A real API server with its controllers, for the tests of one file. */
export interface Stage {
  apiserver(): Apiserver;
  admin(): Client;
  /** A client with a certificate. */
  clientOf(commonName: string): Promise<Client>;
  withToken(token: string): Client;
}

interface StageOptions extends Omit<ApiserverOptions, 'etcd'> {
  /** Further controllers, as kube-controller-manager calls them. */
  readonly controllers?: readonly string[];
}

/** Starts an API server before the tests of the file, and closes it with all of its clients after them. */
export function stage(name: string, { controllers = [], ...options }: StageOptions = {}): Stage {
  let lab: Lab;
  let apiserver: Apiserver;
  let admin: Client;
  const clients: Client[] = [];
  const client = (credentials: ConstructorParameters<typeof Client>[1]): Client => {
    const made = new Client(apiserver, credentials);
    clients.push(made);
    return made;
  };

  beforeAll(async () => {
    lab = await Lab.open(name);
    apiserver = await startApiserver(lab, { ...options, etcd: await startEtcd(lab) });
    admin = client(apiserver.admin);
    await startControllerManager(lab, apiserver, { controllers });
  });
  afterAll(async () => {
    for (const one of clients) one.close();
    await lab?.close();
  });

  return {
    apiserver: () => apiserver,
    admin: () => admin,
    clientOf: async (commonName) => client(await apiserver.authority.issue({ commonName })),
    withToken: (token) => client({ token }),
  };
}
