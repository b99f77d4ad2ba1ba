const issuers = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

/** The values that Go reads as true. https://pkg.go.dev/strconv#ParseBool */
const isTrue = (value: string | undefined) => /^(1|t|T|true|True|TRUE)$/.test(value ?? '');

/**
 * Returns the annotation of an Ingress because of which cert-manager creates a Certificate for the Secret of the
 * Ingress; `undefined` if there is none.
 * @see https://github.com/cert-manager/cert-manager/blob/v1.19.1/pkg/controller/certificate-shim/sync.go
 */
export const certificateAnnotation = (annotations: Readonly<Record<string, string>> = {}): string | undefined =>
  issuers.find((name) => Object.hasOwn(annotations, name)) ??
  ['kubernetes.io/tls-acme'].find((name) => isTrue(annotations[name]));
