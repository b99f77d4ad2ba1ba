import { firstLineOf } from '../../guards';
import type { Observation } from './observation';

/** A question to the live system. It is asked once for each system and key, however many checks need its answer. */
export class Question<T> {
  private readonly answers = new WeakMap<object, Map<string, Promise<Observation<T>>>>();

  /** Calls a function once for a key. An error that it throws becomes the reason of the observation. */
  ask(system: object, key: string, ask: () => Promise<T> | T): Promise<Observation<T>> {
    const answers = this.answers.get(system) ?? new Map<string, Promise<Observation<T>>>();
    this.answers.set(system, answers);
    const answer = answers.get(key) ?? observe(ask);
    answers.set(key, answer);
    return answer;
  }
}

async function observe<T>(ask: () => Promise<T> | T): Promise<Observation<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { reason: firstLineOf(error) };
  }
}
