import { badRequest } from '../api/errors.ts';

const reserved = new Set('>#+-=|{}.!');

/**
 * Refuses MarkdownV2 with a reserved character that is not escaped; inside code and links they need not be. Otherwise the
 * text is left as it is. Source of the refusal: tdlib, MessageEntity.cpp.
 */
export const checkMarkdownV2 = (text: string): void => {
  const plain = text
    .replaceAll(/\\[\s\S]/g, '')
    .replaceAll(/```[\s\S]*?```|`[^`]*`/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll('||', '')
    .replaceAll('![', '[')
    .replaceAll(/^(?:\*\*)?>/gm, '');
  for (const character of plain) {
    if (!reserved.has(character)) continue;
    throw badRequest(
      `can't parse entities: Character '${character}' is reserved and must be escaped with the preceding '\\'`,
    );
  }
};
