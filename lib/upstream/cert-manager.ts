const issuers = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

/** The values that Go reads as true. https://pkg.go.dev/strconv#ParseBool */
const isTrue = (value: string | undefined) => /^(1|t|T|true|True|TRUE)$/.test(value ?? '');

/**
 * Returns the annotation of an Ingress because of which cert-manager creates a second Certificate for the Secret of a
 * Certificate; `undefined` if there is none. cert-manager gives the second one the name of the Secret. If a Certificate
 * that the Ingress does not own has this name, cert-manager creates none.
 * @see https://github.com/cert-manager/cert-manager/blob/v1.19.1/pkg/controller/certificate-shim/sync.go
 */
export const secondCertificate = (
  { name, secretName }: { readonly name: string; readonly secretName: string },
  annotations: Readonly<Record<string, string>> = {},
): string | undefined =>
  name === secretName
    ? undefined
    : (issuers.find((issuer) => Object.hasOwn(annotations, issuer)) ??
      ['kubernetes.io/tls-acme'].find((acme) => isTrue(annotations[acme])));
