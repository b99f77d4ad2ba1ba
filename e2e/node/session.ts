import type { Machine } from './machine';

export interface Typed {
  /** The current folder of the person. @default '/root/repository' */
  readonly cwd?: string;
  /** Other folders for some blocks, by a text. A block that contains the text is typed in the folder. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/**
 * Types blocks of commands into one shell, like a person who follows a page as root on the node.
 * @throws CommandOnMachineFailed if a command fails, except a `diff` that shows a difference
 */
export function typed(machine: Machine, blocks: readonly string[], options: Typed = {}): Promise<string> {
  const { cwd = '/root/repository', elsewhere = {} } = options;
  const lines = blocks.flatMap((block) => {
    const [, folder = cwd] = Object.entries(elsewhere).find(([text]) => block.includes(text)) ?? [];
    return [`cd ${folder}`, block.replaceAll(/^diff .*$/gm, '$& || [ $? = 1 ]')];
  });
  return machine.run(['set -e', ...lines].join('\n'));
}
