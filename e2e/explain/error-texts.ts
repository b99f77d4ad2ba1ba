import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { goModule } from '../parts/go';
import versions from '../parts/versions.json';

/** The error texts in the source of a program, without duplicates and in their order, by module and file. */
export type ErrorTexts = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const literal = /"((?:[^"\\]|\\.)*)"|`([^`]*)`/;
const errors = new RegExp(
  String.raw`(?:fmt\.Errorf|errors\.New|klog\.Errorf|klog\.ErrorS\(err,|resultError)\(?\s*(?:fmt\.Sprintf\()?\s*(?:${literal.source})`,
  'g',
);
const reasons = /reason = fmt\.Sprintf\("((?:[^"\\]|\\.)*)"/g;
const formats = /ErrFmt\s*=\s*"((?:[^"\\]|\\.)*)"/g;
const kinds: Readonly<Record<string, string>> = {
  Invalid: 'Invalid value',
  Required: 'Required value',
  Forbidden: 'Forbidden',
  Duplicate: 'Duplicate value',
  NotSupported: 'Unsupported value',
  TooMany: 'Too many',
};

/**
 * Returns the texts of the errors that a Go file creates. The texts of `field.Invalid` and similar functions begin with
 * their kind.
 */
export function errorTextsOf(source: string): string[] {
  const texts = [...source.matchAll(errors)].map(([, quoted, raw]) => raw ?? unquoted(quoted ?? ''));
  const made = [...source.matchAll(reasons), ...source.matchAll(formats)].map(([, text]) => unquoted(text ?? ''));
  const fields = [...source.matchAll(/field\.(Invalid|Required|Forbidden|Duplicate|NotSupported|TooMany)\(/g)].map(
    (match) => {
      const call = callFrom(source, match.index + match[0].length);
      const last = [...call.matchAll(/"((?:[^"\\]|\\.)*)"/g)].at(-1)?.[1] ?? '';
      return `${kinds[match[1] ?? '']}: ${/\s/.test(last) ? unquoted(last) : ''}`.replace(/: $/, '');
    },
  );
  return [...new Set([...texts, ...made, ...fields])].filter((text) => text !== '').sort();
}

/** Returns the text in the parentheses of a call. */
function callFrom(source: string, start: number): string {
  let depth = 1;
  let at = start;
  for (; at < source.length && depth > 0; at++) {
    if (source[at] === '(') depth++;
    else if (source[at] === ')') depth--;
  }
  return source.slice(start, at - 1);
}

const unquoted = (text: string) => text.replace(/\\(["\\])/g, '$1').replaceAll('\\n', '\n');

/** Returns all Go files below a folder that are not tests. */
function goFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return goFiles(path);
    return name.endsWith('.go') && !name.endsWith('_test.go') ? [path] : [];
  });
}

/** The files that are read, from the two Kubernetes versions that the other tests run. */
const apiServerFiles = [
  'plugin/pkg/authenticator/token/oidc/oidc.go',
  'pkg/apis/apiserver/validation/validation.go',
  'pkg/authentication/cel/compile.go',
];

/** Reads the sources from their Go modules. */
export async function errorTexts(): Promise<ErrorTexts> {
  const found: Record<string, Record<string, string[]>> = {};
  const add = (module: string, dir: string, files: readonly string[]) => {
    found[module] = Object.fromEntries(
      files
        .map((file): [string, string[]] => [
          file,
          errorTextsOf(upToAuthorization(readFileSync(join(dir, file), 'utf8'))),
        ])
        .filter(([, texts]) => texts.length > 0),
    );
  };
  for (const version of [versions.parts['kubernetes-1.34'], versions.parts['kubernetes-1.37']]) {
    const apiserver = await goModule('k8s.io/apiserver', version.replace(/^v1\./, 'v0.'));
    add(`k8s.io/apiserver ${apiserver.version}`, apiserver.dir, apiServerFiles);
    const oidc = /^\s*github\.com\/coreos\/go-oidc (\S+)/m.exec(readFileSync(apiserver.goMod, 'utf8'))?.[1] ?? '';
    const library = await goModule('github.com/coreos/go-oidc', oidc);
    add(`github.com/coreos/go-oidc ${library.version}`, library.dir, ['verify.go', 'jwks.go', 'oidc.go']);
    const kubernetes = await goModule('k8s.io/kubernetes', version);
    add(`k8s.io/kubernetes ${version}`, kubernetes.dir, ['pkg/kubeapiserver/options/authentication.go']);
    const client = await goModule('k8s.io/client-go', apiserver.version);
    add(`k8s.io/client-go ${client.version}`, client.dir, ['plugin/pkg/client/auth/exec/exec.go']);
  }
  const kubelogin = await goModule('github.com/int128/kubelogin', versions.parts.kubelogin);
  const folder = join(kubelogin.dir, 'pkg');
  add(
    `github.com/int128/kubelogin ${kubelogin.version}`,
    kubelogin.dir,
    goFiles(folder)
      .filter((path) => !/\/(?:testing|mocks?)\b|mock/.test(path))
      .map((path) => path.slice(kubelogin.dir.length + 1))
      .sort(),
  );
  return found;
}

/** The second half of validation.go is about the AuthorizationConfiguration. */
const upToAuthorization = (source: string): string => source.split('\n// ValidateAuthorizationConfiguration ')[0] ?? '';
