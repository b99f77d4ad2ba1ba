import { type Unread, unreadName } from '../existing/manifests';
import type { Statement } from './statement';

/** The files and objects that were skipped on each side of a review, by the path below their folder. */
export interface UnreadOnBoth {
  readonly before: ReadonlyMap<string, Unread>;
  readonly after: ReadonlyMap<string, Unread>;
}

/**
 * Returns a statement for each skipped file or object that changed. The rest of the diff says nothing about the access
 * that such a file or object gives.
 */
export const unreadStatements = ({ before, after }: UnreadOnBoth): Statement[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((path): Statement[] => {
    const [was, is] = [before.get(path), after.get(path)];
    const one = is ?? was;
    if (!one || was?.content === is?.content) return [];
    return [
      {
        part: 'access',
        level: is ? 'medium' : 'none',
        change: is ? 'changed' : 'removed',
        say: () =>
          is
            ? `${unreadName(one)} is left out of this review, so the access that it gives is not known: ${one.reason}`
            : `${unreadName(one)}, as it was before this change, is left out of this review, so the access that it gave is not known: ${one.reason}`,
        clusters: [],
        details: [],
        isUnknown: true,
      },
    ];
  });
