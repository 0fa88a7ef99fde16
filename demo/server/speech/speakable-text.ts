// Flite reads ASCII and garbles the rest, so everything that has a plain spelling gets it and what has none is left out.

const SPELLINGS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '. ',
  '–': ', ',
  '—': ', ',
  '&': ' and ',
  '%': ' percent',
  '€': ' euros ',
  '£': ' pounds ',
  '°': ' degrees ',
  '×': ' times ',
};

/** What Flite should say for a text: plain ASCII on one line, numbers and punctuation kept; '' when no letter or digit is left. */
export function speakableText(text: string): string {
  const plain = text
    .replace(/(?<=\d)\s*[–—-]\s*(?=\d)/gu, ' to ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]|[&%]/gu, (character) => SPELLINGS[character] ?? ' ')
    .replace(/[*_`#<>{}[\]|\\~^]/g, ' ')
    .replace(/\s+([,.;:!?])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return /[a-z0-9]/i.test(plain) ? plain : '';
}
