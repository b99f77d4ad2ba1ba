import type { Explanation } from '../explanation';

/**
 * The host of Kanidm in an error of nginx. The field `referrer` does not count: it often names Kanidm even if the
 * request goes to another server.
 */
const host = String.raw`(?:server: |upstream: "|host: ")[^,"]{0,200}(?:kanidm|idm\.)`;
/** The paths that only Kanidm has. oauth2-proxy has other paths below /oauth2/. */
const ownPath = String.raw`\/(?:oauth2\/openid\/|ui\/oauth2)`;
const toKanidm = `(?:${host}|request: "[A-Z]{3,7} ${ownPath})`;
/** Paths of Kanidm that other servers have too. */
const path = String.raw`(?:\/(?:oauth2\/(?:openid\/|authorise|token)|ui\/(?:oauth2|login))[^" ]{0,500}|\/v1\/auth(?:\?[^" ]{0,500})?) HTTP\/[\d.]{1,3}"`;
const perhapsToKanidm = `(?:${host}|request: "[A-Z]{3,7} ${path})`;

/** Messages of the ingress controller in front of Kanidm: ingress-nginx, Traefik and Envoy Gateway. */
export const ingressAnswers: readonly Explanation[] = [
  {
    id: 'ingress-plain-http',
    title: 'The ingress sends HTTP requests to Kanidm',
    of: 'the ingress controller',
    relayed: ['an application', 'the browser', 'other'],
    pattern: new RegExp(
      `(?:upstream prematurely closed connection|upstream sent invalid|Connection reset by peer\\) while reading)(?!.{0,800}upstream: "https:).{0,400}${toKanidm}`,
    ),
    means: 'Kanidm serves only HTTPS, but the ingress sends HTTP requests to it.',
    fix: 'With ingress-nginx write the annotation `nginx.ingress.kubernetes.io/backend-protocol: "HTTPS"`; with Traefik, use a ServersTransport and `scheme: https`. Or let the ingress pass TLS through, so that Kanidm itself terminates TLS.',
    see: 'Run `kubectl -n kanidm get ingress -o yaml`.',
    example: [
      '2026/05/01 10:00:00 [error] 31#31: *42 upstream prematurely closed connection while reading response header from upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0", upstream: "http://10.244.0.9:8443/"',
    ],
  },
  {
    id: 'http-on-https-port',
    title: 'HTTP requests reach an HTTPS port of nginx',
    of: 'the ingress controller',
    relayed: ['an application', 'the browser', 'other'],
    // Kanidm does not write this message: it closes the connection if a request has no TLS.
    pattern: /[Tt]he plain HTTP request was sent to HTTPS port/,
    means:
      'An nginx, usually that of the ingress, got a request without TLS on its HTTPS port, from a client or from a proxy or load balancer in front of it.',
    fix: 'Write https:// in the address. If a proxy or load balancer in front of nginx sent the request, make it pass TLS through, or connect to nginx with HTTPS.',
    see: 'Run `curl -v https://<host>/status`, outside the cluster and in a pod.',
    example: ['400 Bad Request The plain HTTP request was sent to HTTPS port'],
  },
  {
    id: 'ingress-no-endpoint',
    title: 'The ingress finds no pod of Kanidm',
    of: 'the ingress controller',
    pattern:
      /Service "(?<service>[^"]{0,60}kanidm[^"]{0,60})" does not have any active Endpoint|(?:Error obtaining Endpoints for Service|service) "(?<other>[^"]{0,60}kanidm[^"]{0,60})".{0,80}(?:no object matching key|not found)|no live upstreams while connecting to upstream.{0,300}kanidm/,
    means: ({ service = '', other = '' }) =>
      `The ingress finds no pod behind the Service${service || other ? ` ${service || other}` : ''}: Kanidm is not ready, and every request gets 503.`,
    fix: 'Check the pod of Kanidm, and the names of the Service and the port in the Ingress.',
    see: 'Run `kubectl -n kanidm get pods,endpointslices`.',
    example: [
      'W0501 10:00:00.000000       7 controller.go:1232] Service "kanidm/kanidm" does not have any active Endpoint.',
    ],
  },
  {
    id: 'ingress-certificate',
    title: 'The ingress has no certificate for Kanidm',
    of: 'the ingress controller',
    pattern:
      /(?:Error getting SSL certificate|local SSL certificate|Unexpected error validating SSL certificate) "?(?<secret>[\w./-]{0,60}(?:kanidm|idm|sso)[\w./-]{0,60})"?/,
    means: ({ secret = '' }) =>
      `The ingress does not find the certificate ${secret} and serves its default certificate. The API server and kubelogin refuse that certificate with an x509 error.`,
    fix: 'Check the Certificate of cert-manager (`kubectl get certificate -A`) and the name of the TLS secret.',
    see: 'Run `openssl s_client -connect <host>:443 -servername <host> </dev/null | openssl x509 -noout -issuer -subject`.',
    example: [
      'W0501 10:00:00.000000       7 controller.go:1481] Error getting SSL certificate "kanidm/idm-tls": local SSL certificate kanidm/idm-tls was not found. Using default certificate',
    ],
  },
  {
    id: 'ingress-upstream',
    title: 'The ingress does not reach Kanidm',
    of: 'the ingress controller',
    relayed: ['an application', 'other'],
    pattern: new RegExp(
      [
        String.raw`connect\(\) (?:to \S{1,60} )?failed \((?<refused>[^)]{1,80})\) while connecting to upstream.{0,400}${perhapsToKanidm}`,
        `(?<certificate>upstream SSL certificate (?:verify error|does not match)[^,]{0,100}).{0,400}${perhapsToKanidm}`,
        `(?:SSL_do_handshake\\(\\) failed \\(|upstream timed out \\()(?<broken>.{1,200}?)\\) while (?:SSL handshaking to|connecting to|(?<reading>reading response header from)) upstream.{0,400}${perhapsToKanidm}`,
        "(?:'?50[02] (?:Internal Server Error|Bad Gateway)'?(?: caused by: |: )(?<traefik>(?:tls: |x509: |dial tcp ).{1,200}))",
        String.raw`"(?:GET|POST) ${path} (?<status>50[0234])\b`,
        // The access log of Envoy Gateway, whose fields are sorted.
        String.raw`"response_code": ?"?(?<envoy>50[0234])\b.{0,2000}"x-envoy-origin-path": ?"${ownPath}`,
      ].join('|'),
    ),
    shared: {
      sure: new RegExp(`${toKanidm}|"(?:GET|POST) ${ownPath}|"[^"]{0,60}kanidm|"x-envoy-origin-path": ?"${ownPath}`),
      tell: 'the request went to Kanidm, and not to another server behind the ingress',
      wordsOnly: true,
    },
    means: ({ refused = '', certificate = '', status = '', envoy = '', broken = '', reading = '', traefik = '' }) =>
      certificate !== '' || /x509/.test(traefik)
        ? `The ingress does not accept the certificate of Kanidm: “${certificate || traefik.replace(/"$/, '')}”.`
        : traefik !== ''
          ? `The ingress does not reach Kanidm: “${traefik.replace(/"$/, '')}”. Nobody can sign in.`
          : status + envoy === '500'
            ? 'Kanidm, or the ingress in front of Kanidm, answered with the status 500, because it has an internal error.'
            : reading !== ''
              ? `The ingress reached Kanidm, but Kanidm did not answer a request in time: “${broken}”.`
              : `The ingress does not reach Kanidm${status + envoy === '' ? `: “${refused || broken}”` : ` and answers ${status || envoy}`}. Nobody can sign in.`,
    fix: ({ certificate = '', traefik = '', status = '', envoy = '', reading = '' }) =>
      /x509/.test(traefik)
        ? 'Traefik connects to the address of the pod, which is not in the certificate. Write a ServersTransport with the name in the certificate (`serverName`) and the CA of Kanidm (`rootCAs`), and name it in the annotation `traefik.ingress.kubernetes.io/service.serverstransport` of the Service. `insecureSkipVerify: true` also works if the connection stays inside the cluster.'
        : certificate !== ''
          ? 'Give the ingress the CA of Kanidm (`proxy-ssl-secret`) and the name in its certificate (`proxy-ssl-name`), or turn off the check of the certificate in the ingress (`proxy-ssl-verify: "off"`) if the connection stays inside the cluster.'
          : `${status + envoy === '500' || reading !== '' ? 'Read the log of Kanidm from the time of this line. ' : ''}Check that the pod of Kanidm is ready, and that its Service has endpoints with the port of \`bindaddress\`. Check also that the ingress connects to Kanidm with HTTPS. With Traefik, the ServersTransport also needs the name in the certificate of Kanidm (\`serverName\`) or \`insecureSkipVerify: true\`.`,
    see: 'Run `kubectl -n kanidm get pods,endpointslices`, and read the log of the ingress controller.',
    example: [
      '2026/05/01 10:00:00 [error] 31#31: *42 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0", upstream: "https://10.244.0.9:8443/", host: "idm.example.com"',
      `2026-10-04T10:00:00Z ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: cannot validate certificate for 10.42.0.18 because it doesn't contain any IP SANs"`,
      '192.0.2.3 - - [01/May/2026:10:00:00 +0000] "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0" 502 11 "-" "-" 42 "kanidm@kubernetes" "https://10.42.0.12:8443" 2ms',
    ],
    consequenceOf: ['ingress-no-endpoint', 'kanidm-start'],
  },
];
