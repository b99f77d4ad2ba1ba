import { oidcFlags } from './api-server-issuers';

/** An element of a list: `"--oidc-client-id=x",`. */
const element =
  /(?<=[[(,]\s*)(["'`])((?:--)?(?:kube-apiserver-arg=)?(?:oidc-[a-z-]+|authentication-config)=[^"'`\n]*)\1(?=\s*[,\])])/g;

/** A pair of a name and a value: `"oidc-client-id" = "x"`, with a literal or an expression as its value. */
const pair =
  /(?:^|[\s{,])(["']?)(oidc-[a-z-]+|authentication-config)\1\s*(?::|=>?)\s*(?:(["'`])([^"'`\n]*)\3|([\w.]+))/g;

/**
 * Returns the arguments of kube-apiserver in the source of a program, such as Terraform, Nix, TypeScript or Python:
 * the elements of lists, and pairs of a name and a value. An expression becomes `${EXPRESSION}`, since only the program
 * knows its value. Empty for other texts, and for the arguments of kubelogin.
 */
export function sourceArguments(text: string): string[] {
  if (/oidc[-_]login|kubelogin/.test(text)) return [];
  const code = text.replace(/^\s*(?:#|\/\/).*$/gm, '');
  const elements = [...code.matchAll(element)].map(([, , word = '']) => (word.startsWith('--') ? word : `--${word}`));
  const pairs = [...code.matchAll(pair)].flatMap(([, , name = '', , literal, expression]) => {
    if (!Object.hasOwn(oidcFlags, name) && name !== 'authentication-config') return [];
    return [`--${name}=${literal ?? `\${${expression}}`}`];
  });
  return [...elements, ...pairs];
}
