import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';

/** A program that answers each line of JSON on its standard input with an array on its standard output. */
export class LineProgram {
  private readonly waiting: { resolve(answer: readonly unknown[]): void; reject(error: Error): void }[] = [];
  private readonly child: ChildProcess;
  private readonly input: Writable;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.input = this.child.stdin as Writable;
    this.input.on('error', () => {}); // its end rejects
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => {
      const answer: unknown = JSON.parse(line);
      const next = this.waiting.shift();
      if (Array.isArray(answer)) next?.resolve(answer);
      else next?.reject(new Error(`${command}: ${line}`));
    });
    const ended = (why: string) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`${command} ended: ${why}`));
    };
    this.child.on('error', ({ message }) => ended(message)).on('close', (code) => ended(`exit code ${code}`));
  }

  /** Returns the answers for a value. Rejects if the program has none. */
  ask(value: unknown): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.input.write(`${JSON.stringify(value)}\n`);
    });
  }

  close(): void {
    this.input.end();
  }
}
