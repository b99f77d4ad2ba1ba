import { printable } from './printable';

/**
 * Letters that look like Latin letters, with these letters. A part of the table of Unicode, for the scripts that names
 * are written
 * in: Cyrillic, Greek, Armenian and phonetic letters.
 * https://www.unicode.org/Public/security/latest/confusables.txt
 */
const pairs = [
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwӏlкkгrѵvАAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXԌGԚQԜW',
  'αaιiκkνvοoρpτtυuχxγyηnσoωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX',
  'օoսuհhոnցgզqյjլlաwҽeսuՕOՍUՏS',
  'ɑaɡgɩiʋvʏyɴnᴄcᴏoᴜuᴠvᴡwᴢzʀrʟlɪiıi',
];

const latin = new Map(
  pairs.flatMap((text) => text.match(/../gu) ?? []).map(([letter = '', like = '']) => [letter, like]),
);

/** Returns a letter as the plain Latin one that it looks like: also full-width and mathematical letters. */
const plain = (letter: string): string =>
  latin.get(letter) ?? latin.get(letter.normalize('NFKC')) ?? letter.normalize('NFKC');

/** Invisible characters. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Returns the names in a text that look like other names, each with the name that it looks like: `vi\u0435w` and
 * `view`. The other name is `undefined` if a letter has no known twin.
 */
export function lookAlikes(text: string): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const name of text.match(/[\p{L}\p{M}\p{N}\p{Cf}\p{Default_Ignorable_Code_Point}@._:/-]+/gu) ?? []) {
    const bare = name.replace(/^[._:/-]+|[._:/-]+$/g, '');
    if (printable(bare) === bare) continue;
    const like = [...bare.replace(invisible, '')].map(plain).join('');
    found.set(bare, /^[\x21-\x7e]+$/.test(like) ? like : undefined);
  }
  return found;
}
