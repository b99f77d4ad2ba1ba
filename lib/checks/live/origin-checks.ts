import { lookup } from 'node:dns/promises';
import type { Cluster } from '../../config/config';
import type { Path } from '../../findings/finding';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';
import { isDate, type Presented } from './presented';
import { Question } from './question';

const day = 24 * 3600 * 1000;
const origin: Path = ['kanidm', 'origin'];

const addresses = new Question<readonly string[]>();

const dns: LiveCheck = {
  code: 'kanidm-dns',
  parts: ['kanidm'],
  async run(system) {
    const { hostname } = system.origin;
    if (/^\[|^[\d.]+$/.test(hostname)) return [passed(`${hostname} is an IP address`)];
    const found = await addresses.ask(system, hostname, () => lookupIn(hostname, system.tools.timeout));
    if (found.value) return [passed(`${hostname} is ${found.value.join(', ')}`)];
    return [
      failed(
        origin,
        `${hostname} cannot be resolved on this machine: ${reasonOf(found)}`,
        `create a DNS record for ${hostname}, or write the \`kanidm.origin\` that people really use`,
      ),
    ];
  },
};

async function lookupIn(host: string, timeout: number): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeout / 1000} s`)), timeout);
  });
  try {
    return (await Promise.race([lookup(host, { all: true }), late])).map(({ address }) => address);
  } finally {
    clearTimeout(timer);
  }
}

/** Groups the clusters by the CA that their API servers trust. `--kanidm-ca` stands for all CAs that are not PEM. */
function byAuthority(system: LiveSystem): { ca: string | undefined; clusters: Cluster[] }[] {
  const found = new Map<string, Cluster[]>();
  for (const cluster of system.clusters) {
    const { pem, nodePath } = cluster.authentication.ca ?? {};
    const key = JSON.stringify({ pem, nodePath: (pem ?? system.tools.kanidmCa) === undefined ? nodePath : undefined });
    found.set(key, [...(found.get(key) ?? []), cluster]);
  }
  if (found.size === 0) found.set('', []);
  return [...found.values()].map((clusters) => ({ ca: system.caFor(clusters[0]), clusters }));
}

const tls: LiveCheck = {
  code: 'kanidm-unreachable',
  parts: ['kanidm'],
  async run(system) {
    const results: CheckResult[] = [];
    const fix = `check that Kanidm is running and that its ingress or service is correct: \`kubectl -n ${system.config.kanidm.namespace} get pods,services,ingress\``;
    for (const { ca, clusters } of byAuthority(system)) {
      const presented = await system.certificate(ca);
      if (!presented.value)
        return [failed(origin, `${system.origin.origin} does not answer: ${reasonOf(presented)}`, fix)];
      const { distrust, issuer } = presented.value;
      if (distrust !== undefined && isDefaultOfIngress.test(issuer)) return [ofIngress(system, issuer)];
      // An API server without a CA in the config trusts the CAs of its node. These are probably also on this machine.
      const lacksCa = clusters.some(({ authentication }) => !authentication.ca);
      const byMachine = lacksCa ? await system.certificate(undefined) : undefined;
      results.push(
        trust(presented.value, {
          by: `${system.origin.origin} presents a certificate of ${issuer}`,
          ca,
          clusters,
          machineTrusts: byMachine?.value !== undefined && byMachine.value.distrust === undefined,
        }),
      );
    }
    const silence = await system.silence();
    if (silence === undefined) return results;
    const message = `${system.origin.origin} accepts TLS connections, but requests fail: ${silence}`;
    return [...results, failed(origin, message, fix)];
  },
};

interface Trust {
  /** The start of each message. */
  readonly by: string;
  /** The CA that the certificate was verified with. */
  readonly ca: string | undefined;
  /** Clusters with the same `authentication.ca`; with `--kanidm-ca`, all clusters without a CA as PEM. */
  readonly clusters: readonly Cluster[];
  /** Whether the CAs of this machine verify the certificate too. */
  readonly machineTrusts: boolean;
}

