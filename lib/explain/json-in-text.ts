import { isMap, type Json } from '../guards';

/** Returns the outermost JSON objects in a text. Other text may stand before, between and after the objects. */
export function objectsIn(text: string): Json[] {
  const found: Json[] = [];
  let [start, depth] = [0, 0];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (quoted) {
      if (one === '\\') at++;
      else if (one === '"') quoted = false;
    } else if (one === '"') quoted = depth > 0;
    else if (one === '{') {
      if (depth === 0) start = at;
      depth++;
    } else if (one === '}' && depth > 0) {
      depth--;
      const value = depth === 0 ? parsed(text.slice(start, at + 1)) : undefined;
      if (isMap(value)) found.push(value);
    }
  }
  return found;
}

/** Returns the value of a JSON text, or `undefined` if it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
