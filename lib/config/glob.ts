/**
 * Returns a function that tells whether a path matches a glob. It uses no regular expression, because V8 can take
 * minutes to match a long name against a regular expression with a dozen stars. It follows all possible positions in
 * the glob at once, so the time is at most the length of the glob times that of the path.
 *
 * `*` and `?` match within a name, `[a-z]` matches one of several characters, `{a,b}` matches one of several texts, and
 * `**` matches any number of folders. A name that begins with a dot matches only if the glob has the dot. After a
 * backslash, a character has no special meaning.
 * @returns `undefined` if the braces stand for more than {@link mostAlternatives} globs
 */
export function globMatcher(glob: string): ((path: string) => boolean) | undefined {
  const globs = alternatives(glob);
  if (!globs) return undefined;
  const matchers = globs.map((one) => one.split('/').map((name) => (name === '**' ? 'folders' : steps(name))));
  return (path) => matchers.some((segments) => matches(segments, path.split('/')));
}

export const mostAlternatives = 1000;

/**
 * Returns the folder that contains all matches of a glob: its folder names before the first name with a special
 * character.
 */
export function baseOf(glob: string): string {
  const names = glob.split('/').slice(0, -1);
  const first = names.findIndex((name) => /[*?[{\\]/.test(name));
  return (first === -1 ? names : names.slice(0, first)).join('/');
}

/** A function matches one character of a name. `any` matches any number of characters. */
type Step = 'any' | ((character: string) => boolean);
type Segment = 'folders' | readonly Step[];

function matches(segments: readonly Segment[], names: readonly string[]): boolean {
  return follow(names, segments.length, {
    repeats: (at) => segments[at] === 'folders',
    takes(at, name) {
      const segment = segments[at] ?? [];
      return segment === 'folders' ? !name.startsWith('.') : matchesName(segment, name);
    },
  });
}

function matchesName(all: readonly Step[], name: string): boolean {
  const [first] = all;
  if (name.startsWith('.') && (typeof first !== 'function' || !first('.') || first('a'))) return false;
  return follow([...name], all.length, {
    repeats: (at) => all[at] === 'any',
    takes(at, character) {
      const step = all[at];
      return typeof step === 'function' ? step(character) : step === 'any';
    },
  });
}

/** What each position of a pattern matches. */
interface Pattern<Item> {
  /** Whether the position matches any number of items, including none. */
  repeats(at: number): boolean;
  takes(at: number, item: Item): boolean;
}

/**
 * Whether a pattern matches all items, from its first position to its end. Follows the set of all positions that the
 * items can lead to.
 */
function follow<Item>(items: readonly Item[], end: number, { repeats, takes }: Pattern<Item>): boolean {
  const passed = (open: Set<number>) => {
    for (const at of open) if (repeats(at)) open.add(at + 1);
    return open;
  };
  let open = passed(new Set([0]));
  for (const item of items) {
    const next = [...open].filter((at) => at < end && takes(at, item)).map((at) => (repeats(at) ? at : at + 1));
    open = passed(new Set(next));
  }
  return open.has(end);
}

/**
 * Returns the steps for one name of a glob, which stands between two slashes: one for each character, `*`, `?` or
 * `[…]`.
 */
function steps(name: string): Step[] {
  const characters = [...name];
  const all: Step[] = [];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    const close = character === '[' ? characters.indexOf(']', i + (negates(characters[i + 1]) ? 3 : 2)) : -1;
    if (character === '*') {
      if (all.at(-1) !== 'any') all.push('any');
    } else if (character === '?') all.push(() => true);
    else if (close !== -1) {
      all.push(oneOf(characters.slice(i + 1, close)));
      i = close;
    } else {
      const plain = character === '\\' && i + 1 < characters.length ? characters[++i] : character;
      all.push((other) => other === plain);
    }
  }
  return all;
}

const negates = (character: string | undefined): boolean => character === '!' || character === '^';

function oneOf(characters: readonly string[]): (character: string) => boolean {
  const isNegated = negates(characters[0]);
  const inside = isNegated ? characters.slice(1) : characters;
  return (character) => {
    const isInside = inside.some((from, i) => {
      const to = inside[i + 1] === '-' ? inside[i + 2] : undefined;
      return to === undefined ? from === character : from <= character && character <= to;
    });
    return isInside !== isNegated;
  };
}

/** Returns all globs that the braces stand for; `undefined` if there are too many. */
function alternatives(glob: string): string[] | undefined {
  let globs = [glob];
  // The innermost braces first.
  while (globs.some((one) => innermost.test(one))) {
    globs = globs.flatMap((one) => {
      const { index, 0: all, 1: inside } = innermost.exec(one) ?? { index: 0, 0: '', 1: '' };
      return (inside ?? '').split(',').map((choice) => one.slice(0, index) + choice + one.slice(index + all.length));
    });
    if (globs.length > mostAlternatives) return undefined;
  }
  return globs;
}

/** Braces with alternatives, without a backslash before the opening brace. */
const innermost = /(?<=(?:^|[^\\])(?:\\\\)*)\{([^{},]*(?:,[^{},]*)+)\}/;