function trust({ distrust, issuer }: Presented, { by, ca, clusters, machineTrusts }: Trust): CheckResult {
  const who = clusters.map(({ name }) => name).join(', ');
  const [first] = clusters;
  const path = first ? [...first.path, 'authentication', 'ca'] : origin;
  const has = first?.authentication.ca;
  if (has?.pem !== undefined) {
    if (distrust === undefined) return passed(`${by}, which ${who} trusts`);
    const message = `${by}, which ${fault(distrust, `the CA in \`authentication.ca\` of ${who}`)}: every login is refused`;
    const fix = repair(
      distrust,
      issuer,
      'into `authentication.ca`, run `kaniflux synth`, and install the rendered files on the nodes',
    );
    return failed(path, message, fix);
  }
  if (ca !== undefined) {
    if (distrust !== undefined) {
      const fix = repair(distrust, issuer, 'into the file of --kanidm-ca');
      return failed(path, `${by}, which ${fault(distrust, 'the CA of --kanidm-ca')}`, fix);
    }
    const without = clusters.filter(({ authentication }) => !authentication.ca);
    const [lacking] = without;
    if (!lacking || machineTrusts) return passed(`${by}, which the CA of --kanidm-ca has signed`);
    const message = `${by}, which the CA of --kanidm-ca has signed, but ${without.map(({ name }) => name).join(', ')} has no \`authentication.ca\`: its API server refuses every login, unless this CA is installed on the nodes`;
    const fix = 'put the CA into `authentication.ca`, or accept this finding if the CA is installed on the nodes';
    return failed([...lacking.path, 'authentication', 'ca'], message, fix, { severity: 'warning' });
  }
  if (has?.nodePath !== undefined)
    return skipped(
      `${by}, which was not verified with \`authentication.ca\` of ${who}: this CA is a file on the nodes (${has.nodePath}); copy the file to this machine, and pass the copy with --kanidm-ca FILE`,
    );
  if (distrust === undefined) return passed(`${by}, which this machine trusts`);
  const fix = `use a certificate of a public CA with its complete chain, or put your own CA into \`authentication.ca\` of each cluster; --kanidm-ca FILE is for this run only`;
  return failed(path, `${by}, which ${fault(distrust, 'the CAs of this machine')}`, fix);
}

/**
 * The issuers of the certificates that ingress-nginx and Traefik create themselves and use for a host without a
 * certificate.
 */
const isDefaultOfIngress = /^(Kubernetes Ingress Controller Fake Certificate|TRAEFIK DEFAULT CERT)$/;

function ofIngress({ config, origin: { origin: url, hostname } }: LiveSystem, issuer: string): CheckResult {
  const kubectl = `kubectl -n ${config.kanidm.namespace}`;
  return failed(
    origin,
    `${url} presents a certificate of ${issuer}, which is the default certificate of an ingress controller: it has no certificate for ${hostname}`,
    `check that the ingress names a TLS Secret, and that the Secret exists: \`${kubectl} get ingress,secrets\`; with cert-manager, \`${kubectl} describe certificate\` shows why it does not exist`,
  );
}

/**
 * Says why a certificate is not trusted. The code is the same for a CA that did not sign the certificate and for an
 * incomplete chain.
 */
const fault = (code: string, authority: string) =>
  isDate(code)
    ? `depends on the certificate of a CA that has expired or is not valid yet (${code})`
    : `cannot be verified with ${authority} (${code})`;

/**
 * Returns the fix.
 * @param into completes the text “put the CA …” with the setting for the CA
 */
const repair = (code: string, issuer: string, into: string) =>
  isDate(code)
    ? `renew the certificate of the CA, and put the new one ${into}`
    : `put the CA that signed the certificate ${into}; if ${issuer} is an intermediate CA, let the server send the certificate of ${issuer} too`;

/** Returns the certificate, even if it is not trusted. If there is none, `kanidm-unreachable` reports why. */
async function shown(system: LiveSystem): Promise<Observation<Presented>> {
  const found = await system.certificate(byAuthority(system)[0]?.ca);
  return found.value ? found : { reason: 'Kanidm does not answer (see kanidm-unreachable)' };
}

const names: LiveCheck = {
  code: 'kanidm-certificate-name',
  parts: ['kanidm'],
  run: (system) =>
    judged('the certificate of Kanidm', shown(system), ({ names, isFor }) => {
      const host = system.origin.hostname.replace(/^\[(.*)\]$/, '$1');
      if (isFor(host)) return passed(`the certificate of Kanidm is for ${host}`);
      return failed(
        origin,
        `the certificate of Kanidm is for ${names.join(', ') || 'no name at all'}, not for ${host}`,
        `issue a certificate for ${host}: put it into the TLS Secret of the ingress, or correct \`dnsNames\` of the cert-manager Certificate`,
      );
    }),
};

const end: LiveCheck = {
  code: 'kanidm-certificate-expiry',
  parts: ['kanidm'],
  run: (system) =>
    judged('the certificate of Kanidm', shown(system), ({ from, until }) => {
      const now = system.tools.now();
      const left = until.getTime() - now;
      const fix = `renew the certificate: \`kubectl -n ${system.config.kanidm.namespace} describe certificate\` shows why cert-manager did not renew it`;
      if (left <= 0) return failed(origin, `the certificate of Kanidm expired on ${until.toISOString()}`, fix);
      if (from.getTime() > now)
        return failed(
          origin,
          `the certificate of Kanidm is not valid before ${from.toISOString()}`,
          'set the clock of this machine',
        );
      const days = `${Math.floor(left / day)} days`;
      // A short-lived certificate is usually renewed only a few days before it expires, so the limit is at most a
      // quarter of its lifetime.
      const little = Math.min(14 * day, (until.getTime() - from.getTime()) / 4);
      if (left < little)
        return failed(origin, `the certificate of Kanidm expires in ${days}, on ${until.toISOString()}`, fix, {
          severity: 'warning',
        });
      return passed(`the certificate of Kanidm expires in ${days}`);
    }),
};

export const originChecks: readonly LiveCheck[] = [dns, tls, names, end];
