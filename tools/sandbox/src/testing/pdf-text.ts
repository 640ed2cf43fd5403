import { inflateSync } from 'node:zlib';

const streams = /stream\r?\n([\s\S]*?)\r?\nendstream/g;

const inflated = (stream: string): string => {
  try {
    return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
  } catch {
    return stream;
  }
};

/** The texts that a PDF shows, in the order in which it draws them. Reads simple fonts with a Latin encoding. */
export const pdfTexts = (bytes: Uint8Array): string[] => {
  const document = Buffer.from(bytes).toString('latin1');
  if (!document.startsWith('%PDF-')) throw new Error('This is no PDF');
  const contents = [...document.matchAll(streams)].map(([, stream = '']) => inflated(stream));
  return contents.flatMap((content) =>
    [...content.matchAll(/<([0-9A-Fa-f]*)>\s*Tj/g)].map(([, hex = '']) =>
      Buffer.from(hex, 'hex').toString('latin1'),
    ),
  );
};
