import type { MessageEntity } from 'grammy/types';
import { badRequest } from '../api/errors.ts';

export interface FormattedText {
  text: string;
  entities: MessageEntity[];
}

type PlainType =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'spoiler'
  | 'code'
  | 'pre'
  | 'blockquote';

const plainTypes: Readonly<Record<string, PlainType>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
};

const supported = new Set([...Object.keys(plainTypes), 'a', 'tg-emoji', 'tg-time']);

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

const character = (code: number): string => (code > 0x10ffff ? '' : String.fromCodePoint(code));

const decoded = (text: string): string =>
  text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot));/gi,
    (_whole: string, code?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? '';
      return character(hex === undefined ? Number(code) : Number.parseInt(hex, 16));
    },
  );

interface OpenTag {
  name: string;
  /** In UTF-16 units of the text without tags. */
  offset: number;
  href: string;
}

const entityOf = ({ name, offset, href }: OpenTag, text: string): MessageEntity[] => {
  const length = text.length - offset;
  if (length === 0) return [];
  const type = plainTypes[name];
  if (type !== undefined) return [{ type, offset, length }];
  if (name !== 'a') return [];
  const url = href === '' ? text.slice(offset) : href;
  return URL.canParse(url) ? [{ type: 'text_link', offset, length, url }] : [];
};

const failure = (reason: string) => badRequest(`can't parse entities: ${reason}`);

/**
 * Text of `parse_mode` HTML, with its tags as entities.
 * @throws TelegramError for tags that the Bot API does not know or that do not match. Source: tdlib, MessageEntity.cpp
 */
export const parseHtml = (html: string): FormattedText => {
  const entities: MessageEntity[] = [];
  const open: OpenTag[] = [];
  let text = '';
  let position = 0;
  const bytesBefore = (index: number): number => Buffer.byteLength(html.slice(0, index));

  for (const tag of html.matchAll(
    /<(?<end>\/?)(?<name>[a-z\d-]*)(?<attributes>[^>]*)(?<close>>?)/gi,
  )) {
    const { end = '', name: given = '', attributes = '', close = '' } = tag.groups ?? {};
    const name = given.toLowerCase();
    text += decoded(html.slice(position, tag.index));
    position = tag.index + tag[0].length;
    if (close === '') throw failure(`Unclosed start tag at byte offset ${bytesBefore(tag.index)}`);
    if (end === '') {
      if (!supported.has(name)) {
        throw failure(`Unsupported start tag "${name}" at byte offset ${bytesBefore(tag.index)}`);
      }
      const href = /\bhref\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/i.exec(
        attributes,
      )?.groups;
      open.push({
        name,
        offset: text.length,
        href: decoded(href?.['double'] ?? href?.['single'] ?? ''),
      });
      continue;
    }
    const last = open.pop();
    if (last === undefined) {
      throw failure(`Unexpected end tag at byte offset ${bytesBefore(tag.index)}`);
    }
    if (name !== '' && name !== last.name) {
      throw failure(
        `Unmatched end tag at byte offset ${bytesBefore(tag.index)}, expected "</${last.name}>", found "</${name}>"`,
      );
    }
    entities.push(...entityOf(last, text));
  }
  text += decoded(html.slice(position));
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    throw failure(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  }
  return {
    text,
    entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length),
  };
};
