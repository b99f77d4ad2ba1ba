import { printable } from './printable';

/**
 * Pairs of a letter and the Latin letter that it looks like. This is a part of the table of Unicode, for scripts in
 * which names are written: Cyrillic, Greek, Armenian, and phonetic letters.
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

/** Returns the plain Latin letter that a letter looks like. Full-width and mathematical letters are converted too. */
const plain = (letter: string): string =>
  latin.get(letter) ?? latin.get(letter.normalize('NFKC')) ?? letter.normalize('NFKC');

/** Invisible characters. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Returns a map of the names in a text that look like other names. The key is the name in the text. The value is the
 * other name, such as `view` for `vi\u0435w`; `undefined` if it is unknown which letter a character looks like.
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
