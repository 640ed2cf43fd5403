export interface ReadText {
  text: string;
  /** What the stream failed with before its end, or before there was enough of it. */
  failure?: unknown;
}

/** A character that a cut went through is left out; what is no UTF-8, and NUL, which PostgreSQL does not store, becomes U+FFFD. */
const decode = (bytes: Uint8Array, isCut: boolean): string =>
  new TextDecoder().decode(bytes, { stream: isCut }).replaceAll('\0', '\uFFFD');

/** Reads the beginning of a stream as text and gives up the rest. */
export const readAtMost = async (
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<ReadText> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const textSoFar = (): string =>
    decode(Buffer.concat(chunks).subarray(0, maxBytes), length > maxBytes);
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
    return { text: textSoFar() };
  } catch (failure) {
    return { text: textSoFar(), failure };
  }
};
