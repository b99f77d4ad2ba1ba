import { ApiObject } from 'cdk8s';
import { KubeIngress } from 'cdk8s-plus-30/lib/imports/k8s';
import { Construct } from 'constructs';
import { isWithin } from '../identity/issuer';
import { secondCertificate } from '../upstream/cert-manager';
import { noSubstitution } from './flux-annotations';
import {
  checkDomain,
  checkLabel,
  checkName,
  checkOrigin,
  checkRequiredName,
  expected,
  type PropProblem,
  reportProblems,
} from './props-check';
import { checkProps, type Shape } from './props-shape';

/** How the server is exposed. Each of the three fields is optional. */
export interface KanidmExposureOptions {
  /**
   * A cert-manager Certificate, which creates the Secret with the server's certificate. @default - you create the
   * Secret yourself
   */
  readonly certificate?: {
    /** Name of the cert-manager issuer. */
    readonly issuer: string;
    /** @default 'ClusterIssuer' */
    readonly issuerKind?: 'ClusterIssuer' | 'Issuer';
  };
  /** An Ingress, with TLS to the controller and from the controller to Kanidm. @default - none */
  readonly ingress?: {
    /** The IngressClass. */
    readonly className: string;
    /** Annotations, in addition to the one that makes the controller use TLS to Kanidm. @default - none */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** A Gateway API TLSRoute that passes TLS through to Kanidm. @default - none */
  readonly gateway?: {
    /** Name of the Gateway that the route attaches to. */
    readonly name: string;
    /** Namespace of the Gateway. @default - the namespace of the TLSRoute */
    readonly namespace?: string;
    /** Name of the listener (protocol TLS, mode Passthrough). @default - any listener that matches */
    readonly sectionName?: string;
    /**
     * API version of the TLSRoute. Gateway API 1.5 and later have `v1`. Older versions have `v1alpha2`, in the
     * experimental channel. @default 'v1'
     */
    readonly apiVersion?: 'v1' | 'v1alpha2';
  };
}

/** Props of {@link KanidmExposure}. */
export interface KanidmExposureProps extends KanidmExposureOptions {
  /** Kanidm's domain, such as `idm.example.com`. */
  readonly domain: string;
  /** Address at which browsers and API servers reach Kanidm. @default - `https://<domain>` */
  readonly origin?: string;
  /** Namespace of the server. @default 'kanidm' */
  readonly namespace?: string;
  /** Secret of type `kubernetes.io/tls` with the server's certificate. @default 'kanidm-tls' */
  readonly tlsSecretName?: string;
}

export const exposureShape = {
  domain: 'text',
  origin: 'text',
  namespace: 'text',
  tlsSecretName: 'text',
  certificate: { issuer: 'text', issuerKind: ['ClusterIssuer', 'Issuer'] },
  ingress: { className: 'text', annotations: 'map' },
  gateway: { name: 'text', namespace: 'text', sectionName: 'text', apiVersion: ['v1', 'v1alpha2'] },
} as const satisfies Shape<KanidmExposureProps>;

/**
 * Exposes the Service `kanidm` to browsers, with TLS on every hop. Synthesis fails for a domain, an address or a name
 * that Kanidm or Kubernetes refuses.
 */
export class KanidmExposure extends Construct {
  /** Set if `certificate` is set. */
  readonly certificate?: ApiObject;
  /** Set if `ingress` is set. */
  readonly ingress?: KubeIngress;
  /** Set if `gateway` is set. */
  readonly route?: ApiObject;

  constructor(scope: Construct, id: string, props: KanidmExposureProps) {
    super(scope, id);
    checkProps(`KanidmExposure ${id}`, props, exposureShape);
    const {
      domain,
      origin = `https://${domain}`,
      namespace = 'kanidm',
      tlsSecretName: secretName = 'kanidm-tls',
    } = props;
    const { certificate, ingress, gateway } = props;
    const host = URL.canParse(origin) ? new URL(origin).hostname : origin;
    const metadata = { name: 'kanidm', namespace, annotations: noSubstitution };
    if (certificate) {
      const { issuer: name, issuerKind: kind = 'ClusterIssuer' } = certificate;
      this.certificate = new ApiObject(this, 'certificate', {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata,
        spec: {
          secretName,
          // Only the host, not the domain: nobody connects to the domain. If the domain leads to another server, the
          // cert-manager issuer cannot validate the domain.
          dnsNames: [host],
          issuerRef: { group: 'cert-manager.io', kind, name },
        },
      });
    }
    if (ingress) {
      // The Ingress controller terminates TLS. It must also use TLS to the server, because the server has no port
      // without TLS.
      const tls = { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' };
      const backend = { service: { name: 'kanidm', port: { name: 'https' } } };
      this.ingress = new KubeIngress(this, 'ingress', {
        metadata: { ...metadata, annotations: { ...tls, ...ingress.annotations, ...noSubstitution } },
        spec: {
          ingressClassName: ingress.className,
          tls: [{ hosts: [host], secretName }],
          rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
        },
      });
    }
    if (gateway) {
      const { apiVersion = 'v1', ...parent } = gateway;
      this.route = new ApiObject(this, 'route', {
        apiVersion: `gateway.networking.k8s.io/${apiVersion}`,
        kind: 'TLSRoute',
        metadata,
        spec: {
          parentRefs: [parent],
          hostnames: [host],
          rules: [{ backendRefs: [{ name: 'kanidm', port: 443 }] }],
        },
      });
    }
    const domainProblem = checkDomain('domain', domain);
    // If the domain is invalid, a problem of the origin is only a consequence and is not reported.
    const isOriginFitting = domainProblem !== undefined || isWithin(host, domain);
    reportProblems(this, [
      domainProblem,
      checkOrigin('origin', props.origin),
      isOriginFitting ? undefined : expected('origin', `the domain \`${domain}\` or a host below it`, origin),
      checkLabel('namespace', props.namespace),
      checkName('tlsSecretName', props.tlsSecretName),
      certificate && checkRequiredName('certificate.issuer', certificate.issuer),
      certificate && onlyCertificate({ name: metadata.name, secretName }, ingress?.annotations),
      ingress && checkRequiredName('ingress.className', ingress.className),
      gateway && checkRequiredName('gateway.name', gateway.name),
      checkLabel('gateway.namespace', gateway?.namespace),
      checkName('gateway.sectionName', gateway?.sectionName),
    ]);
  }
}

/** Refuses a second Certificate for the same Secret, which cert-manager would create because of an annotation. */
function onlyCertificate(...[certificate, annotations]: Parameters<typeof secondCertificate>): PropProblem {
  const annotation = secondCertificate(certificate, annotations);
  return annotation === undefined
    ? undefined
    : `ingress.annotations: with \`${annotation}\`, cert-manager creates a second Certificate for the Secret of \`certificate\`; remove the annotation, or remove \`certificate\``;
}
