import { join } from 'node:path';
import {
  isClassDeclaration,
  isConstructorDeclaration,
  isInterfaceDeclaration,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isThrowStatement,
  isTypeAliasDeclaration,
  isTypeReferenceNode,
  type Node,
} from 'typescript/unstable/ast';
import { API, ModifierFlags, type Project, type Symbol as Sym, SymbolFlags } from 'typescript/unstable/sync';

/** A docstring. */
export interface Doc {
  readonly text: string;
  readonly params: readonly string[];
  readonly throws: readonly string[];
  readonly see: readonly string[];
  readonly byDefault?: string;
}

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly doc: Doc;
}

/** An export of the library, or a type that an export refers to. */
export interface Entry {
  readonly name: string;
  readonly kind: 'class' | 'function' | 'type';
  readonly isExported: boolean;
  readonly doc: Doc;
  /** The declaration of a function, or the definition of a type. */
  readonly code?: string;
  readonly members: readonly Member[];
}

export interface ApiInput {
  /** The folder of `tsconfig.json` and of the library. */
  readonly root: string;
  /** The file with the exports, relative to the root. */
  readonly index: string;
}

const library: ApiInput = { root: join(__dirname, '..'), index: 'lib/index.ts' };

/**
 * Reads what a library exports, and what has no docstring. It uses the API of the compiler, because typedoc does not
 * support TypeScript 7.
 */
export function apiEntries({ root, index }: ApiInput = library): { entries: Entry[]; problems: string[] } {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] }).getProjects();
    const file = project?.program.getSourceFile(join(root, index));
    const module = file && project?.checker.getSymbolAtLocation(file);
    if (!project || !module) throw new Error(`${index} exports nothing`);
    return new ApiReader(project, root).read(module);
  } finally {
    api.close();
  }
}

class ApiReader {
  private readonly entries = new Map<number, Entry>();
  private readonly problems: string[] = [];
  private readonly referred: Sym[] = [];

  constructor(
    private readonly project: Project,
    private readonly root: string,
  ) {}

