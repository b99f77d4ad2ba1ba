import { commandHelp, programHelp } from '../lib/cli/help';
import { commandTree } from './command-tree';

/** Returns the page of all commands, from the help that the program prints. */
export async function commandReference(): Promise<string> {
  const tree = await commandTree();
  return [
    '# The commands',
    '',
    'Made from the program by `npm run generate`; each section is what `kaniflux help COMMAND` prints.',
    '',
    fenced(programHelp()),
    ...tree.flatMap(({ command, summary }) => [
      `## kaniflux ${command.name}`,
      '',
      `${summary}.`,
      '',
      fenced(commandHelp(command)),
    ]),
  ].join('\n');
}

const fenced = (text: string) => `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
