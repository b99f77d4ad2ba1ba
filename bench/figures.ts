import type { Commands, Graph } from './commands';
import type { Spelling } from './input';
import type { Sample } from './measure';

export interface Growth {
  readonly clusters: number;
  readonly grants: number;
  readonly objects: number;
  readonly spelling: Spelling;
  /** Whether Kaniflux reports a warning about the config. */
  readonly hasWarning: boolean;
  readonly first: readonly Sample[];
  readonly second: readonly Sample[];
  readonly one: readonly Sample[];
}

export interface StartUp {
  /** The version of Node, without `v`. */
  readonly version: string;
  readonly samples: Readonly<Record<'node' | 'version' | 'help' | 'synth' | 'first', readonly Sample[]>>;
}

export interface Figures {
  readonly startUp: readonly StartUp[];
  /** Whether the output was written to a file system in memory. */
  readonly inMemory: boolean;
  readonly beside: readonly {
    readonly objects: number;
    readonly samples: Readonly<Record<string, readonly Sample[]>>;
  }[];
  readonly growth: readonly Growth[];
  readonly commands: readonly Commands[];
  readonly graphs: readonly Graph[];
}