  read(module: Sym): { entries: Entry[]; problems: string[] } {
    const exported = this.project.checker.getExportsOfModule(module).map((symbol) => this.original(symbol));
    for (const symbol of exported) this.add(symbol, true);
    for (let symbol = this.referred.pop(); symbol; symbol = this.referred.pop()) this.add(symbol, false);
    const byName = (a: Entry, b: Entry) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);
    return { entries: [...this.entries.values()].sort(byName), problems: this.problems };
  }

  private original(symbol: Sym): Sym {
    return symbol.flags & SymbolFlags.Alias ? this.project.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Returns the declaration of a symbol, if it is in the library itself. */
  private declarationOf(symbol: Sym): Node | undefined {
    const node = symbol.declarations[0]?.resolve(this.project);
    const file = node?.getSourceFile().fileName ?? '';
    return file.startsWith(`${this.root}/lib/`) ? node : undefined;
  }

  private add(symbol: Sym, isExported: boolean): void {
    const node = this.declarationOf(symbol);
    if (!node || this.entries.has(symbol.id) || (!isExported && !this.isListed(symbol, node))) return;
    const { name } = symbol;
    const doc = this.docOf(symbol, name);
    const entry = { name, isExported, doc, members: [] };
    // The entry is added before the shape of the type is read, so that a type which refers to itself is read only once.
    this.entries.set(symbol.id, { ...entry, kind: 'type' });
    this.entries.set(symbol.id, { ...entry, ...this.shapeOf(symbol, node, isExported) });
  }

  /** Whether a type is listed although it is not exported. The types of the config are in docs/config.md. */
  private isListed({ flags }: Sym, node: Node): boolean {
    if (node.getSourceFile().fileName.startsWith(`${this.root}/lib/config/`)) return false;
    return (flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias)) !== 0;
  }

  private shapeOf(symbol: Sym, node: Node, isExported: boolean): Pick<Entry, 'kind' | 'code' | 'members'> {
    const { checker } = this.project;
    const { name } = symbol;
    const owner = isExported ? name : undefined;
    if (isClassDeclaration(node)) {
      const ofClass = node.members.find(isConstructorDeclaration);
      const parameters = (ofClass?.parameters ?? []).map((parameter) => {
        this.refer(parameter.type);
        return `${parameter.name.getText().startsWith('{') ? 'props' : parameter.name.getText()}: ${parameter.type?.getText()}`;
      });
      this.checkThrows(symbol, ofClass, owner);
      const members = [
        ...symbol.getExports().values(),
        ...checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)),
      ];
      const code = ofClass && { code: `new ${name}(${parameters.join(', ')})` };
      return { kind: 'class', ...code, members: this.membersOf(members, owner) };
    }
    if (isInterfaceDeclaration(node)) {
      const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
      return { kind: 'type', members: this.membersOf(members, owner) };
    }
    if (isTypeAliasDeclaration(node)) {
      this.refer(node.type);
      return { kind: 'type', code: `type ${name} = ${undented(node.type.getText())}`, members: [] };
    }
    this.refer(node);
    this.checkThrows(symbol, node, owner);
    const type = checker.getTypeOfSymbol(symbol);
    return {
      kind: 'function',
      code: `const ${name}: ${type ? checker.typeToString(type, node, noTruncation) : ''}`,
      members: [],
    };
  }

  private membersOf(symbols: readonly Sym[], owner: string | undefined): Member[] {
    const declared = symbols.map((symbol) => ({ symbol, node: this.declarationOf(symbol) }));
    return inSourceOrder(declared).flatMap(({ symbol, node }): Member[] => {
      const flags = node && 'modifierFlags' in node ? Number(node.modifierFlags) : 0;
      if (!node || flags & notListed || symbol.name === 'prototype') return [];
      const path = owner === undefined ? undefined : `${owner}.${symbol.name}`;
      const doc = this.docOf(symbol, path);
      this.checkThrows(symbol, node, path);
      this.refer(node);
      return [
        {
          name: symbol.name,
          type: this.typeOf(symbol, node),
          isOptional: (symbol.flags & SymbolFlags.Optional) !== 0,
          doc,
        },
      ];
    });
  }

  private typeOf(symbol: Sym, node: Node): string {
    const written = isPropertySignatureDeclaration(node) || isPropertyDeclaration(node) ? node.type : undefined;
    if (written) return written.getText();
    const type = this.project.checker.getTypeOfSymbol(symbol);
    return type ? this.project.checker.typeToString(type, node, noTruncation) : '';
  }

  /** Adds the types of the library that a declaration refers to, except in the bodies of functions. */
  private refer(node: Node | undefined): void {
    if (!node) return;
    if (isTypeReferenceNode(node)) {
      const symbol = this.project.checker.getSymbolAtLocation(node.typeName);
      if (symbol) this.referred.push(this.original(symbol));
    }
    const body = 'body' in node ? node.body : undefined;
    node.forEachChild((child) => (child === body ? undefined : this.refer(child)));
  }

  /**
   * Returns the docstring of a symbol.
   * @param path the path of an export or of a member of one, which must have a docstring
   */
  private docOf(symbol: Sym, path: string | undefined): Doc {
    const { checker } = this.project;
    const tags = symbol.getJsDocTags(checker);
    const texts = (name: string) => tags.flatMap((tag) => (tag.name === name ? [tag.text ?? ''] : []));
    const text = symbol.getDocumentationComment(checker).replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
    const [byDefault] = texts('default');
    if (path !== undefined && text === '' && byDefault === undefined) this.problems.push(`${path} has no docstring`);
    return {
      text,
      params: texts('param'),
      throws: texts('throws'),
      see: texts('see'),
      ...(byDefault === undefined ? {} : { byDefault }),
    };
  }

  /** Checks that the docstring of a function which itself throws an error has `@throws`. */
  private checkThrows(symbol: Sym, node: Node | undefined, path: string | undefined): void {
    if (path === undefined || !node || !throwsItself(node)) return;
    const names = symbol.getJsDocTags(this.project.checker).map(({ name }) => name);
    if (!names.includes('throws')) this.problems.push(`${path} throws an error, and its docstring has no @throws`);
  }
}

const noTruncation = 1;

/** Members that are not listed. cdk8s documents the members that are overridden. */
const notListed = ModifierFlags.Private | ModifierFlags.Protected | ModifierFlags.Override;

function throwsItself(node: Node): boolean {
  let thrown = isThrowStatement(node);
  node.forEachChild((child) => {
    thrown ||= throwsItself(child);
  });
  return thrown;
}

const undented = (text: string): string => text.replaceAll(/\n {2}/g, '\n');

/** Sorts the members of each type as in the source. The order that TypeScript returns depends on what it read before. */
function inSourceOrder<T extends { readonly node: Node | undefined }>(members: readonly T[]): T[] {
  const parentOf = ({ node }: T) => (node ? `${node.getSourceFile().fileName}:${node.parent.pos}` : '');
  const parents = [...new Set(members.map(parentOf))];
  const at = (member: T) => parents.indexOf(parentOf(member));
  return [...members].sort((a, b) => at(a) - at(b) || (a.node?.pos ?? 0) - (b.node?.pos ?? 0));
}
