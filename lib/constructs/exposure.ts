import { ApiObject, type Chart } from 'cdk8s';
import { KubeIngress } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Kanidm, Manifests } from '../config/config';
import { noSubstitution } from './flux-annotations';

/** The ways from a browser to the server, TLS all along. */
export function reach(chart: Chart, kanidm: Kanidm, manifests: Manifests): void {
  const { certificate, ingress, gateway, tlsSecretName: secretName } = manifests;
  const host = new URL(kanidm.origin).hostname;
  const metadata = { name: 'kanidm', namespace: kanidm.namespace, annotations: noSubstitution };

  if (certificate) {
    new ApiObject(chart, 'certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata,
      spec: {
        secretName,
        dnsNames: [...new Set([host, kanidm.domain])],
        issuerRef: {
          group: 'cert-manager.io',
          kind: certificate.issuerKind,
          name: certificate.issuer,
        },
      },
    });
  }
  if (ingress) {
    // The controller ends TLS with the same certificate and speaks TLS to the server, which has no other port.
    new KubeIngress(chart, 'ingress', {
      metadata: {
        ...metadata,
        annotations: {
          'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS',
          ...ingress.annotations,
          ...noSubstitution,
        },
      },
      spec: {
        ingressClassName: ingress.className,
        tls: [{ hosts: [host], secretName }],
        rules: [
          {
            host,
            http: {
              paths: [
                { path: '/', pathType: 'Prefix', backend: { service: { name: 'kanidm', port: { name: 'https' } } } },
              ],
            },
          },
        ],
      },
    });
  }
  if (gateway) {
    new ApiObject(chart, 'route', {
      apiVersion: 'gateway.networking.k8s.io/v1alpha2',
      kind: 'TLSRoute',
      metadata,
      spec: {
        parentRefs: [gateway],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: 'kanidm', port: 443 }] }],
      },
    });
  }
}
