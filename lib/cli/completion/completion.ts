import { bashCompletion } from './bash';
import { fishCompletion } from './fish';
import { commandTree, type Shell } from './tree';
import { zshCompletion } from './zsh';

export { shellOf, shells } from './tree';

/** The script that teaches a shell the commands, options and values of this version. */
export async function completion(shell: Shell): Promise<string> {
  const tree = await commandTree();
  switch (shell) {
    case 'bash':
      return bashCompletion(tree);
    case 'zsh':
      return zshCompletion(tree);
    case 'fish':
      return fishCompletion(tree);
  }
}
