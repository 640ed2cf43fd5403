import { PDFDocument, StandardFonts, breakTextIntoLines, type PDFFont } from '@cantoo/pdf-lib';

/** Points, 1/72 of an inch. */
const page = { width: 595, height: 842 };
const margin = 56;

export interface Column {
  text: string;
  /** Points from the left margin. */
  at: number;
  /** Points; longer text goes on below. */
  width: number;
}

/**
 * A document that is written from top to bottom, on as many A4 pages as it takes. The standard fonts have Latin letters
 * only; any other is shown as a question mark.
 */
export interface PdfSheet {
  heading: (text: string) => void;
  /** One row of texts side by side. */
  row: (columns: readonly Column[], style?: { bold?: boolean }) => void;
  /** Points of empty space. */
  space: (height: number) => void;
  toBytes: () => Promise<Uint8Array>;
}

/** Breaks at spaces, and inside a word only where it is wider than the column. */
const linesOf = (text: string, width: number, widthOf: (text: string) => number): string[] =>
  breakTextIntoLines(text, [' '], width, widthOf).flatMap((line) =>
    widthOf(line) <= width ? [line] : breakTextIntoLines(line, [''], width, widthOf),
  );

export const createPdfSheet = async ({
  title,
  created,
}: {
  title: string;
  created: Date;
}): Promise<PdfSheet> => {
  const document = await PDFDocument.create();
  document.setTitle(title);
  document.setCreationDate(created);
  document.setModificationDate(created);
  const plain = await document.embedFont(StandardFonts.Helvetica);
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  let current = document.addPage([page.width, page.height]);
  let y = page.height - margin;

  const makeRoom = (height: number): void => {
    if (y - height >= margin) return;
    current = document.addPage([page.width, page.height]);
    y = page.height - margin;
  };

  const write = (columns: readonly Column[], font: PDFFont, size: number): void => {
    const lineHeight = size * 1.4;
    const cells = columns.map(({ text, at, width }) => ({
      at,
      lines: linesOf(text, width, (part) => font.widthOfTextAtSize(part, size)),
    }));
    const height = Math.max(1, ...cells.map(({ lines }) => lines.length)) * lineHeight;
    makeRoom(Math.min(height, page.height - 2 * margin));
    for (const { at, lines } of cells) {
      lines.forEach((line, index) => {
        const below = (index + 1) * lineHeight;
        current.drawText(line, { font, size, x: margin + at, y: y - below });
      });
    }
    y -= height;
  };

  return {
    heading: (text) => write([{ text, at: 0, width: page.width - 2 * margin }], bold, 22),
    row: (columns, style = {}) => write(columns, style.bold === true ? bold : plain, 10),
    space: (height) => {
      y -= height;
    },
    toBytes: () => document.save(),
  };
};
